"""When commands send alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dbt_muster.delivery import Pair, PairReport
    from dbt_muster.delivery.status import PairStatus
    from dbt_muster.render import Renderer
    from dbt_muster.specs.meaning import Alert, Project
    from dbt_muster.warehouse import Warehouse


def alerts_of(project: Project) -> dict[str, Sequence[Alert]]:
    """The alerts of each destination that has some."""
    return {name: spec.alerts for name, spec in project.destinations.items() if spec.alerts}


def look_at_addresses(project: Project, pairs: Sequence[Pair]) -> None:
    """Say which alerts of destinations could not be sent, before any is to be; each once."""
    alerts = alerts_of(project)
    wrong: dict[tuple[str, str], list[str]] = {}
    for name in dict.fromkeys(pair.spec.name for pair in pairs if pair.spec.name in alerts):
        from dbt_muster.delivery.alerts import address
        from dbt_muster.errors import MusterError

        for alert in alerts[name]:
            try:
                address(alert.url)
            except MusterError as error:
                wrong.setdefault((alert.type, str(error)), []).append(name)
    for (kind, error_text), names in wrong.items():
        _complain(f"An alert ({kind}, of {', '.join(sorted(set(names)))}) could not be sent: {error_text}")


def alert_of_status(project: Project, statuses: Sequence[PairStatus], at: datetime) -> None:
    """Tell what deliveries' standing gives rise to."""
    if alerts := alerts_of(project):
        from dbt_muster.delivery.alerts import send_alerts

        send_alerts(alerts, statuses, at, _complain)


def alert_of_sync(
    project: Project, reports: Sequence[PairReport], warehouse: Warehouse, renderer: Renderer
) -> None:
    """Tell what a sync gives rise to; its report says what the ledger does not know of."""
    if not alerts_of(project):
        return
    from dbt_muster.delivery.ledger import now
    from dbt_muster.delivery.status import read_status
    from dbt_muster.errors import MusterError

    synced = {(report.audience, report.destination): report for report in reports}
    try:
        known = read_status(warehouse, renderer, synced, now())
    except MusterError as error:
        _complain(f"Sizes and ages for alerts could not be read. {error}")
        known = [_unknown(report) for report in reports]
    statuses = [
        _as_reported(status, synced[status.audience, status.destination])
        for status in known
        if (status.audience, status.destination) in synced
    ]
    alert_of_status(project, statuses, now())


def alert_of_failure(project: Project, pairs: Sequence[Pair], reason: str) -> None:
    """Tell that a sync failed before it reached any audience."""
    from dbt_muster.delivery import PairReport
    from dbt_muster.delivery.ledger import now

    reports = [PairReport(pair.audience.name, pair.spec.name, reason=reason) for pair in pairs]
    alert_of_status(project, [_unknown(report) for report in reports], now())


def _as_reported(status: PairStatus, report: PairReport) -> PairStatus:
    if report.status == "failed" and status.status != "failed":
        return replace(status, status="failed", reason=report.reason)
    return replace(status, reason=report.reason or status.reason)


def _unknown(report: PairReport) -> PairStatus:
    """All that is known where the ledger cannot be read: it may not be stale."""
    from dbt_muster.delivery.ledger import now
    from dbt_muster.delivery.status import PairStatus, Status

    ended: Status = (
        "blocked" if report.status == "blocked" else "applied" if report.status == "applied" else "failed"
    )
    return PairStatus(
        report.audience, report.destination, status=ended, applied_at=now(), reason=report.reason
    )


def _complain(sentence: str) -> None:
    click.echo(sentence, err=True)
