"""Windows that look back further than the rows of their event source go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from dbt_muster.lint.findings import Finding
from dbt_muster.lint.place import Place
from dbt_muster.specs.meaning import (
    Aggregate,
    All,
    AnyOf,
    Condition,
    Entity,
    NoneOf,
    Point,
    Project,
    Related,
    Sequence,
    Through,
    TraitValue,
)
from dbt_muster.specs.windows import surely_not_before
from dbt_muster.words.points import point_words


def longer_than_history(place: Place, project: Project) -> Iterator[Finding]:
    """A finding for each condition, and each trait that one reads, with a window longer than the history."""
    for item in place.audience.written:
        for condition, _ in item.inside:
            if not isinstance(condition, All | AnyOf | NoneOf):
                yield from _of(place, project, condition)


def _of(place: Place, project: Project, condition: Condition) -> Iterator[Finding]:
    for look in _looks(project, place.entity, condition):
        if look.history is None or look.start is None or not _is_longer(look.start, look.history):
            continue
        of = f"the trait `{look.trait}`" if look.trait else "this"
        message = (
            f"{of} looks back to {point_words(look.start)}, and the rows of `{look.source}` go back to "
            f"{point_words(look.history)} only"
        )
        yield place.finding("longer_than_history", condition, message)


def _is_longer(start: Point, history: Point) -> bool:
    return surely_not_before(history, start) and not surely_not_before(start, history)


@dataclass(frozen=True)
class _Look:
    """That something looks at an event source, since when, and by which trait; None is by itself."""

    source: str
    history: Point | None
    start: Point | None
    trait: str | None


def _looks(project: Project, entity: Entity, value: object, trait: str | None = None) -> Iterator[_Look]:
    """The event sources that a value of an entity looks at; `through` another one, they are that one's."""
    calculated = project.traits.get(entity.name, {})
    match value:
        case Through(entity=other, where=where) | Related(entity=other, where=where):
            yield from _looks(project, project.entities[other], where, trait)
            return
        case Aggregate(source=source, window=window):
            yield _Look(source, entity.events[source].history, window.start, trait)
        case Sequence(steps, window):
            for step in steps:
                yield _Look(step.source, entity.events[step.source].history, window.start, trait)
        case TraitValue(name) if name in calculated:
            yield from _looks(project, entity, calculated[name].value, name)
    for part in _parts(value):
        yield from _looks(project, entity, part, trait)


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        yield from value
    elif is_dataclass(value):
        yield from (getattr(value, field.name) for field in fields(value))
