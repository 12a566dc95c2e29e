"""`muster sync`: what changed in the audiences, to their destinations."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbt_muster.cli.options import output_option, project_option

if TYPE_CHECKING:
    from dbt_muster.delivery import Engine, Pair, PairReport
    from dbt_muster.delivery.guards import Finding

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
@click.option(
    "--anew", is_flag=True, help="Send everything again, whatever destinations have acknowledged."
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
      muster sync --output json

    Exit codes: 0 done, 1 something failed, 2 a mistake in the specs or the call, 3 a guard said no.
    """
    from dbt_muster.delivery import exit_code

    if override is not None and not override.strip():
        raise click.UsageError("--override needs a reason: it is kept with the run.")
    reports = _reports(project_dir, profiles_dir, target, selectors, dry_run, override, anew, output)
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
    output: str,
) -> list[PairReport]:
    from dbt_muster import specs
    from dbt_muster.delivery import Circumstances, Engine, needed_models, select_pairs
    from dbt_muster.render import Renderer
    from dbt_muster.warehouse import Manifest, Upstream, Warehouse, load_profile

    root = project_dir.resolve()
    project = specs.load(project_dir)
    pairs = select_pairs(project, selectors, root=root)
    if not pairs:
        return []
    profile = load_profile(root, profiles_dir=profiles_dir, target=target)
    manifest = Manifest.load(profile.target_path)
    for pair in pairs:
        for model in (*pair.models.values(), *needed_models(pair)):
            manifest.relation(model)
    circumstances = Circumstances(Upstream.load(manifest), project.entities)
    with Warehouse(profile) as warehouse, _Progress(visible=output == "text") as progress:
        engine = Engine(
            warehouse, Renderer(warehouse.dialect), manifest.relation, progress.show, circumstances
        )
        return [_one(engine, pair, dry_run, override, anew) for pair in pairs]


def _one(engine: Engine, pair: Pair, dry_run: bool, override: str | None, anew: bool) -> PairReport:
    if dry_run:
        return engine.plan(pair, override=override)
    return engine.sync(pair, override=override, anew=anew)


class _Progress:
    """A bar in a terminal, nothing elsewhere."""

    def __init__(self, *, visible: bool) -> None:
        self._visible = visible and sys.stderr.isatty()
        self._update: Callable[[Pair, int, int], None] = lambda _pair, _sent, _total: None
        self._close: Callable[[], None] = lambda: None

    def __enter__(self) -> _Progress:
        if self._visible:
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def show(self, pair: Pair, sent: int, total: int) -> None:
        """Move the bar of a pair."""
        self._update(pair, sent, total)

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        tasks = {}

        def update(pair: Pair, sent: int, total: int) -> None:
            if pair.name not in tasks:
                tasks[pair.name] = bar.add_task(pair.name, total=total)
            bar.update(tasks[pair.name], completed=sent)

        bar.start()
        self._update, self._close = update, bar.stop


def _as_json(reports: Sequence[PairReport], dry_run: bool) -> str:
    from dbt_muster.delivery import exit_code

    pairs = [report.to_dict() for report in reports]
    return json.dumps({"dry_run": dry_run, "exit_code": exit_code(list(reports)), "pairs": pairs}, indent=2)


_COLUMNS = (
    "members",
    "withheld",
    "unmatchable",
    "adds",
    "changes",
    "removes",
    "sent",
    "acknowledged",
    "rejected",
)


def _as_text(reports: Sequence[PairReport], dry_run: bool) -> str:
    if not reports:
        return "No enabled audience has a `sync:`, so there is nothing to deliver."
    rows = [["audience", "destination", *_COLUMNS, "status"]]
    for report in reports:
        numbers = [f"{getattr(report, column):,}" for column in _COLUMNS]
        rows.append([report.audience, report.destination, *numbers, report.status])
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    lines = [_line(row, widths) for row in rows]
    lines += [
        f"{report.audience}:{report.destination}: {report.reason}" for report in reports if report.reason
    ]
    if dry_run:
        lines += [_guard_line(report, finding) for report in reports for finding in report.guards]
    return "\n".join(lines)


def _guard_line(report: PairReport, finding: Finding) -> str:
    verdict = "objects" if finding.objects else "lets it through"
    return (
        f"{report.audience}:{report.destination}: guard {finding.guard} {verdict} "
        f"({finding.found}; {finding.limit})"
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Names to the left, numbers to the right."""
    last = len(row) - 1
    cells = [
        cell.rjust(width) if 1 < index < last else cell.ljust(width)
        for index, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
