"""`muster preview`: how large an audience would be."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dbt_muster.cli.audiences import as_of_option, find_audience, read_specs
from dbt_muster.cli.looking import profiles_option, target_option, warehouse_site
from dbt_muster.cli.options import output_option, project_option


@click.command("preview")
@click.argument("name", metavar="AUDIENCE")
@click.option(
    "--sample",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="How many keys of members to show; 0 for none.",
)
@as_of_option
@profiles_option
@target_option
@project_option
@output_option
def command(
    name: str,
    sample: int,
    as_of: str | None,
    profiles_dir: Path | None,
    target: str | None,
    project_dir: Path,
    output: str,
) -> None:
    """Show how large an audience would be, and which criterion keeps whom out.

    Asks the warehouse's tables as they are and writes nothing; the audience need not have been built. dbt
    must have parsed the project (`dbt parse` or any run), so that it is known where the tables are.

    \b
    Examples:
      muster preview vip
      muster preview vip --as-of 2026-01-31 --sample 0
      muster preview vip --output json

    Exit codes: 0 done, 1 the warehouse said no, 2 a mistake in the specs or the call.
    """
    from dbt_muster.seeing import Clock, preview

    project = read_specs(project_dir, output)
    audience = find_audience(project, name)
    clock = Clock.at(as_of)
    with warehouse_site(project_dir, profiles_dir, target, clock) as site:
        found = preview(project, audience, site, clock, sample)
    if output == "json":
        click.echo(json.dumps(found.to_dict(), indent=2, default=str))
    else:
        click.echo("\n".join(found.lines()))
