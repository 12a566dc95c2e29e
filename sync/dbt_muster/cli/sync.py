"""`muster sync`: what changed in the audiences, to their destinations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbt_muster.cli.alerting import alert_of_failure, alert_of_sync, look_at_addresses
from dbt_muster.cli.lengths import length
from dbt_muster.cli.options import output_option, project_option
from dbt_muster.cli.progress import ProgressBars
from dbt_muster.errors import UsageError

if TYPE_CHECKING:
    from dbt_muster.delivery import Engine, Pair, PairReport
    from dbt_muster.delivery.guards import Finding
    from dbt_muster.delivery.watching import Watch
    from dbt_muster.specs.meaning import Project
    from dbt_muster.warehouse import Manifest

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("sync")
@click.option(
    "--select",
    "selectors",
    multiple=True,
    metavar="AUDIENCE[:DESTINATION]",
    help="Only these: an audience, audience:destination or tag:name. May be given several times.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be sent. Sends and writes nothing.")
@click.option(
    "--override", metavar="REASON", help="Send although a guard says no; the reason is kept with the run."
)
@click.option("--anew", is_flag=True, help="Send everything again, whatever destinations have acknowledged.")
@click.option(
    "--wait",
    type=length,
    default="0s",
    metavar="LENGTH",
    help="How long to wait for another sync of the same audience and destination, such as 10m. Default: not.",
)
@click.option(
    "--deadline",
    type=length,
    metavar="LENGTH",
    help="After this long, such as 2h, no further batch is sent; the next sync goes on from there.",
)
@click.option(
    "--log-file",
    envvar="MUSTER_LOG_FILE",
    metavar="PATH",
    help="Write every step there as one JSON object a line; - is standard error. Or MUSTER_LOG_FILE.",
)
@click.option(
    "--profiles-dir", type=_FOLDER, help="Where profiles.yml is, by default where dbt looks for it."
)
@click.option("--target", help="The target of the profile, by default the profile's own.")
@project_option
@output_option
def command(
    selectors: tuple[str, ...],
    dry_run: bool,
    override: str | None,
    anew: bool,
    wait: timedelta,
    deadline: timedelta | None,
    log_file: str | None,
    profiles_dir: Path | None,
    target: str | None,
    project_dir: Path,
    output: str,
) -> None:
    """Deliver what changed in the audiences to their destinations.

    Compares the audiences' tables with what each destination holds and sends the difference. What a
    destination took is written down in the warehouse; a sync that was interrupted is put right by the next
    one.

    \b
    Examples:
      muster sync --dry-run
      muster sync
      muster sync --select lapsed_big_spenders
      muster sync --select lapsed_big_spenders:crm --select tag:retention
      muster sync --override "the new market went live"
      muster sync --select vip:meta --anew
      muster sync --wait 10m --deadline 2h
      muster sync --log-file sync.jsonl --output json

    Exit codes: 0 done, 1 something failed, 2 a mistake in the specs or the call, 3 a guard said no.
    """
    from dbt_muster.cli.audiences import mistakes_as
    from dbt_muster.delivery import exit_code
    from dbt_muster.delivery.event_log import STANDARD_ERROR, EventLog
    from dbt_muster.delivery.tracing import Traces
    from dbt_muster.delivery.watching import Deadline, Event, Watch

    if override is not None and not override.strip():
        raise click.UsageError("--override needs a reason: it is kept with the run.")
    visible = output == "text" and log_file != STANDARD_ERROR
    with EventLog(log_file) as log, Traces() as traces, ProgressBars(visible=visible) as bars:

        def tell(event: Event) -> None:
            log.write(event)
            traces.tell(event)
            bars.show(event)

        watch = Watch(tell, Deadline(deadline), wait)
        with mistakes_as(output):
            reports = _reports(project_dir, profiles_dir, target, selectors, dry_run, override, anew, watch)
    click.echo(_as_json(reports, dry_run) if output == "json" else _as_text(reports, dry_run))
    raise SystemExit(exit_code(reports))


def _reports(
    project_dir: Path,
    profiles_dir: Path | None,
    target: str | None,
    selectors: Sequence[str],
    dry_run: bool,
    override: str | None,
    anew: bool,
    watch: Watch,
) -> list[PairReport]:
    from dbt_muster import specs
    from dbt_muster.delivery import Circumstances, Engine, connected, exit_code, select_pairs
    from dbt_muster.delivery.watching import Event, opened_when_free
    from dbt_muster.render import Renderer
    from dbt_muster.warehouse import Manifest, Upstream, Warehouse, load_profile

    root = project_dir.resolve()
    project = specs.load(project_dir)
    pairs = select_pairs(project, selectors, root=root)
    if not pairs and (selectors or not project.destinations):
        return []
    look_at_addresses(project, pairs)
    profile = load_profile(root, profiles_dir=profiles_dir, target=target)
    manifest = Manifest.load(profile.target_path)
    for pair in pairs:
        _look_for_models(pair, manifest)
    _say_what_is_stale(pairs, manifest)
    circumstances = Circumstances(Upstream.load(manifest), project.entities)
    watch.tell(Event("sync_started", values={"pairs": len(pairs), "dry_run": dry_run}))
    with _told_of(project, pairs, dry_run), opened_when_free(Warehouse(profile), watch) as warehouse:
        renderer = Renderer(warehouse.dialect)
        engine = Engine(warehouse, renderer, manifest.relation, circumstances, watch)
        endings = [] if selectors else engine.endings(project, root=root, beside=pairs)
        with connected((*pairs, *endings)):
            reports = [_one(engine, pair, dry_run, override, anew) for pair in (*pairs, *endings)]
        if not dry_run:
            alert_of_sync(project, reports, warehouse, renderer)
    watch.tell(Event("sync_finished", values={"pairs": len(pairs), "exit_code": exit_code(reports)}))
    return reports


def _look_for_models(pair: Pair, manifest: Manifest) -> None:
    from dbt_muster.delivery import needed_models

    try:
        for model in (*pair.models.values(), *needed_models(pair)):
            manifest.relation(model)
    except UsageError as error:
        raise UsageError(f"{pair.name}: {error}") from None


def _say_what_is_stale(pairs: Sequence[Pair], manifest: Manifest) -> None:
    """Which audiences mean something else by now than their tables, which are delivered all the same."""
    for audience in {pair.audience.name: pair.audience for pair in pairs}.values():
        built = manifest.written.get(audience.name, {}).get("digest")
        if built is not None and built != audience.digest:
            click.echo(
                f"{audience.name}: its spec has changed since dbt last read it, and its members are still "
                "those of before; `dbt run` builds them anew.",
                err=True,
            )


@contextmanager
def _told_of(project: Project, pairs: Sequence[Pair], dry_run: bool) -> Iterator[None]:
    """Alerts of a warehouse that cannot be reached, which no audience's report tells of."""
    from dbt_muster.warehouse import WarehouseError

    try:
        yield
    except WarehouseError as error:
        if not dry_run:
            alert_of_failure(project, pairs, str(error))
        raise


