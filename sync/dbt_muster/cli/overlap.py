"""`muster overlap`: how many members audiences share."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbt_muster.cli.audiences import find_audiences, read_specs
from dbt_muster.cli.looking import profiles_option, target_option, warehouse_site
from dbt_muster.cli.options import output_option, project_option
from dbt_muster.errors import UsageError

if TYPE_CHECKING:
    from dbt_muster.seeing import Overlap


@click.command("overlap")
@click.argument("names", nargs=-1, metavar="[AUDIENCE]...")
@profiles_option
@target_option
@project_option
@output_option
def command(
    names: tuple[str, ...], profiles_dir: Path | None, target: str | None, project_dir: Path, output: str
) -> None:
    """Show how many members audiences share, as their tables were last built.

    Each row is an audience: its size, and how many of its members are in the audience of each column too,
    with their share of the row. Without names, all audiences that are switched on. A matrix wider than
    the terminal is shown as a list of pairs.

    \b
    Examples:
      muster overlap
      muster overlap vip win_back churn_risk
      muster overlap --output json

    Exit codes: 0 done, 1 the warehouse said no, 2 a mistake in the specs or the call.
    """
    from dbt_muster.seeing import Clock, overlaps

    project = read_specs(project_dir, output)
    chosen = find_audiences(project, names) or [each for each in project.audiences.values() if each.enabled]
    off = [audience.name for audience in chosen if not audience.enabled]
    if off:
        raise UsageError(f"The audience {off[0]} is switched off (`enabled: false`), so it has no table.")
    if not chosen:
        raise UsageError("There are no audiences: write one under audience_specs/audiences.")
    with warehouse_site(project_dir, profiles_dir, target, Clock.at(None)) as site:
        for audience in chosen:
            site.source("ref", audience.name)
        found = overlaps(chosen, site.source("ref", "muster_memberships"), site)
    if output == "json":
        click.echo(json.dumps({"overlaps": [each.to_dict() for each in found]}, indent=2))
    elif sys.stdout.isatty():
        _show_tables(found)
    else:
        click.echo("\n\n".join(_as_text(each) for each in found))


def _show_tables(found: Sequence[Overlap]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()

    def table_of(heading: Sequence[str], *rows: Sequence[str]) -> Table:
        table = Table()
        for index, title in enumerate(heading):
            table.add_column(title, justify="left" if index == 0 else "right", no_wrap=True)
        for row in rows:
            table.add_row(*row)
        return table

    for overlap in found:
        matrix = table_of(*overlap.rows())
        wide = console.measure(matrix, options=console.options.update(width=10_000)).maximum
        console.print(matrix if wide <= console.width else table_of(*overlap.pairs()))


def _as_text(overlap: Overlap) -> str:
    rows = list(overlap.rows())
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if index else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
