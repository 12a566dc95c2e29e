"""`muster compile`: specs to dbt models."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dbt_muster.cli.options import output_option, project_option
from dbt_muster.destinations.checking import check_destinations
from dbt_muster.plan import Changes, compile_project, stale
from dbt_muster.specs import SpecErrors

_STALE = 1


@click.command("compile")
@click.option("--check", is_flag=True, help="Write nothing; leave with exit code 1 when a file is stale.")
@project_option
@output_option
def command(check: bool, project_dir: Path, output: str) -> None:
    """Write the dbt models of the specs under audience_specs/.

    The same specs always give the same files, byte for byte. Files of specs that are gone are removed; a file
    that muster did not write is never touched.

    \b
    Examples:
      muster compile
      muster compile --check         for CI and pre-commit
      muster compile --output json

    Exit codes: 0 done, 1 stale (with --check), 2 a mistake in the specs.
    """
    try:
        bring = stale if check else compile_project
        changes = bring(project_dir, check_destinations)
    except SpecErrors as errors:
        if output == "json":
            click.echo(json.dumps({"problems": [problem.to_dict() for problem in errors.problems]}, indent=2))
            raise SystemExit(errors.exit_code) from errors
        raise
    _show(changes, check, output)
    if check and changes:
        raise SystemExit(_STALE)


def _show(changes: Changes, check: bool, output: str) -> None:
    if output == "json":
        report = {"written": changes.written, "removed": changes.removed, "unchanged": changes.unchanged}
        if check:
            report = {"stale": [*changes.written, *changes.removed], "unchanged": changes.unchanged}
        click.echo(json.dumps(report, indent=2))
        return
    verbs = ("stale: ", "stale, its spec is gone: ") if check else ("wrote ", "removed ")
    for verb, paths in zip(verbs, (changes.written, changes.removed), strict=True):
        for path in paths:
            click.echo(f"{verb}{path}")
    if check and changes:
        click.echo("Run `muster compile` and commit what it writes.", err=True)
    elif not changes:
        click.echo(f"{changes.unchanged} files are up to date.")
