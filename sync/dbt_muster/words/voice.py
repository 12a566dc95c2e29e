"""What a description needs to know besides what it describes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dbt_muster.specs.meaning import Point


@dataclass(frozen=True)
class Voice:
    """How something is said.

    Attributes:
        entity: what the audience is made of, such as `customer`.
        dated: gives a point in time as a date or a time of the entity's zone; None leaves relative points as
            they are written.
    """

    entity: str
    dated: Callable[[Point], str] | None = None
