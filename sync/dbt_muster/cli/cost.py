"""`muster cost`: what audiences read, what they share, and what dropping one would save."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from dbt_muster.cli.audiences import as_of_option, find_audiences, read_specs
from dbt_muster.cli.options import output_option, project_option
from dbt_muster.errors import UsageError


@click.command("cost")
@click.argument("names", nargs=-1, metavar="[AUDIENCE]...")
@as_of_option
@project_option
@output_option
def command(names: tuple[str, ...], as_of: str | None, project_dir: Path, output: str) -> None:
    """Show what audiences read, what they share, and what dropping one would save.

    Reads the specs and the SQL that they become: no warehouse, no dbt. A scan is one model's reading of one
    source table, and those who need it are charged equal shares of it. Named audiences are shown in full: the
    columns and the time that they read, and with whom they share each feature.

    \b
    Examples:
      muster cost
      muster cost vip win_back --as-of 2026-01-31       with the dates that windows begin at
      muster cost --output json

    Exit codes: 0 done, 2 a mistake in the specs or the call.
    """
    from dbt_muster.cost import costs
    from dbt_muster.cost.report import as_dict, details, table_rows, totals
    from dbt_muster.seeing import Clock

    project = read_specs(project_dir, output)
    chosen = find_audiences(project, names) or [each for each in project.audiences.values() if each.enabled]
    off = [audience.name for audience in chosen if not audience.enabled]
    if off:
        raise UsageError(f"The audience {off[0]} is switched off (`enabled: false`), so it costs nothing.")
    if not chosen:
        raise UsageError("There are no audiences: write one under audience_specs/audiences.")
    found = costs(project, Clock.at(as_of).as_of)
    shown = [audience.name for audience in chosen]
    if output == "json":
        click.echo(json.dumps(as_dict(found, shown), indent=2))
        return
    click.echo(_aligned(list(table_rows(found, shown))))
    click.echo(f"\n{totals(found)}")
    for name in shown if names else ():
        click.echo("\n" + "\n".join(details(found.audiences[name], dated=as_of is not None)))


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; what stands between the first and the last is numbers."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    last = len(widths) - 1
    return "\n".join(
        "  ".join(
            cell.rjust(width) if 0 < index < last else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
