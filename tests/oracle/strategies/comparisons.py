"""Operators and right sides that fit a type."""

from __future__ import annotations

from tests.oracle import points
from tests.oracle.strategies import moments, words
from tests.oracle.strategies.dice import Dice
from tests.oracle.strategies.vocabulary import Condition, Vocabulary
from tests.oracle.values import TIMES
from tests.oracle.world import Written


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
