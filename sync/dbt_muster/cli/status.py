"""`muster status`: how deliveries stand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbt_muster.cli.alerting import alert_of_status
from dbt_muster.cli.lengths import length
from dbt_muster.cli.looking import profiles_option, target_option
from dbt_muster.cli.options import output_option, project_option

if TYPE_CHECKING:
    from dbt_muster.delivery.status import PairStatus
    from dbt_muster.specs.meaning import Project

_FAILED = 1
_BLOCKED = 3


@click.command("status")
@click.option(
    "--max-age",
    type=length,
    metavar="LENGTH",
    help="Leave with exit code 1 where nothing has gone through for longer than that, such as 24h.",
)
@click.option("--alert", is_flag=True, help="Send the alerts of destinations that there is a reason for.")
@profiles_option
@target_option
@project_option
@output_option
def command(
    max_age: timedelta | None,
    alert: bool,
    profiles_dir: Path | None,
    target: str | None,
    project_dir: Path,
    output: str,
) -> None:
    """Show the last run of every audience at every destination.

    Of each run: how it ended and when, how many members the audience had, how many of their identifiers could
    not be sent, how many changes were planned, sent and accepted, and how many people the platform matched,
    where it tells. Reads the ledger in the warehouse;
    sends and writes nothing, and needs no secret of a destination.

    \b
    Examples:
      muster status
      muster status --max-age 24h        for a monitor
      muster status --alert              every hour: tells of what is stale
      muster status --output json

    Exit codes: 0 all went through, 1 the last run of something failed, or something is stale (with
    --max-age), 2 a mistake in the specs or the call, 3 a guard said no.
    """
    from dbt_muster.cli.audiences import read_specs
    from dbt_muster.delivery.ledger import now
    from dbt_muster.delivery.status import read_status
    from dbt_muster.render import Renderer
    from dbt_muster.warehouse import Warehouse, load_profile

    project = read_specs(project_dir, output)
    profile = load_profile(project_dir.resolve(), profiles_dir=profiles_dir, target=target)
    at = now()
    with Warehouse(profile) as warehouse:
        statuses = read_status(warehouse, Renderer(warehouse.dialect), _wanted(project), at)
    if alert:
        alert_of_status(project, statuses, at)
    code = _exit_code(statuses, max_age, at)
    printed = (
        _as_json(statuses, max_age, at, code)
        if output == "json"
        else _as_text(project, statuses, max_age, at)
    )
    click.echo(printed)
    raise SystemExit(code)


def _wanted(project: Project) -> list[tuple[str, str]]:
    return [
        (audience.name, sync.destination)
        for audience in project.audiences.values()
        if audience.enabled
        for sync in audience.syncs
    ]


def _exit_code(statuses: Sequence[PairStatus], max_age: timedelta | None, at: datetime) -> int:
    if any(each.failed or each.is_stale(max_age, at) for each in statuses):
        return _FAILED
    return _BLOCKED if any(each.in_specs and each.status == "blocked" for each in statuses) else 0


def _as_json(statuses: Sequence[PairStatus], max_age: timedelta | None, at: datetime, code: int) -> str:
    pairs = [{**each.to_dict(), "stale": each.is_stale(max_age, at)} for each in statuses]
    return json.dumps({"exit_code": code, "pairs": pairs}, indent=2, ensure_ascii=False)


_NUMBERS = ("members", "quarantined", "planned", "sent", "accepted", "rejected", "matched")


def _as_text(
    project: Project, statuses: Sequence[PairStatus], max_age: timedelta | None, at: datetime
) -> str:
    from dbt_muster.delivery.guards import in_words

    if not statuses:
        return "No enabled audience has a `sync:`, and nothing was ever delivered."
    rows = [["audience", "destination", "last run", *_NUMBERS, "status"]]
    notes = []
    for each in statuses:
        numbers = [_number(getattr(each, name)) for name in _NUMBERS]
        when = "never" if each.at is None else f"{in_words(at - each.at)} ago"
        rows.append([each.audience, each.destination, when, *numbers, each.status])
        if each.reason:
            notes.append(f"{each.name}: {each.reason}")
        if each.status == "interrupted" and each.in_specs:
            notes.append(f"{each.name}: the run died, and the next sync settles it")
        if each.is_stale(max_age, at):
            notes.append(f"{each.name}: stale: {each.silence(at)}")
        if not each.in_specs:
            notes.append(f"{each.name}: {_absence(project, each)}")
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return "\n".join([*(_line(row, widths) for row in rows), *notes])


def _absence(project: Project, status: PairStatus) -> str:
    audience = project.audiences.get(status.audience)
    if audience is None or audience.enabled:
        return "no longer in the specs"
    return "the audience is disabled in the specs (`enabled: false`), so nothing of it is touched"


def _number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    last = len(row) - 1
    cells = [
        cell.rjust(width) if 2 < index < last else cell.ljust(width)
        for index, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
