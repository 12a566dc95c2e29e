"""Points in time, and the windows between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal as OneOf

Unit = OneOf["minute", "hour", "day", "week", "month", "quarter", "year"]


@dataclass(frozen=True)
class Shift:
    """`as_of` moved by `count` units: negative is ago, positive is ahead, zero is `as_of` itself.

    Minutes to weeks are exact lengths; months, quarters and years are calendar steps in UTC.
    """

    count: int
    unit: Unit


@dataclass(frozen=True)
class LocalMidnight:
    """Local midnight `count` units before the local day of `as_of` (`within: N calendar days`)."""

    count: int
    unit: OneOf["day", "week", "month", "quarter", "year"]


@dataclass(frozen=True)
class Boundary:
    """The local start of the `unit` that contains `as_of`, moved by `shift` units.

    `start of month` has shift 0, `start of last month` -1, `end of month` 1, `end of last month` 0.
    """

    unit: OneOf["day", "week", "month", "quarter", "year"]
    shift: int


@dataclass(frozen=True)
class Instant:
    """An absolute instant, from a literal that names its offset."""

    utc: datetime  # naive, in UTC


@dataclass(frozen=True)
class LocalTime:
    """A literal without an offset, in the entity's time zone; a bare date is its midnight."""

    local: datetime  # naive


@dataclass(frozen=True)
class Length:
    """A length of time, from an instant on: exact up to weeks, calendar steps in UTC from months on."""

    count: int
    unit: Unit


Point = Shift | LocalMidnight | Boundary | Instant | LocalTime
AS_OF = Shift(0, "day")


@dataclass(frozen=True)
class Window:
    """Half-open: `start <= t < end`. None is an open end. Events are cut off at `as_of` besides."""

    start: Point | None = None
    end: Point | None = None


EVER = Window()
