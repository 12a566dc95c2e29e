"""`muster test`: the tests of audiences, on DuckDB in memory."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbt_muster.cli.options import output_option, project_option
from dbt_muster.specs import SpecErrors, load

if TYPE_CHECKING:
    from dbt_muster.specs.meaning import Project

_FAILED = 1


@click.command("test")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--new",
    "audience",
    metavar="AUDIENCE",
    help="Write the beginnings of a test of an audience, and run nothing.",
)
@click.option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what came of the tests as JUnit XML, too, for a build server.",
)
@project_option
@output_option
def command(
    names: tuple[str, ...], audience: str | None, junit: Path | None, project_dir: Path, output: str
) -> None:
    """Run the tests under audience_specs/tests/: a few rows in, the members out.

    They run on DuckDB in memory, through the macros that dbt runs: without a warehouse, and without dbt. A
    NAME is a test's, or an audience's for all of its tests; without one, all run. Where a test fails, each
    criterion of the audience is shown as true or false for each key that is wrong.

    \b
    Examples:
      muster test
      muster test lapsed_big_spenders
      muster test --junit target/muster.xml          for a build server
      muster test --new vip                          write audience_specs/tests/vip.yml
      muster test --new vip vip_on_a_leap_day        another test of the same audience

    Exit codes: 0 all passed, 1 some failed, 2 a mistake in the specs or the call.
    """
    if audience is not None and (len(names) > 1 or junit):
        raise click.UsageError("--new takes an audience, and one name for the test at most.")
    try:
        project = load(project_dir)
    except SpecErrors as errors:
        if output == "json":
            click.echo(json.dumps(errors.to_dict(), indent=2))
            raise SystemExit(errors.exit_code) from errors
        raise
    if audience is not None:
        _start(project, audience, names[0] if names else None, output)
    elif not _run(project, names, junit, output):
        raise SystemExit(_FAILED)


def _start(project: Project, audience: str, name: str | None, output: str) -> None:
    from dbt_muster.testing.scaffold import scaffold

    file = scaffold(project, audience, name, datetime.now(UTC).date()).as_posix()
    click.echo(json.dumps({"written": [file]}) if output == "json" else f"wrote {file}")


def _run(project: Project, names: tuple[str, ...], junit: Path | None, output: str) -> bool:
    """Whether all tests passed."""
    from dbt_muster.testing import report
    from dbt_muster.testing.junit import write
    from dbt_muster.testing.run import run, select

    outcomes = []
    for outcome in run(project, select(project, names)):
        outcomes.append(outcome)
        if output == "text":
            click.echo("\n".join(report.lines(outcome)))
    if junit is not None:
        write(junit, outcomes)
    if output == "json":
        click.echo(json.dumps(report.to_dict(outcomes), indent=2))
    else:
        click.echo(report.summary(outcomes))
    return all(outcome.passed for outcome in outcomes)
