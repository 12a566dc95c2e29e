"""Lengths and points of time of other systems in the words of a spec."""

from __future__ import annotations

from decimal import Decimal

from dbt_muster.importing.translation import Node, NotTranslatableError

EXACT_UNITS = ("minute", "hour", "day", "week")


def length(count: Node, unit: str, calendar: bool = False) -> str:
    """`30 days`, or `30 calendar days`.

    Raises:
        NotTranslatableError: the count is no whole number of one or more.
    """
    number = whole(count)
    if number < 1:
        raise NotTranslatableError(f"{count} {unit}s are no length of time")
    return f"{number} {'calendar ' if calendar else ''}{unit}{'s' * (number != 1)}"


def whole(count: Node) -> int:
    """A whole number, which may be written as text.

    Raises:
        NotTranslatableError: it is none.
    """
    if isinstance(count, str) and count.strip().lstrip("-").isdecimal():
        return int(count)
    if isinstance(count, Decimal) and count == count.to_integral_value():
        return int(count)
    if isinstance(count, int) and not isinstance(count, bool):
        return count
    raise NotTranslatableError(f"`{count}` is no whole number")
