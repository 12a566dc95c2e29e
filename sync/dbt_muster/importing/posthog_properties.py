"""The operators of PostHog's property filters."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from dbt_muster.importing.translation import Node, NotTranslatableError, Spec
from dbt_muster.importing.windows import whole

_NUMBERS = {"gt": "more_than", "gte": "at_least", "lt": "less_than", "lte": "at_most"}
_FOLDED = {"icontains": "contains", "not_icontains": "not_contains"}
_PATTERNS = {"regex": "matches", "not_regex": "not_matches"}
_RELATIVE = re.compile(r"-([0-9]+)([hw])\Z")
_UNITS = {"h": "hour", "w": "week"}


def comparison(node: Spec) -> Spec:
    """A property filter's operator and value, as the keys of a condition.

    Raises:
        NotTranslatableError: a spec has no operator that means exactly the same.
    """
    operator, value = str(node.get("operator") or "exact"), node.get("value")
    if operator in ("is_set", "is_not_set"):
        return {"is_set": operator == "is_set"}
    if operator in ("exact", "is_not"):
        return _equal(operator, value)
    if operator in _NUMBERS:
        return {_NUMBERS[operator]: _number(value)}
    if operator in _FOLDED:
        return {_FOLDED[operator]: _text(value, operator), "ignore_case": True}
    if operator in _PATTERNS:
        return {_PATTERNS[operator]: _text(value, operator)}
    if operator in ("is_date_before", "is_date_after"):
        return {"before" if operator == "is_date_before" else "after": _ago(value)}
    raise NotTranslatableError(f"there is no operator `{operator}` here that means the same")


def _equal(operator: str, value: Node) -> Spec:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(item, str | int | Decimal | bool) for item in values):
        raise NotTranslatableError("nothing is compared with")
    if len(values) == 1:
        return {"is" if operator == "exact" else "is_not": values[0]}
    return {"in" if operator == "exact" else "not_in": values}


def _number(value: Node) -> int | Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise NotTranslatableError(f"`{value}` is no number")
    return int(number) if number == number.to_integral_value() else number


def _text(value: Node, operator: str) -> str:
    if not isinstance(value, str) or not value:
        raise NotTranslatableError(f"`{operator}` reads one text")
    return value


def _ago(value: Node) -> str:
    """A point in time before now; only those that PostHog does not move to the start or end of a day."""
    match = _RELATIVE.match(str(value))
    if match is None:
        raise NotTranslatableError(
            f"which part of the day `{value}` is, the cohort does not say: write the condition by hand, with "
            "`before`, `after` or `on`"
        )
    count = whole(match[1])
    return f"{count} {_UNITS[match[2]]}{'s' * (count != 1)} ago"
