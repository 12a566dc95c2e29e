"""How long members stay, and when they expire."""

from __future__ import annotations

from dbt_muster.specs.meaning import Shift
from dbt_muster.specs.points import Duration, NotATimeError, parse_duration
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.resolve.times import parse_time

LENGTH_EXPECTED = "a length of time, such as `30 days` or `3 months`"


def resolve_length(site: Site, key: str, text: str | None) -> Shift | None:
    """The length of time under `stay` or `expire`; what is none is reported."""
    if text is None:
        return None
    length = parse_time(site, _length, text, (key,), LENGTH_EXPECTED)
    return None if length is None else Shift(length.count, length.unit)


def _length(text: str) -> Duration:
    length = parse_duration(text)
    if length.calendar:
        message = f"`{text}` counts by the calendar, and this is counted from the member's own time"
        plain = " ".join(word for word in text.split() if word != "calendar")
        raise NotATimeError(message, LENGTH_EXPECTED, f"`{plain}`")
    return length
