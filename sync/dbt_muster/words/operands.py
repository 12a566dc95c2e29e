"""Operands and aggregates, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import singledispatch

from dbt_muster.specs.meaning import (
    AS_OF,
    EVER,
    Aggregate,
    AggregateFunction,
    Attribute,
    Compare,
    LocalMidnight,
    Operand,
    Periods,
    Property,
    Related,
    Shift,
    Step,
    StepProperty,
    TraitValue,
    Value,
    Window,
)
from dbt_muster.words.points import window_words
from dbt_muster.words.voice import Voice


@singledispatch
def operand_words(operand: object, voice: Voice) -> str:
    """An operand: what it is called, what it counts, or the value that was written."""
    raise NotImplementedError(f"{type(operand).__name__} has no words")


@operand_words.register(Attribute)
@operand_words.register(TraitValue)
@operand_words.register(Property)
def _named(operand: Attribute | TraitValue | Property, voice: Voice) -> str:
    return operand.name


@operand_words.register
def _of_step(operand: StepProperty, voice: Voice) -> str:
    return f"{operand.name} of step {operand.step}"


@operand_words.register
def _value(operand: Value, voice: Voice) -> str:
    return value_words(operand.value)


@operand_words.register
def _related(operand: Related, voice: Voice) -> str:
    from dbt_muster.words.conditions import inline  # conditions have operands, and these conditions

    asked = inline(operand.where, voice.of(operand.entity))
    return f"the number of its {operand.entity}s that meet this: {asked}"


@operand_words.register
def _aggregate(operand: Aggregate, voice: Voice) -> str:
    of = operand.of.name if operand.of else ""
    said = _FUNCTIONS[operand.function](event_words(operand), of)
    return said + events_words(operand, voice)


@operand_words.register
def _periods(operand: Periods, voice: Voice) -> str:
    from dbt_muster.words.conditions import inline  # conditions have operands, and periods conditions

    count, unit, several = len(operand.holding), operand.each.unit, operand.each.count
    of_one = f"{unit}s" if several == 1 else f"periods of {several} {unit}s"
    held = operand.holding[0]
    if isinstance(held, Compare) and isinstance(held.left, Aggregate):
        held = replace(held, left=replace(held.left, window=EVER))
    said = inline(held, voice).replace(" ever", "", 1)  # the period is the window
    return f"the number of the last {count} {of_one} in which {said}"


_FUNCTIONS: dict[AggregateFunction, Callable[[str, str], str]] = {
    "count": lambda event, of: f"the number of {event}",
    "distinct": lambda event, of: f"the number of different values of {of} over {event}",
    "sum": lambda event, of: f"the sum of {of} over {event}",
    "average": lambda event, of: f"the average of {of} over {event}",
    "min": lambda event, of: f"the smallest {of} of {event}",
    "max": lambda event, of: f"the largest {of} of {event}",
    "first": lambda event, of: f"the {of or 'time'} of the first of {event}",
    "last": lambda event, of: f"the {of or 'time'} of the last of {event}",
    "most_frequent": lambda event, of: f"the most frequent {of} of {event}",
    "unique_list": lambda event, of: f"the different values of {of} over {event}",
}
"""Each aggregate function, by the event and the property that it is about."""

AGGREGATES = frozenset(_FUNCTIONS)
"""The aggregate functions that have words."""


def event_words(of: Aggregate | Step) -> str:
    """The event as specs name it: `orders`, `app.session`."""
    return of.source if of.event is None else f"{of.source}.{of.event}"


def events_words(aggregate: Aggregate, voice: Voice) -> str:
    """Which of the events count: a window and a `where`, each after a space or a comma; empty for all."""
    from dbt_muster.words.conditions import inline  # conditions have operands, and aggregates conditions

    window = window_words(to_now(aggregate.window), voice)
    said = f" {window}" if window else ""
    if aggregate.where is not None:
        said += f", where {inline(aggregate.where, voice)}"
    return said


def to_now(window: Window) -> Window:
    """Events end now, so a window with no end that starts some time ago is the time since."""
    if window.end is None and isinstance(window.start, Shift | LocalMidnight):
        return Window(window.start, AS_OF)
    return window


def value_words(value: object) -> str:
    """A value as people write it; text that could be read as something else stands in quotes."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return format(Decimal(value), "f")
        case str():
            plain = value.strip() == value and value and value[0].isalpha()
            return value if plain and value.isprintable() else f'"{value}"'
    return str(value)


def listed(operands: tuple[Operand, ...], voice: Voice, word: str = "or") -> str:
    """Several operands: `a, b or c`."""
    said = [operand_words(operand, voice) for operand in operands]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} {word} {said[-1]}"
