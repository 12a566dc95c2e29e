"""Conditions about events: which ones, what is counted of them, and one after another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.oracle import points
from tests.oracle.strategies import moments
from tests.oracle.strategies.comparisons import comparisons
from tests.oracle.strategies.dice import Dice
from tests.oracle.strategies.vocabulary import NUMBERS, Condition, Literal, Shape, Vocabulary
from tests.oracle.values import TIMES

_FUNCTIONS = ("count", "last", "first", "sum", "distinct", "average", "min", "max", "most_frequent")
_OF_TIMES = ("first", "last")
_PERIODS = ("day", "week", "2 days", "month", "3 hours", "quarter")
_GAPS = ("1 hour", "2 days", "1 day", "30 minutes", "1 week", "1 month")


def value_condition(dice: Dice, vocabulary: Vocabulary, what: str, types: Mapping[str, str]) -> Condition:
    """A condition about an attribute, a trait or a property."""
    texts = [name for name, kind in types.items() if kind == "string"]
    name = dice.pick(texts if texts and dice.chance(25) else sorted(types))
    return {what: name, **comparisons(dice, vocabulary, types[name])}


def group(dice: Dice, item: Literal) -> Condition:
    """One or two of `all`, `any` and `none`, of one to three items each."""
    names = dice.several(("all", "any", "none"), 1, 2)
    return {name: [item(dice) for _ in dice.times(1, 3, 40)] for name in names}


def aggregate(dice: Dice, shape: Shape) -> tuple[str, Condition, str]:
    """A function, its `of` (if any), and the type of the result: `count` and `average` are types here."""
    function = dice.pick((*_FUNCTIONS, "count", *_OF_TIMES))
    if function == "count" or (function in _OF_TIMES and dice.chance(40)):
        return function, {}, "count" if function == "count" else shape.at
    ordered = (*NUMBERS, *TIMES)
    allowed = {"sum": NUMBERS, "average": NUMBERS, "min": ordered, "max": ordered}
    of = _property(dice, shape, allowed.get(function, tuple(shape.properties.values())))
    kinds = {"distinct": "count", "average": "average", "sum": "number"}
    return function, {"of": of}, kinds.get(function, shape.properties[of])


def _property(dice: Dice, shape: Shape, types: tuple[str, ...]) -> str:
    texts = [name for name, kind in shape.properties.items() if kind == "string" and kind in types]
    fitting = sorted(name for name, kind in shape.properties.items() if kind in types and kind != "list")
    return dice.pick(texts if texts and dice.chance(30) else fitting)


def event_filter(dice: Dice, vocabulary: Vocabulary, source: str, *, ever: bool = False) -> Condition:
    """The part of an event condition that chooses events: `event`, its window and its `where`."""
    found: Condition = {"event": _kind(dice, source, vocabulary.sources[source])}
    if not ever:
        window = moments.event_window(dice, vocabulary.clock)
        vocabulary.mark(*points.window(window, vocabulary.clock))
        found |= window
    return found | _where(dice, vocabulary, source, 25)


def _kind(dice: Dice, source: str, shape: Shape) -> str:
    kind = dice.pick(("", "", *shape.kinds[:1] * 3, *shape.kinds))
    return f"{source}.{kind}" if kind else source


def _where(dice: Dice, vocabulary: Vocabulary, source: str, percent: int) -> Condition:
    if not dice.chance(percent):
        return {}
    properties = vocabulary.sources[source].properties
    inside = replace(vocabulary, properties=properties)

    def leaf(dice: Dice) -> Condition:
        return value_condition(dice, inside, "property", properties)

    if dice.chance(40):
        return {"where": group(dice, leaf)}
    return {"where": [group(dice, leaf) if dice.chance(20) else leaf(dice) for _ in dice.times(1, 2, 30)]}


def event_condition(dice: Dice, vocabulary: Vocabulary) -> Condition:
    """What happened, how often, when, for the first time or again and again."""
    source = dice.pick(sorted(vocabulary.sources))
    form = dice.pick(("plain", "plain", "plain", "plain", "first_time", "periods"))
    found = event_filter(dice, vocabulary, source, ever=form != "plain")
    if form == "first_time":
        window = _only_one_key(moments.event_window(dice, vocabulary.clock)) or {"within": "3 days"}
        vocabulary.mark(*points.window(window, vocabulary.clock))
        return found | {"first_time": window}
    if form == "periods":
        return found | _periods(dice, vocabulary)
    for _ in range(dice.pick((0, 1, 1, 1, 1, 2))):
        function, of, kind = aggregate(dice, vocabulary.sources[source])
        found[function] = {**of, **comparisons(dice, vocabulary, kind)}
    return found


def _only_one_key(window: moments.Window) -> moments.Window:
    return dict(list(window.items())[:1])


def _periods(dice: Dice, vocabulary: Vocabulary) -> Condition:
    of, each = dice.number(1, 4), dice.pick(_PERIODS)
    count, unit = points.length_of(each)
    as_of = vocabulary.clock.as_of
    vocabulary.mark(*(points.move(as_of, -number * count, unit) for number in range(of + 1)))
    least = dice.number(1, of)
    comparison = dice.pick(({"at_least": least}, {"at_most": least}, {"is": least}, {"less_than": least}))
    found: Condition = {"periods": {**comparison, "of": of, "each": each}}
    if dice.chance(30):
        found["count"] = {dice.pick(("at_least", "is", "less_than")): dice.number(1, 2)}
    return found


def calculation(dice: Dice, vocabulary: Vocabulary) -> tuple[Condition, str]:
    """A trait over events, and its type."""
    source = dice.pick(sorted(vocabulary.sources))
    shape = vocabulary.sources[source]
    other = dice.pick(("", "", "", "days_since_first", "days_since_last", "unique_list", "rate", "share"))
    of: Condition
    if not other:
        function, of, kind = aggregate(dice, shape)
        of |= event_filter(dice, vocabulary, source)
        return {function: of}, "integer" if kind == "count" else kind
    if other == "unique_list":
        of = {"of": _property(dice, shape, ("string",)), **event_filter(dice, vocabulary, source)}
        return {other: of | ({"limit": dice.number(1, 3)} if dice.chance(50) else {})}, "list"
    if other.startswith("days_since"):
        return {other: event_filter(dice, vocabulary, source)}, "integer"
    of = {"of": _property(dice, shape, NUMBERS)} if dice.chance(40) else {}
    if other == "share":
        where = _where(dice, vocabulary, source, 100)
        return {other: {**of, **event_filter(dice, vocabulary, source), **where}}, "average"
    window = dice.pick(({"within": "10 days"}, {"within": "72 hours"}, {"since": "2023-05-01"}))
    vocabulary.mark(*points.window(window, vocabulary.clock))
    per = dice.pick(("week", "day", "36 hours"))
    matching = event_filter(dice, vocabulary, source, ever=True)
    return {other: {**of, **matching, **window, "per": per}}, "average"


def sequence(dice: Dice, vocabulary: Vocabulary) -> Condition:
    """Two to four steps, one after another, some of them of what did not happen."""
    window = moments.event_window(dice, vocabulary.clock) if dice.chance(40) else {}
    vocabulary.mark(*points.window(window, vocabulary.clock))
    steps: list[Condition] = []
    named: dict[str, Mapping[str, str]] = {}
    count = dice.number(2, 4)
    likely = dice.pick(sorted(vocabulary.sources))
    for number in range(count):
        source = dice.pick((likely, likely, *sorted(vocabulary.sources)))
        kind = _kind(dice, source, vocabulary.sources[source])
        is_absence = number > 0 and "without" not in steps[-1] and dice.chance(30)
        step: Condition = {"without" if is_absence else "event": kind}
        is_last = number == count - 1
        if (is_absence and is_last) or (number > 0 and not is_absence and dice.chance(60)):
            step["within"] = dice.pick(_GAPS)
            vocabulary.gaps.append(step["within"])
            if is_absence:
                vocabulary.mark(points.window({"within": step["within"]}, vocabulary.clock)[0])
        step |= _where(dice, replace(vocabulary, steps=dict(named)), source, 30 if named else 15)
        if not is_absence and dice.chance(50):
            step["as"] = f"step_{number}"
            named[step["as"]] = vocabulary.sources[source].properties
        steps.append(step)
    return {"sequence": steps, **window}
