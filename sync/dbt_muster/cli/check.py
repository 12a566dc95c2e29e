"""`muster check`: findings in specs that are valid, and in the SQL that they become."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbt_muster.cli import portability
from dbt_muster.cli.checked import FORMS, Checked
from dbt_muster.cli.options import project_option
from dbt_muster.cli.selection import selected
from dbt_muster.collecting import collect_seldom
from dbt_muster.destinations.checking import check_destinations
from dbt_muster.errors import UsageError
from dbt_muster.specs import SpecErrors, load
from dbt_muster.specs.names import nearest

if TYPE_CHECKING:
    from dbt_muster.specs.meaning import Project

_FAILED = 1


@click.command("check")
@click.argument("names", nargs=-1, metavar="[AUDIENCE]...")
@click.option(
    "--output",
    type=click.Choice(list(FORMS)),
    default="text",
    help=(
        "What to print: text for people, json for machines, github for annotations in a pull request, "
        "sarif for code scanning."
    ),
)
@click.option(
    "--dialects",
    metavar="NAMES",
    help="Judge the SQL too, for these warehouses: `all`, or names with commas between them.",
)
@click.option(
    "--select",
    "selectors",
    multiple=True,
    metavar="NAMES",
    help=(
        "Only these, with commas between them: audiences, tag:name, and dbt models of your own. May be given "
        "several times."
    ),
)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="NAME",
    help="Judge this dbt model of your own too, by its compiled SQL. May be given several times.",
)
@click.option(
    "--cache-dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="MUSTER_CACHE_DIR",
    help="Where --dialects keeps what it found out, by default dbt's target folder.",
)
@project_option
def command(
    names: tuple[str, ...],
    output: str,
    dialects: str | None,
    selectors: tuple[str, ...],
    models: tuple[str, ...],
    cache_dir: Path | None,
    project_dir: Path,
) -> None:
    """Find what specs contradict, repeat or probably do not mean, and whether their SQL is portable.

    Reads the specs alone: no warehouse, no dbt. Each finding has a code with a section in docs/lint.md or
    docs/portability.md, and is an error, a warning or a note. What is meant to be so is accepted in the spec:

    \b
      accept:
        - {finding: missing_counts, because: whoever gave no country is welcome}

    \b
    Examples:
      muster check
      muster check vip win_back
      muster check --output github                     in a workflow of GitHub's
      muster check --dialects snowflake,bigquery
      muster check --dialects all --output sarif       for code scanning
      muster check --select vip,fct_orders             an audience, and a model after `dbt compile`

    With --dialects the models are written for each of these warehouses, read by sqlglot, moved to DuckDB and
    run there on made-up rows, beside what muster writes for DuckDB itself; docs/portability.md says more.

    Exit codes: 0 nothing but notes, 1 a finding of level warning or error, or SQL that fails, 2 a mistake in
    the specs or the call.
    """
    collect_seldom()
    wanted = portability.wanted_dialects(dialects) if dialects else None
    try:
        project = load(project_dir)
        check_destinations(project, project_dir)
    except SpecErrors as errors:
        _leave(errors, output, project_dir)
        raise
    chosen = selected(project, names, selectors, models)
    from dbt_muster.lint import lint

    some = chosen.audiences is None or bool(chosen.audiences)
    checked = Checked(
        project_dir,
        lint(project, chosen.audiences),
        portability.judged(project, chosen.audiences, wanted, project_dir, cache_dir)
        if wanted and some
        else None,
        _own(project, project_dir, chosen.models, wanted) if chosen.models else None,
    )
    click.echo(FORMS[output](checked))
    if checked.fails:
        raise SystemExit(_FAILED)


def _own(
    project: Project, root: Path, models: Sequence[str], wanted: Sequence[str] | None
) -> portability.Own:
    """What there is to say of models; where there is none of a name, an audience may have been meant."""
    try:
        return portability.own_judged(root, models, wanted)
    except UsageError as error:
        hints = [
            f" There is no audience `{name}` either. Did you mean `{near}`?"
            for name in models
            if (near := nearest(name, project.audiences))
        ]
        raise UsageError(f"{error}{''.join(hints)}") from error


def _leave(errors: SpecErrors, output: str, project_dir: Path) -> None:
    """Leave with the mistakes in the form that was asked for; in text they are told as everywhere."""
    from dbt_muster.cli.checked import mistakes

    said = mistakes(errors, output, project_dir)
    if said is not None:
        click.echo(said)
        raise SystemExit(errors.exit_code) from errors
