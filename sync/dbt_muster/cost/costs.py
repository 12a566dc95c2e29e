"""The facts about what a project's audiences cost: what is read, for whom, and over what time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from dbt_muster.cost.graph import Graph, Needs
from dbt_muster.cost.ranges import Range, Ranges
from dbt_muster.cost.savings import Consumer, Ledger, Savings
from dbt_muster.plan import plan
from dbt_muster.plan.identities import identity_stubs
from dbt_muster.plan.stubs import traits_model
from dbt_muster.specs.meaning import Project


@dataclass(frozen=True)
class Scan:
    """A table that a model reads, and that muster does not make.

    Attributes:
        model: the model that reads it.
        source: the dbt model, or the source and its table.
        columns: those that the model's own columns need.
        over: what is read of events; None for a table that is read whole, such as an entity's.
        audiences: who needs it.
    """

    model: str
    source: str
    columns: tuple[str, ...]
    over: Range | None
    audiences: tuple[str, ...]

    @property
    def share(self) -> Fraction:
        """What each of its audiences is charged: all the same; 0 where no audience needs it."""
        return Fraction(1, len(self.audiences)) if self.audiences else Fraction(0)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "model": self.model,
            "source": self.source,
            "columns": list(self.columns),
            "over": None if self.over is None else self.over.to_dict(),
            "audiences": list(self.audiences),
            "share": round(float(self.share), 6),
        }


@dataclass(frozen=True)
class SourceRead:
    """What an audience needs of a source table.

    Attributes:
        source: the dbt model, or the source and its table.
        columns: those that it needs, through whichever models.
        over: for events, the widest of the audience's windows; None for a table that is read whole.
        ids_over_all_time: whether the source has an `id`, so that repeated ids are looked for in all of it.
    """

    source: str
    columns: tuple[str, ...]
    over: Range | None
    ids_over_all_time: bool

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "source": self.source,
            "columns": list(self.columns),
            "over": None if self.over is None else self.over.to_dict(),
            "ids_over_all_time": self.ids_over_all_time,
        }


@dataclass(frozen=True)
class AudienceCost:
    """What an audience costs.

    Attributes:
        name: the audience.
        entity: whose keys its members are.
        sources: what it needs of source tables.
        features: by table of features or of a sequence, each column with the other audiences that need it.
        scans: those that it needs.
        savings: what would go with it.
    """

    name: str
    entity: str
    sources: tuple[SourceRead, ...]
    features: Mapping[str, Mapping[str, tuple[str, ...]]]
    scans: tuple[Scan, ...]
    savings: Savings

    @property
    def share(self) -> Fraction:
        """Its shares of all scans that it needs, added up; 1 is a whole scan."""
        return sum((scan.share for scan in self.scans), Fraction(0))

    @property
    def alone(self) -> int:
        """How many scans it is the only one to need."""
        return sum(len(scan.audiences) == 1 for scan in self.scans)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "audience": self.name,
            "entity": self.entity,
            "scans": len(self.scans),
            "alone": self.alone,
            "share": round(float(self.share), 6),
            "sources": [source.to_dict() for source in self.sources],
            "features": [
                {"model": model, "column": column, "shared_with": list(others)}
                for model, columns in self.features.items()
                for column, others in columns.items()
            ],
            "dropping_saves": self.savings.to_dict(),
        }


@dataclass(frozen=True)
class Costs:
    """What all audiences cost.

    Attributes:
        as_of: the instant of the windows, in UTC, without a zone.
        scans: everything that a build reads.
        audiences: by name.
    """

    as_of: datetime
    scans: tuple[Scan, ...]
    audiences: dict[str, AudienceCost]

    @property
    def unneeded(self) -> tuple[Scan, ...]:
        """The scans that no audience needs: of traits that none uses, and of identities."""
        return tuple(scan for scan in self.scans if not scan.audiences)


def costs(project: Project, as_of: datetime) -> Costs:
    """What every audience of a project that is switched on costs.

    Args:
        project: its specs.
        as_of: the instant of the windows, in UTC, without a zone.
    """
    graph = Graph(plan(project).stubs, as_of.isoformat())
    ranges = Ranges(project, graph.renderer)
    names = [name for name, audience in project.audiences.items() if audience.enabled]
    standing = sorted(_standing(project))
    needs: dict[Consumer, Needs] = {
        None: graph.needs(*standing),
        **{name: graph.needs(name) for name in names},
    }
    ledger = Ledger(project, ranges, needs)
    scans = _scans(needs, ranges)
    found = {
        name: AudienceCost(
            name,
            project.audiences[name].entity,
            _sources(_owners(name, needs[name], names), needs[name], ranges),
            _features(name, needs[name], ranges, ledger),
            tuple(scan for scan in scans if name in scan.audiences),
            ledger.without(name),
        )
        for name in names
    }
    return Costs(as_of, scans, found)


def _standing(project: Project) -> set[str]:
    """The models that are built whichever audiences there are, with whatever they read."""
    traits = {traits_model(entity) for entity, traits in project.traits.items() if traits}
    identities = [stub.model for each in project.identities.values() for stub in identity_stubs(each)]
    return traits.union(model for model in identities if model is not None)


def _scans(needs: Mapping[Consumer, Needs], ranges: Ranges) -> tuple[Scan, ...]:
    columns: dict[tuple[str, str], set[str]] = {}
    built: dict[str, set[str]] = {}
    audiences: dict[tuple[str, str], list[str]] = {}
    for consumer, need in needs.items():
        for model, names in need.models.items():
            built.setdefault(model, set()).update(names)
        for scan, names in need.scans.items():
            columns.setdefault(scan, set()).update(names)
            audiences.setdefault(scan, []).extend([consumer] if consumer is not None else [])
    return tuple(
        Scan(
            model,
            source,
            tuple(sorted(columns[model, source])),
            ranges.over(model, built[model]),
            tuple(sorted(audiences[model, source])),
        )
        for model, source in sorted(columns)
    )


def _owners(name: str, needs: Needs, names: list[str]) -> set[str | None]:
    """An audience and those that it refers to."""
    return {name, *(each for each in names if each in needs.models)}


def _sources(owners: set[str | None], needs: Needs, ranges: Ranges) -> tuple[SourceRead, ...]:
    columns: dict[str, set[str]] = {}
    over: dict[str, list[Range]] = {}
    ids: set[str] = set()
    for (model, source), names in needs.scans.items():
        columns.setdefault(source, set()).update(names)
        if ranges.settles_ids(model):
            ids.add(source)
        elif (found := ranges.over(model, needs.models[model], owners)) is not None:
            over.setdefault(source, []).append(found)
    return tuple(
        SourceRead(
            source,
            tuple(sorted(columns[source])),
            min(over[source], key=lambda each: each.since or datetime.min) if source in over else None,
            source in ids,
        )
        for source in sorted(columns)
    )


def _features(
    name: str, needs: Needs, ranges: Ranges, ledger: Ledger
) -> dict[str, dict[str, tuple[str, ...]]]:
    """The columns of features that an audience needs; a table's key is none."""
    return {
        model: {
            column: ledger.others(name, model, column)
            for column in sorted(columns)
            if ranges.is_feature(model, column)
        }
        for model, columns in sorted(needs.models.items())
        if ranges.timed(model) and not ranges.settles_ids(model)
    }
