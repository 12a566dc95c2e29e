"""How far back the models read events: where the windows start, by column and by who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dbt_muster.plan.canonical import canonical_aggregate
from dbt_muster.plan.features import Use, feature_column, feature_tables, uses_in
from dbt_muster.plan.planner import asked_criteria
from dbt_muster.plan.sequences import sequence_tables
from dbt_muster.plan.stubs import repeated_model
from dbt_muster.specs.meaning import Entity, EventSource, Point, Project, aggregates_of

Owner = str | None
"""An audience; None are the entity's traits."""

EVERY_COLUMN = ""
"""Stands for all columns of a model that reads alike for each of them."""


@dataclass(frozen=True)
class Reading:
    """A model over events.

    Attributes:
        timezone: the entity's, for its calendar.
        sources: what it reads.
        starts: by column, where the windows start that somebody asks about; None is ever.
        settles_ids: whether it is the table of repeated events, which looks at all of time by its nature.
    """

    timezone: str
    sources: tuple[EventSource, ...]
    starts: dict[str, dict[Owner, set[Point | None]]] = field(default_factory=dict)
    settles_ids: bool = False

    @property
    def bounded(self) -> bool:
        """Whether all windows have a start."""
        points = [point for owners in self.starts.values() for some in owners.values() for point in some]
        return bool(points) and None not in points

    def note(self, column: str, owner: Owner, start: Point | None) -> None:
        """Somebody asks about a window that starts there."""
        self.starts.setdefault(column, {}).setdefault(owner, set()).add(start)


def readings(project: Project) -> dict[str, Reading]:
    """The models of a project that are over events, by name; of features, sequences and repeated events."""
    found: dict[str, Reading] = {}
    for entity in project.entities.values():
        for source in entity.events.values():
            repeated = Reading(entity.timezone, (source,), settles_ids=True)
            repeated.note(EVERY_COLUMN, None, None)
            found[repeated_model(entity.name, source.name)] = repeated
    for name, traits in project.traits.items():
        uses = [Use(aggregate) for trait in traits.values() for aggregate in aggregates_of(trait.value)]
        _note_uses(found, project.entities[name], uses, None)
    for audience in project.audiences.values():
        if audience.enabled:
            entity = project.entities[audience.entity]
            criteria = asked_criteria(audience, entity)
            _note_uses(found, entity, uses_in(criteria), audience.name)
            for table in sequence_tables(entity.name, [criteria]):
                sources = tuple(entity.events[each] for each in table.sources)
                reading = found.setdefault(table.model, Reading(entity.timezone, sources))
                reading.note(EVERY_COLUMN, audience.name, table.sequence.window.start)
    return found


def _note_uses(found: dict[str, Reading], entity: Entity, uses: Iterable[Use], owner: Owner) -> None:
    for use in uses:
        (table,) = feature_tables(entity.name, [use])
        source = entity.events[table.place.source]
        reading = found.setdefault(table.model, Reading(entity.timezone, (source,)))
        start = use.aggregate.window.start if use.start is None else use.start
        reading.note(feature_column(canonical_aggregate(use.aggregate)), owner, start)
