"""Criteria of every kind: valid ones, whose types agree and whose windows are possible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tests.oracle import points
from tests.oracle.strategies import moments, words
from tests.oracle.strategies.dice import Dice
from tests.oracle.values import TIMES
from tests.oracle.world import Written

Condition = dict[str, Any]
Literal = Callable[[Dice], Written]

_FUNCTIONS = ("count", "last", "first", "sum", "distinct", "average", "min", "max", "count", "last", "first")
_NUMBERS = ("integer", "number")
_INSTANTS = ("timestamp", "timestamptz")
_COMPATIBLE = {kind: kinds for kinds in (_NUMBERS, _INSTANTS) for kind in kinds}


@dataclass(frozen=True)
class Shape:
    """What can be said of an event source.

    Attributes:
        kinds: the names of its kinds of event, if it has several.
        properties: the type of each property.
        at: the type of its times.
    """

    kinds: tuple[str, ...]
    properties: Mapping[str, str]
    at: str = "timestamp"


@dataclass(frozen=True)
class Vocabulary:
    """What criteria can name, and when.

    Attributes:
        palette: the values to compare with.
        attributes: the type of each attribute.
        sources: the event sources.
        traits: the type of each trait; `average` for those whose values only meet unreachable numbers.
        audiences: those that may be referred to.
        properties: the type of each property, inside `where`, which nothing else can be compared with.
        edges: collects the instants at which the windows drawn begin and end.
    """

    clock: points.Clock
    palette: words.Palette
    attributes: Mapping[str, str]
    sources: Mapping[str, Shape]
    traits: Mapping[str, str] = field(default_factory=dict)
    audiences: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    edges: list[datetime] = field(default_factory=list)

    def operands(self, kind: str) -> list[Condition]:
        """What a value of a type can be compared with, other than a literal."""
        kinds = _COMPATIBLE.get(kind, (kind,))
        named = [("attribute", self.attributes), ("trait", self.traits)]
        if self.properties:
            named = [("property", self.properties)]
        return [{what: name} for what, types in named for name, type_ in types.items() if type_ in kinds]

    def right(self, dice: Dice, kind: str, literal: Literal) -> Written:
        """A right side: mostly a literal, now and then an operand of a fitting type."""
        operands = self.operands(kind)
        return dice.pick(operands) if operands and dice.chance(20) else literal(dice)

    def mark(self, *window: datetime | None) -> None:
        """Remember edges, so that the data can lie on them."""
        self.edges.extend(edge for edge in window if edge is not None)


def _text_comparison(dice: Dice, vocabulary: Vocabulary) -> Condition:
    operator = dice.pick(("is", "in", "contains", "starts_with", "ends_with", "matches"))
    if operator == "matches":
        right: Written = dice.pick(words.PATTERNS)
    else:
        if operator == "in":
            right = sorted({vocabulary.palette.text(dice) for _ in dice.times(1, 3)})
        else:
            literal = vocabulary.palette.text if operator == "is" else vocabulary.palette.some_text
            right = vocabulary.right(dice, "string", literal)
    name = ("is_not" if operator == "is" else f"not_{operator}") if dice.chance(40) else operator
    return {name: right, **({"ignore_case": True} if dice.chance(30) else {})}


def _number_comparison(dice: Dice, vocabulary: Vocabulary, kind: str) -> Condition:
    ordered = ("at_least", "at_most", "more_than", "less_than")
    if kind == "average":
        return {dice.pick(ordered): dice.pick(words.UNREACHABLE)}
    literal = vocabulary.palette.whole if kind == "integer" else vocabulary.palette.number
    operator = dice.pick((*ordered, "is", "is_not", "in", "not_in", "between"))
    if operator in {"in", "not_in"}:
        right: Written = sorted({literal(dice) for _ in dice.times(1, 3)})
    elif operator == "between":
        right = sorted((literal(dice), literal(dice)))
    else:
        right = vocabulary.right(dice, kind, literal)
    return {operator: right}


def _count_comparison(dice: Dice, vocabulary: Vocabulary) -> Condition:
    operator = dice.pick(("at_least", "less_than", "at_most", "more_than", "is", "is_not"))
    least = {"less_than": 1}.get(operator, 0)
    return {operator: vocabulary.right(dice, "integer", lambda dice: dice.number(least, 3))}


def _boolean_comparison(dice: Dice, vocabulary: Vocabulary) -> Condition:
    right = vocabulary.right(dice, "boolean", lambda dice: dice.chance(50))
    return {dice.pick(("is", "is_not")): right}


def _list_comparison(dice: Dice, vocabulary: Vocabulary) -> Condition:
    operator = dice.pick(("includes", "includes_any", "includes_all"))
    right: Written = sorted({vocabulary.palette.text(dice) for _ in dice.times(1, 3, 50)})
    right = right[0] if operator == "includes" else right
    return {operator: right, **({"ignore_case": True} if dice.chance(30) else {})}


def _time_comparison(dice: Dice, vocabulary: Vocabulary, kind: str) -> Condition:
    clock = vocabulary.clock
    operator = dice.pick(("within", "not_within", "before", "after", "between", "within_next", "on", "other"))
    right: Written
    if operator in {"within", "not_within"}:
        right = moments.length(dice, calendar=True)
        vocabulary.mark(*points.within(right, clock))
    elif operator == "within_next":
        right = moments.length(dice)
        vocabulary.mark(*points.within_next(right, clock))
    elif operator == "on":
        if kind == "date" and dice.chance(50):
            operator = dice.pick(("is", "is_not", "in", "not_in"))
        right = moments.day_text(dice, clock)
        vocabulary.mark(*points.on(right, clock))
        right = [right] if operator in {"in", "not_in"} else right
    elif operator == "between":
        span = moments.span(dice, clock, future=True)
        if isinstance(span, str):
            return {"after": span}
        vocabulary.mark(*(points.point(text, clock) for text in span))
        right = list(span)
    elif operator == "other" and vocabulary.operands(kind):
        operators = ("before", "after", "is", "is_not", "at_least", "at_most", "more_than", "less_than")
        return {dice.pick(operators): dice.pick(vocabulary.operands(kind))}
    else:
        right = moments.point(dice, clock, future=True)
        vocabulary.mark(points.point(right, clock))
        operator = "before" if operator == "other" else operator
    return {operator: right}


def comparisons(dice: Dice, vocabulary: Vocabulary, kind: str) -> Condition:
    """Operators and right sides that fit a type.

    Args:
        dice: makes the choices.
        vocabulary: for the right sides that are not literals.
        kind: the left side's type, or `count`, or `average`.
    """
    if kind != "count" and dice.chance(10):
        return {"is_set": dice.chance(50)}
    if kind in TIMES:
        return _time_comparison(dice, vocabulary, kind)
    by_kind = {
        "string": _text_comparison,
        "boolean": _boolean_comparison,
        "list": _list_comparison,
        "count": _count_comparison,
    }
    if kind not in by_kind:
        found = _number_comparison(dice, vocabulary, kind)
    else:
        found = by_kind[kind](dice, vocabulary)
    if "is_not" in found and kind != "count" and dice.chance(20):
        found["is_set"] = True
    return found


def _value_condition(dice: Dice, vocabulary: Vocabulary, what: str, types: Mapping[str, str]) -> Condition:
    texts = [name for name, kind in types.items() if kind == "string"]
    name = dice.pick(texts if texts and dice.chance(25) else sorted(types))
    return {what: name, **comparisons(dice, vocabulary, types[name])}


def aggregate(dice: Dice, shape: Shape) -> tuple[str, Condition, str]:
    """A function, its `of` (if any), and the type of the result: `count` and `average` are types here."""
    function = dice.pick(_FUNCTIONS)
    if function == "count" or (function in {"first", "last"} and dice.chance(40)):
        return function, {}, "count" if function == "count" else shape.at
    ordered = (*_NUMBERS, *TIMES)
    allowed = {"sum": _NUMBERS, "average": _NUMBERS, "min": ordered, "max": ordered}
    types = allowed.get(function, tuple(shape.properties.values()))
    texts = [name for name, kind in shape.properties.items() if kind == "string" and kind in types]
    fitting = sorted(name for name, kind in shape.properties.items() if kind in types)
    of = dice.pick(texts if texts and dice.chance(30) else fitting)
    kinds = {"distinct": "count", "average": "average", "sum": "number"}
    return function, {"of": of}, kinds.get(function, shape.properties[of])


def event_filter(dice: Dice, vocabulary: Vocabulary, source: str) -> Condition:
    """The part of an event condition that chooses events: `event`, its window and its `where`."""
    shape = vocabulary.sources[source]
    kind = dice.pick(("", "", *shape.kinds[:1] * 3, *shape.kinds))
    window = moments.event_window(dice, vocabulary.clock)
    vocabulary.mark(*points.window(window, vocabulary.clock))
    found: Condition = {"event": f"{source}.{kind}" if kind else source, **window}
    if dice.chance(25):
        inside = replace(vocabulary, properties=shape.properties)

        def leaf(dice: Dice) -> Condition:
            return _value_condition(dice, inside, "property", shape.properties)

        if dice.chance(40):
            found["where"] = _group(dice, leaf)
        else:
            found["where"] = [
                _group(dice, leaf) if dice.chance(20) else leaf(dice) for _ in dice.times(1, 2, 30)
            ]
    return found


def _event_condition(dice: Dice, vocabulary: Vocabulary) -> Condition:
    source = dice.pick(sorted(vocabulary.sources))
    found = event_filter(dice, vocabulary, source)
    for _ in range(dice.pick((0, 1, 1, 1, 1, 2))):
        function, of, kind = aggregate(dice, vocabulary.sources[source])
        found[function] = {**of, **comparisons(dice, vocabulary, kind)}
    return found


def _group(dice: Dice, item: Literal) -> Condition:
    names = dice.several(("all", "any", "none"), 1, 2)
    return {name: [item(dice) for _ in dice.times(1, 3, 40)] for name in names}


def criteria(dice: Dice, vocabulary: Vocabulary) -> Condition | list[Condition]:
    """What stands under `criteria:`, at most three groups deep."""
    kinds = ["event", "event", "attribute"]
    kinds += ["trait"] if vocabulary.traits else []
    kinds += ["audience"] if vocabulary.audiences else []

    def leaf(dice: Dice) -> Condition:
        kind = dice.pick(kinds)
        if kind == "audience":
            return {"audience": dice.pick(vocabulary.audiences)}
        if kind == "event":
            return _event_condition(dice, vocabulary)
        return _value_condition(
            dice, vocabulary, kind, vocabulary.traits if kind == "trait" else vocabulary.attributes
        )

    def nested(dice: Dice) -> Condition:
        return _group(dice, leaf) if dice.chance(20) else leaf(dice)

    def twice(dice: Dice) -> Condition:
        return _group(dice, nested) if dice.chance(20) else leaf(dice)

    if dice.chance(30):
        return _group(dice, twice)
    return [nested(dice) for _ in dice.times(1, 2, 15)]
