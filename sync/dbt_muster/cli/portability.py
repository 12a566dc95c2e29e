"""How `muster check --dialects` asks about portability, and how it prints what it is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dbt_muster.errors import UsageError
from dbt_muster.render import DIALECTS
from dbt_muster.specs.names import nearest
from dbt_muster.warehouse.profile import target_folder

if TYPE_CHECKING:
    from dbt_muster.portability.findings import Finding
    from dbt_muster.portability.summary import Verdicts
    from dbt_muster.specs.meaning import Project

_MISSING = """\
With --dialects, SQL is proved on DuckDB in memory, and Python's duckdb is not installed here.
Install it beside muster: pip install 'dbt-muster[duckdb]'"""


@dataclass(frozen=True)
class Judged:
    """What is known of each audience in each dialect, and why no more.

    Attributes:
        verdicts: proved, parsed only or fails.
        findings: the failures, and the reasons for what is not proved.
        moves: what sqlglot could not move from one of the warehouses to another; no fault of the audience's.
        others: the same of the package's own models, and of each kind of delivery.
    """

    verdicts: Verdicts
    findings: tuple[Finding, ...]
    moves: tuple[Finding, ...] = ()
    others: Verdicts = field(default_factory=dict)

    @property
    def fails(self) -> bool:
        """Whether SQL fails in a dialect."""
        return any("fails" in found.values() for found in (*self.verdicts.values(), *self.others.values()))

    def to_dict(self) -> dict[str, Any]:
        """The machine form."""
        return {
            "verdicts": {audience: dict(found) for audience, found in self.verdicts.items()},
            "others": {name: dict(found) for name, found in self.others.items()},
            "findings": [plain(finding) for finding in self.findings],
            "moves": [plain(finding) for finding in self.moves],
        }


@dataclass(frozen=True)
class Own:
    """What is known of models of the project's own.

    Attributes:
        findings: what stands against them.
        verdicts: proved, parsed only or fails, by model and warehouse; empty where nobody asked about one.
    """

    findings: tuple[Finding, ...]
    verdicts: Verdicts

    def to_dict(self) -> dict[str, Any]:
        """The machine form."""
        found = {"models": [plain(finding) for finding in self.findings]}
        verdicts = {name: dict(each) for name, each in self.verdicts.items()}
        return {**found, "model_verdicts": verdicts} if verdicts else found


def judged(
    project: Project,
    names: Collection[str] | None,
    wanted: Sequence[str],
    root: Path,
    cache: Path | None = None,
) -> Judged:
    """Judge the audiences of some names, or all of them, in some dialects.

    Args:
        project: the specs.
        names: of audiences; None is all.
        wanted: the dialects.
        root: the project's folder.
        cache: where what is found out is kept; None is dbt's target folder, which can always be removed.

    Raises:
        UsageError: DuckDB is not installed.
    """
    _need_duckdb()
    from rich.console import Console
    from rich.progress import Progress

    from dbt_muster.portability.checking import check
    from dbt_muster.portability.everything import of_audiences, of_project
    from dbt_muster.portability.facts import Facts
    from dbt_muster.portability.lines import remembered
    from dbt_muster.portability.locating import located
    from dbt_muster.portability.summary import other_verdicts, verdicts, worth_showing
    from dbt_muster.portability.written import written_findings

    built = [audience.name for audience in project.audiences.values() if audience.enabled]
    audiences = [name for name in built if names is None or name in names]
    statements, notes = of_project(project, root) if names is None else (of_audiences(project, audiences), [])
    facts = Facts.load(cache or target_folder(root))
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Judging", total=sum(each.judged for each in statements) * len(wanted))
        judgements = check(
            project, statements, wanted, facts=facts, progress=lambda more: bar.advance(task, more)
        )
    names_of = {each.name for each in statements}
    shown = worth_showing(judgements, names_of)
    traced = remembered(facts, root, shown, audiences, lambda: located(project, statements, shown, audiences))
    facts.save()
    findings = [*traced, *notes]
    findings += written_findings(project, audiences, wanted)
    moves = dict.fromkeys(
        finding
        for each in judgements
        for finding in each.findings
        if each.statement in names_of and finding.code == "transpile"
    )
    return Judged(
        verdicts(audiences, statements, judgements),
        tuple(findings),
        tuple(moves),
        other_verdicts(statements, judgements),
    )


def own_judged(root: Path, models: Sequence[str], wanted: Sequence[str] | None) -> Own:
    """What there is to say of dbt models of the project's own, by their compiled SQL.

    Args:
        root: the project's folder.
        models: their names.
        wanted: the warehouses that they may be moved to, besides the one that they were compiled for. None is
            all as far as the rules go, and nothing is moved.

    Raises:
        UsageError: there is no such model, or it has not been compiled; or DuckDB is not installed.
    """
    if wanted is not None:
        _need_duckdb()
    from dbt_muster.portability.own import judge, own_models

    found = {model.name: judge(model, wanted) for model in own_models(root, models, target_folder(root))}
    findings = tuple(finding for each in found.values() for finding in each.findings)
    verdicts = {name: each.verdicts for name, each in found.items()} if wanted is not None else {}
    return Own(findings, verdicts)


def _need_duckdb() -> None:
    if find_spec("duckdb") is None:
        raise UsageError(_MISSING)


def plain(finding: Finding) -> dict[str, Any]:
    """A finding as plain data, its place as file, line and column."""
    at = finding.position
    place = {"file": at.file.as_posix(), "line": at.line, "column": at.column} if at else None
    page = f"docs/portability-codes.md#{finding.code}"
    return {**asdict(replace(finding, position=None)), "position": place, "page": page}


def wanted_dialects(text: str) -> list[str]:
    """The dialects that `--dialects` names.

    Raises:
        UsageError: there is no such dialect, or none is named.
    """
    if text == "all":
        return list(DIALECTS)
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in DIALECTS:
            near = nearest(name, DIALECTS)
            hint = f" Did you mean {near!r}?" if near else ""
            raise click.UsageError(
                f"--dialects {name}: expected `all` or one of {', '.join(DIALECTS)}.{hint}"
            )
    if not names:
        raise click.UsageError(f"--dialects: expected `all` or one of {', '.join(DIALECTS)}.")
    return list(dict.fromkeys(names))