def _one(engine: Engine, pair: Pair, dry_run: bool, override: str | None, anew: bool) -> PairReport:
    if dry_run:
        return engine.plan(pair, override=override, anew=anew)
    return engine.sync(pair, override=override, anew=anew)


def _as_json(reports: Sequence[PairReport], dry_run: bool) -> str:
    from dbt_muster.delivery import exit_code

    pairs = [report.to_dict() for report in reports]
    return json.dumps({"dry_run": dry_run, "exit_code": exit_code(list(reports)), "pairs": pairs}, indent=2)


_PLANNED = ("members", "withheld", "unmatchable", "adds", "changes", "removes")
_DONE = ("sent", "accepted", "rejected")


def _as_text(reports: Sequence[PairReport], dry_run: bool) -> str:
    if not reports:
        return "No enabled audience has a `sync:`, so there is nothing to deliver."
    columns = (*_PLANNED, "planned") if dry_run else (*_PLANNED, *_DONE)
    rows = [["audience", "destination", *columns, "status"]]
    for report in reports:
        numbers = [f"{getattr(report, column):,}" for column in columns]
        rows.append([report.audience, report.destination, *numbers, report.status])
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    lines = [_line(row, widths) for row in rows]
    lines += _resyncs(reports)
    lines += [_resent(report) for report in reports if report.resent and not report.resync]
    lines += [_quarantined(report) for report in reports if report.quarantined]
    lines += [_rejected(report) for report in reports if report.rejected]
    lines += [
        f"{report.audience}:{report.destination}: {report.reason}" for report in reports if report.reason
    ]
    if not dry_run:
        lines += _overridden(reports)
    lines += [_ended(report) for report in reports if report.ending in ("empty", "delete")]
    if dry_run:
        lines += [_guard_line(report, finding) for report in reports for finding in report.guards]
    return "\n".join(lines)


