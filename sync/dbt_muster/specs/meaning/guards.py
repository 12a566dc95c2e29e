"""Guards: the limits beyond which a delivery waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal as OneOf


@dataclass(frozen=True)
class Guard:
    """What `guard:` of a destination says; None is no limit.

    Attributes:
        largest_share: additions, changes and removals together, as a part of the members held, from 0 to 1.
        largest_moves: the same as a number.
        smallest_audience: the fewest members that can be delivered.
        largest_audience: the most.
        freshness: how old the audience, and the newest row of each of its event sources, may be.
        failed_tests: whether a failed dbt test or model that the audience is built on blocks the delivery.
    """

    largest_share: float | None = None
    largest_moves: int | None = None
    smallest_audience: int | None = None
    largest_audience: int | None = None
    freshness: timedelta | None = None
    failed_tests: OneOf["block", "ignore"] = "block"
