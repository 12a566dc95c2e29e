"""What would no longer be built or read if an audience were dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dbt_muster.cost.graph import Needs
from dbt_muster.cost.ranges import Range, Ranges
from dbt_muster.plan.stubs import repeated_model
from dbt_muster.specs.meaning import Project

Consumer = str | None
"""An audience; None is what is built whichever audiences there are: traits and identities."""


@dataclass(frozen=True)
class Narrower:
    """A scan that would begin later.

    Attributes:
        model: the model whose scan it is.
        now: what it reads.
        then: what it would read.
    """

    model: str
    now: Range
    then: Range


@dataclass(frozen=True)
class Savings:
    """What goes with an audience.

    Attributes:
        kept_by: the audiences that refer to it; while there are any it cannot be dropped, and nothing goes.
        models: the models that nothing else needs, the audience's own among them.
        columns: by model that stays, the columns that nothing else needs.
        narrower: the scans that would begin later.
    """

    kept_by: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    narrower: tuple[Narrower, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "kept_by": list(self.kept_by),
            "models": list(self.models),
            "columns": {model: list(columns) for model, columns in self.columns.items()},
            "narrower": [
                {"model": each.model, "now": each.now.to_dict(), "then": each.then.to_dict()}
                for each in self.narrower
            ],
        }


class Ledger:
    """Who needs which models and columns.

    Args:
        project: the specs.
        ranges: their windows.
        needs: of every audience; under None, of what is built anyway.
    """

    def __init__(self, project: Project, ranges: Ranges, needs: Mapping[Consumer, Needs]) -> None:
        self._needs = needs
        self._ranges = ranges
        self._free = dict(_by_use(project))
        self.of_model: dict[str, set[Consumer]] = {}
        self.of_column: dict[tuple[str, str], set[Consumer]] = {}
        for consumer, need in needs.items():
            for model, columns in need.models.items():
                self.of_model.setdefault(model, set()).add(consumer)
                for column in columns:
                    self.of_column.setdefault((model, column), set()).add(consumer)

    def others(self, audience: str, model: str, column: str) -> tuple[str, ...]:
        """The other audiences that need a column."""
        needing = self.of_column[model, column] - {audience}
        return tuple(sorted(each for each in needing if each is not None))

    def without(self, audience: str) -> Savings:
        """What would go with an audience."""
        kept_by = sorted(each for each in self.of_model[audience] if each is not None and each != audience)
        if kept_by:
            return Savings(tuple(kept_by))
        mine = self._needs[audience].models
        gone = tuple(sorted(model for model in mine if self.of_model[model] == {audience}))
        staying = sorted(set(mine) - set(gone))
        columns = {model: self._alone(audience, model, mine[model]) for model in staying}
        return Savings(
            models=gone,
            columns={model: names for model, names in columns.items() if names},
            narrower=tuple(each for model in staying for each in self._narrower(audience, model)),
        )

    def _alone(self, audience: str, model: str, columns: Iterable[str]) -> tuple[str, ...]:
        """The columns of a model that stand there for one audience alone."""
        if not self._ranges.timed(model):
            return ()  # entities, traits and audiences have their columns whoever reads them
        kept = self._free.get(model, frozenset())
        return tuple(
            sorted(
                column
                for column in columns
                if column not in kept and self.of_column[model, column] == {audience}
            )
        )

    def _narrower(self, audience: str, model: str) -> Iterable[Narrower]:
        columns = {column for of, column in self.of_column if of == model}
        staying = columns - set(self._alone(audience, model, columns & self._needs[audience].models[model]))
        now = self._ranges.over(model, columns)
        then = self._ranges.over(model, staying, self._needs.keys() - {audience})
        if now is not None and then is not None and then.later_than(now):
            yield Narrower(model, now, then)


def _by_use(project: Project) -> Iterable[tuple[str, frozenset[str]]]:
    """The columns that the tables of repeated events have in any case."""
    for entity in project.entities.values():
        for source in entity.events.values():
            always = [source.id, source.key, source.at, source.event_name]
            names = frozenset(each.column for each in always if each is not None)
            yield repeated_model(entity.name, source.name), names
