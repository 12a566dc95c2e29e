"""Lengths of time as options take them: `90s`, `10m`, `2h`, `1h30m`, `24 hours`."""

from __future__ import annotations

import re
from datetime import timedelta

import click

_PART = re.compile(r"\s*(\d+)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)(?![a-z])\s*", re.IGNORECASE)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 40


def length(text: str) -> timedelta:
    """Read a length of time, as the type of an option.

    Raises:
        click.BadParameter: it is none.
    """
    at, seconds = 0, 0
    while match := _PART.match(text, at):
        seconds += int(match[1]) * _SECONDS[match[2][0].lower()]
        at = match.end()
    if at < len(text) or not text.strip() or len(text) > _LONGEST:
        raise click.BadParameter(
            f"{text[:_LONGEST]!r} is not a length of time, such as 90s, 10m, 2h or 24 hours."
        )
    return timedelta(seconds=seconds)
