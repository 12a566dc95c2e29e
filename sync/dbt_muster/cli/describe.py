"""`muster describe`: specs in plain English."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dbt_muster.cli.audiences import as_of_option, find_audiences, read_specs
from dbt_muster.cli.options import output_option, project_option


@click.command("describe")
@click.argument("names", nargs=-1, required=True, metavar="AUDIENCE...")
@as_of_option
@project_option
@output_option
def command(names: tuple[str, ...], as_of: str | None, project_dir: Path, output: str) -> None:
    """Say in plain English what audiences mean, with the dates that their windows come to.

    Reads the specs alone: no warehouse, no dbt.

    \b
    Examples:
      muster describe vip
      muster describe vip win_back --as-of 2026-01-31
      muster describe vip --output json

    Exit codes: 0 done, 2 a mistake in the specs or the call.
    """
    from dbt_muster.seeing import Clock, describe

    project = read_specs(project_dir, output)
    audiences = find_audiences(project, names)
    clock = Clock.at(as_of)
    found = [describe(project, audience, clock) for audience in audiences]
    if output == "json":
        click.echo(json.dumps({"audiences": [each.to_dict() for each in found]}, indent=2))
    else:
        click.echo("\n\n".join("\n".join(each.lines()) for each in found))
