"""Lengths of time as options take them: `90s`, `10m`, `2h`, `1h30m`, `24 hours`."""

from __future__ import annotations

import re
from datetime import timedelta

import click

_PART = re.compile(r"\s*(\d+)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)(?![a-z])\s*", re.IGNORECASE)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Length(click.ParamType):
    """A length of time."""

    name = "length"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read a length; click's own error where it is none."""
        if isinstance(value, timedelta):
            return value
        text, at, seconds = str(value), 0, 0
        while match := _PART.match(text, at):
            seconds += int(match[1]) * _SECONDS[match[2][0].lower()]
            at = match.end()
        if at < len(text) or not text.strip() or len(text) > 40:
            self.fail(f"{text!r} is not a length of time, such as 90s, 10m, 2h or 24 hours.", param, ctx)
        return timedelta(seconds=seconds)


LENGTH = Length()
