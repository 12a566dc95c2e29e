"""Alerts: who is told when a delivery does not go as it should."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal as OneOf

from dbt_muster.specs.meaning.values import Position

Occasion = OneOf["failure", "blocked", "stale", "size_change"]


@dataclass(frozen=True)
class Alert:
    """One entry of `alerts:`.

    Attributes:
        type: the form of the message: Slack's incoming webhooks, or JSON of our own.
        url: where to, as written: a template, so no secret is ever held here.
        on: the ends of a run that are told.
        stale_after: how long after the last delivery that went through it counts as stale; None is never.
        size_change: how much larger or smaller than before an audience may be, as a part; None is any.
    """

    type: OneOf["slack", "webhook"]
    url: str
    on: tuple[OneOf["failure", "blocked"], ...]
    stale_after: timedelta | None
    size_change: float | None
    position: Position