def _ended(report: PairReport) -> str:
    what = "its members are taken out" if report.ending == "empty" else "it is deleted"
    return f"{report.audience}:{report.destination}: no longer in the specs, so {what} there"


def _guard_line(report: PairReport, finding: Finding) -> str:
    verdict = "objects" if finding.objects else "lets it through"
    return (
        f"{report.audience}:{report.destination}: guard {finding.guard} {verdict} "
        f"({finding.found}; {finding.limit})"
    )


def _resyncs(reports: Sequence[PairReport]) -> Iterator[str]:
    """Where everything is sent, a line for each reason."""
    for reason in dict.fromkeys(report.resync for report in reports if report.resync):
        whose = (f"{each.audience}:{each.destination}" for each in reports if each.resync == reason)
        yield f"full resync ({reason}): {', '.join(whose)}"


def _overridden(reports: Sequence[PairReport]) -> Iterator[str]:
    """Which guards were set aside: nothing else of a run that went through would show it."""
    from dbt_muster.delivery.guards import objection

    for report in reports:
        why = objection(report.guards)
        if why and report.status != "blocked":
            yield f"{report.audience}:{report.destination}: sent because of --override, although {why}"


def _resent(report: PairReport) -> str:
    return (
        f"{report.audience}:{report.destination}: {report.resent:,} of the additions may be there already, "
        "and are sent again: an earlier run did not go through, or shared identifiers are removed"
    )


def _rejected(report: PairReport) -> str:
    who = "1 record was" if report.rejected == 1 else f"{report.rejected:,} records were"
    return (
        f"{report.audience}:{report.destination}: {who} refused by the destination; whose and why stands in "
        f"muster_sync_rejects, where run_id is {report.run_id}{_refused_again(report)}"
    )


def _refused_again(report: PairReport) -> str:
    """That removals are refused sync after sync, which no sync will put right."""
    if not report.refused_since:
        return ""
    day, time = report.refused_since[:10], report.refused_since[11:16]
    one = report.refused_before == 1
    removals = "1 of them is a removal" if one else f"{report.refused_before:,} of them are removals"
    who = "that person" if one else "these people"
    return f"; {removals} refused before, first on {day} at {time} UTC: the destination may still have {who}"


def _quarantined(report: PairReport) -> str:
    """How many identifiers could not be sent, by why; whose they are stands in muster_sync_quarantine."""
    codes = ", ".join(f"{count:,} {code}" for code, count in report.quarantined.items())
    total = sum(report.quarantined.values())
    what = "1 identifier is" if total == 1 else f"{total:,} identifiers are"
    return f"{report.audience}:{report.destination}: {what} not sent: {codes}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Names to the left, numbers to the right."""
    last = len(row) - 1
    cells = [
        cell.rjust(width) if 1 < index < last else cell.ljust(width)
        for index, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
