"""`muster import`: audience definitions of other systems to specs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from dbt_muster.cli.options import output_option
from dbt_muster.errors import UsageError
from dbt_muster.importing import DefinitionError, Imported, Names, read_definition, spec_text
from dbt_muster.importing import mparticle as mparticle_definitions
from dbt_muster.importing import posthog as posthog_cohorts
from dbt_muster.importing.translation import NotTranslatableError
from dbt_muster.specs.names import NAME_EXPECTED, as_name, is_name

_GAPS = 1
_FOLDER = Path("audience_specs/audiences")


@click.group("import")
def command() -> None:
    """Translate an audience of another system to a spec.

    Every part of a definition is translated exactly, or listed with the reason why it cannot be. A definition
    with such parts is not written unless `--partial` asks for it, and then its audience is not enabled.

    \b
    Examples:
      muster import mparticle definition.json --entity customer --events events=app
      muster import posthog cohort.json --entity customer --events events=app --audience 17=vip

    Exit codes: 0 everything is exact, 1 something is not, 2 a mistake in the call or the file.
    """


def _options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of every kind of import."""
    for option in (
        output_option,
        click.option(
            "--partial", is_flag=True, help="Write what is exact all the same, as a disabled audience."
        ),
        click.option(
            "--output-dir",
            type=click.Path(file_okay=False, path_type=Path),
            help=f"Write the spec there, such as {_FOLDER}; without it, it is printed.",
        ),
        click.option(
            "--audience", "audiences", multiple=True, metavar="ID=NAME", help="The audience of an id there."
        ),
        click.option(
            "--events",
            multiple=True,
            metavar="MODEL=SOURCE",
            help="The event source that holds a model's events, of many kinds.",
        ),
        click.option("--name", help="The audience's name; by default that of the file."),
        click.option("--entity", required=True, help="The entity that the audience is of."),
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    ):
        function = option(function)
    return function


@command.command("mparticle")
@_options
@click.option(
    "--at-the-instant",
    is_flag=True,
    help="Read 'after' a point in time as 'at or after' it, and 'until' it as 'before' it.",
)
def mparticle(
    file: Path,
    entity: str,
    name: str | None,
    events: Sequence[str],
    audiences: Sequence[str],
    output_dir: Path | None,
    partial: bool,
    output: str,
    at_the_instant: bool,
) -> None:
    """Translate mParticle's audience definition (schema version 1).

    docs/importing.md says operator by operator what becomes of it.

    \b
    Examples:
      muster import mparticle lapsed.json --entity customer
      muster import mparticle lapsed.json --entity customer --output-dir audience_specs/audiences
    """
    names = Names(entity, _pairs(events, "--events"), _pairs(audiences, "--audience"))
    imported = _translated(
        file,
        lambda definition: mparticle_definitions.translate(definition, names, at_the_instant=at_the_instant),
    )
    _finish(file, name, names, imported, output_dir, partial, output)


@command.command("posthog")
@_options
def posthog(
    file: Path,
    entity: str,
    name: str | None,
    events: Sequence[str],
    audiences: Sequence[str],
    output_dir: Path | None,
    partial: bool,
    output: str,
) -> None:
    """Translate a PostHog cohort, as its API gives it.

    docs/importing.md says operator by operator what becomes of it.

    \b
    Examples:
      muster import posthog cohort.json --entity customer --events events=app
      muster import posthog cohort.json --entity customer --audience 17=vip --output json
    """
    names = Names(entity, _pairs(events, "--events"), _pairs(audiences, "--audience"))
    imported = _translated(file, lambda definition: posthog_cohorts.translate(definition, names))
    _finish(file, name, names, imported, output_dir, partial, output)


def _translated(file: Path, translate: Callable[[object], Imported]) -> Imported:
    try:
        return translate(read_definition(file))
    except NotTranslatableError as error:
        raise DefinitionError(f"{file}: {error.reason}.") from error


def _pairs(given: Sequence[str], option: str) -> dict[str, str]:
    pairs = {}
    for pair in given:
        left, sign, right = pair.rpartition("=")
        if not sign or not left or not is_name(right):
            raise click.UsageError(f"{option} {pair}: expected two names with = between them.")
        pairs[left] = right
    return pairs


def _finish(
    file: Path,
    given: str | None,
    names: Names,
    imported: Imported,
    output_dir: Path | None,
    partial: bool,
    output: str,
) -> None:
    name = given or as_name(file.stem)
    if name is None or not is_name(name):
        raise click.UsageError(
            f"`{given or file.stem}` cannot be an audience's name: expected {NAME_EXPECTED}."
        )
    text = None
    if partial or not imported.gaps:
        text = spec_text(name, names.entity, f"Imported from {file.name}.", imported)
    written = _write(output_dir / f"{name}.yml", text) if output_dir and text else None
    _show(imported, text, written, output)
    if imported.gaps:
        raise SystemExit(_GAPS)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already; remove it, or give another --name.") from error
    return path


def _show(imported: Imported, text: str | None, written: Path | None, output: str) -> None:
    if output == "json":
        report = {
            "exact": not imported.gaps,
            "criteria": imported.criteria,
            "not_translated": [vars(gap) for gap in imported.gaps],
            "read_as": imported.readings,
            "written": str(written) if written else None,
        }
        click.echo(json.dumps(report, indent=2, ensure_ascii=False, default=str))
        return
    if written:
        click.echo(f"wrote {written}")
    elif text:
        click.echo(text, nl=False)
    for gap in imported.gaps:
        click.echo(f"{gap.path}: {gap.reason}\n    {gap.fragment}", err=True)
    if imported.gaps and text is None:
        count = len(imported.gaps)
        click.echo(
            f"{count} {'part' if count == 1 else 'parts'} cannot be said exactly, so no spec was made; "
            "--partial makes one without them, not enabled.",
            err=True,
        )
