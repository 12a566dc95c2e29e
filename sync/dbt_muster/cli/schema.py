"""`muster schema`: the JSON Schemas of the spec files, for editors."""

from __future__ import annotations

from pathlib import Path

import click

_KINDS = ["alerts", "audience", "destination", "entity", "group", "identity", "test", "trait"]
_STALE = 1


@click.command("schema")
@click.option("--kind", type=click.Choice(_KINDS), help="Print the schema of one kind of spec.")
@click.option(
    "--output-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write every schema into this folder: one for each kind, and spec.json for any of them.",
)
@click.option("--check", is_flag=True, help="Write nothing; leave with exit code 1 when a schema is stale.")
def command(kind: str | None, output_dir: Path | None, check: bool) -> None:
    """Print or write the JSON Schemas of the files under audience_specs/.

    An editor's YAML plug-in completes keys and marks mistakes from them; the schema of any spec is right for
    all of audience_specs/**/*.yml.

    \b
    Examples:
      muster schema > spec.json                      the schema of any spec
      muster schema --kind audience                  of one kind
      muster schema --output-dir docs/schema         all of them, as files
      muster schema --output-dir docs/schema --check

    Exit codes: 0 done, 1 stale (with --check), 2 a mistake in the call.
    """
    from dbt_muster.specs import schema
    from dbt_muster.specs.files import KINDS

    if output_dir is None:
        if check:
            raise click.UsageError("--check compares files, so it needs --output-dir.")
        chosen = next((each for each in KINDS if each == kind), None)
        click.echo(schema.text(chosen), nl=False)
        return
    if kind is not None:
        raise click.UsageError("--output-dir writes every kind; leave --kind out.")
    names = schema.stale(output_dir) if check else schema.write(output_dir)
    for name in names:
        click.echo(f"{'stale: ' if check else 'wrote '}{(output_dir / name).as_posix()}")
    if check and names:
        raise SystemExit(_STALE)
