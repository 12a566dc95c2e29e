"""Operands and operators of mParticle's expressions: values, points in time, comparisons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from dbt_muster.importing.translation import Node, NotTranslatableError, Spec, mapping, name_of
from dbt_muster.importing.windows import EXACT_UNITS, whole

_USERS = ("user", "users")
_PLAIN = {
    "equals": "is",
    "less_than": "less_than",
    "less_than_equal": "at_most",
    "greater_than": "more_than",
    "greater_than_equal": "at_least",
    "contains": "contains",
    "starts_with": "starts_with",
    "ends_with": "ends_with",
    "match_any": "includes_any",
    "match_all": "includes_all",
    "in": "in",
    "between": "between",
}
_NEGATED = {
    "not_equals": "is_not",
    "not_contains": "not_contains",
    "not_starts_with": "not_starts_with",
    "not_ends_with": "not_ends_with",
    "not_in": "not_in",
}
_WHOLE = re.compile(r"\^(?:[^|]*|\([^()]*\))\$\Z", re.DOTALL)
"""Patterns that match the whole text, whether or not a part would do."""

_LISTS = ("in", "not_in", "between", "match_any", "match_all")
_FLIPPED = {
    "equals": "equals",
    "not_equals": "not_equals",
    "less_than": "greater_than",
    "less_than_equal": "greater_than_equal",
    "greater_than": "less_than",
    "greater_than_equal": "less_than_equal",
}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_EDGES = {
    ("start", 0): "start of {unit}",
    ("start", -1): "start of last {unit}",
    ("end", 0): "end of {unit}",
    ("end", -1): "end of last {unit}",
}


@dataclass(frozen=True)
class Operands:
    """How operands are read.

    Attributes:
        at_the_instant: whether "after" may be read as "at or after", and "until" as "before".
    """

    at_the_instant: bool


@dataclass(frozen=True)
class Moment:
    """A point in time in the words of a spec."""

    text: str


def is_users(model: str) -> bool:
    """Whether a model is that of the users themselves."""
    return model in _USERS


def flipped(operator: str, left: Node, right: Node) -> tuple[str, Node, Node]:
    """A comparison with its sides changed over, where a value stands on the left.

    Raises:
        NotTranslatableError: there is no such operator the other way round.
    """
    if operator not in _FLIPPED or not isinstance(right, dict):
        raise NotTranslatableError(f"`{operator}` compares a value with nothing of a model")
    return _FLIPPED[operator], right, left


def operand_of(node: Node, own: str, operands: Operands) -> Node:
    """A right side: a literal, a Moment, or another value.

    Args:
        node: the operand.
        own: what a path of the model at hand is: `attribute`, or `property` in an event's `where`.
        operands: how points in time are read.
    """
    if isinstance(node, list):
        return [operand_of(item, own, operands) for item in node]
    if not isinstance(node, dict):
        return node
    if "date" in node:
        return Moment(point(mapping(node["date"]), operands))
    if "alias" in node:
        return {"step": str(node["alias"]), "property": name_of(str(node["path"]), "a property")}
    if "operator" in node:
        raise NotTranslatableError("arithmetic and aggregates can only stand on the left of an operator")
    if "path" not in node:
        raise NotTranslatableError("a whole model is compared with a value", ".right")
    kind = "attribute" if is_users(str(node.get("model"))) else own
    return {kind: name_of(str(node["path"]), f"an {kind}")}


def comparison(operator: str, right: Node, operands: Operands) -> Spec:
    """An operator and its right side, as the keys of a condition.

    Raises:
        NotTranslatableError: a spec has no operator that means exactly the same.
    """
    if isinstance(right, Moment):
        return _time(operator, right.text, operands)
    if isinstance(right, list) != (operator in _LISTS):
        raise NotTranslatableError(
            f"`{operator}` does not read {'a list' if isinstance(right, list) else 'one value'}"
        )
    if isinstance(right, list) and any(isinstance(item, Moment) for item in right):
        raise NotTranslatableError("the schema does not say whether the later point in time is included")
    if operator in _PLAIN:
        return {_PLAIN[operator]: right}
    if operator in _NEGATED:
        return {_NEGATED[operator]: right, "is_set": True}
    if operator in ("matches", "not_matches"):
        return _pattern(operator, right)
    raise NotTranslatableError(f"there is no operator `{operator}`")


def _pattern(operator: str, right: Node) -> Spec:
    if not isinstance(right, str):
        raise NotTranslatableError("a pattern is a text")
    if not _WHOLE.match(right):
        raise NotTranslatableError(
            "the schema does not say whether a pattern must match the whole text: begin it with ^, end it "
            "with $, and put alternatives in brackets"
        )
    return {"matches": right} if operator == "matches" else {"not_matches": right, "is_set": True}


def _time(operator: str, text: str, operands: Operands) -> Spec:
    if operator == "greater_than_equal" or (operator == "greater_than" and operands.at_the_instant):
        return {"after": text}
    if operator == "less_than" or (operator == "less_than_equal" and operands.at_the_instant):
        return {"before": text}
    if operator in ("greater_than", "less_than_equal"):
        meant = "greater_than_equal" if operator == "greater_than" else "less_than"
        raise NotTranslatableError(
            f"a window includes its start and not its end, and `{operator}` is the other way round: write "
            f"`{meant}`, or give --at-the-instant to accept the difference of that very instant"
        )
    raise NotTranslatableError(f"`{operator}` cannot be asked of a point in time")


def point(node: Spec, operands: Operands) -> str:
    """A point in time; days without a zone are UTC, as mParticle's are.

    Raises:
        NotTranslatableError: it cannot be said exactly.
    """
    if "absolute" in node:
        text = str(node["absolute"])
        return f"{text}T00:00:00Z" if _DATE.match(text) else text
    relative = mapping(node.get("relative"))
    if "relative_to" in relative:
        raise NotTranslatableError(
            "a time after another step can only be asked of the next step of a sequence"
        )
    unit = str(relative.get("unit"))
    if "boundary" in relative:
        return _edge(relative, unit)
    count = _exact(relative.get("offset"), unit)
    number, unit = count
    if number == 0:
        return "now"
    words = f"{abs(number)} {unit}{'s' * (abs(number) != 1)}"
    return f"{words} ago" if number < 0 else f"in {words}"


def _edge(relative: Spec, unit: str) -> str:
    edge = _EDGES.get((str(relative["boundary"]), whole(relative.get("offset"))))
    if edge is None or unit not in ("day", "week", "month", "quarter", "year"):
        raise NotTranslatableError(
            "a spec knows the edges of this day, week, month, quarter and year and of the last ones only"
        )
    return edge.format(unit=unit)


def _exact(offset: Node, unit: str) -> tuple[int, str]:
    """A number of units of an exact length; `month` and longer are only about so long in the schema."""
    if unit == "second":
        seconds = whole(offset)
        if seconds % 60:
            raise NotTranslatableError("a spec counts minutes, not seconds")
        return seconds // 60, "minute"
    if unit not in EXACT_UNITS:
        raise NotTranslatableError(
            f"the schema calls a {unit} about so many days: write days, of which the number is exact"
        )
    if isinstance(offset, Decimal) and offset != offset.to_integral_value():
        raise NotTranslatableError(f"{offset} {unit}s are no whole number of {unit}s")
    return whole(offset), unit
