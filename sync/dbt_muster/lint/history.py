"""Windows that look back further than the rows of their event source go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from dbt_muster.lint.findings import Finding
from dbt_muster.lint.place import Place
from dbt_muster.specs.meaning import Aggregate, All, AnyOf, Condition, NoneOf, Point, Sequence, TraitValue
from dbt_muster.specs.windows import surely_not_before
from dbt_muster.words.points import point_words


def longer_than_history(place: Place) -> Iterator[Finding]:
    """A finding for each condition, and each trait that one reads, with a window longer than the history."""
    for item in place.audience.written:
        for condition, _ in item.inside:
            if not isinstance(condition, All | AnyOf | NoneOf):
                yield from _of(place, condition)


def _of(place: Place, condition: Condition) -> Iterator[Finding]:
    for source, start, trait in _looks(place, condition):
        history = place.entity.events[source].history
        if history is None or start is None or not _is_longer(start, history):
            continue
        of = f"the trait `{trait}`" if trait else "this"
        message = (
            f"{of} looks back to {point_words(start)}, and the rows of `{source}` go back to "
            f"{point_words(history)} only"
        )
        yield place.finding("longer_than_history", condition, message)


def _is_longer(start: Point, history: Point) -> bool:
    return surely_not_before(history, start) and not surely_not_before(start, history)


def _looks(
    place: Place, value: object, trait: str | None = None
) -> Iterator[tuple[str, Point | None, str | None]]:
    """The event sources that a condition looks at, since when, and by which trait; None is by itself."""
    for part in _parts(value):
        yield from ((source, start, trait) for source, start in _windows(part))
        if isinstance(part, TraitValue) and part.name in place.known.traits:
            yield from _looks(place, place.known.traits[part.name].value, part.name)


def _windows(part: object) -> Iterator[tuple[str, Point | None]]:
    match part:
        case Aggregate(source=source, window=window):
            yield source, window.start
        case Sequence(steps, window):
            yield from ((step.source, window.start) for step in steps)


def _parts(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, tuple):
        for item in value:
            yield from _parts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _parts(getattr(value, field.name))
