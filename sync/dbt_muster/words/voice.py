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
        others: gives the voice of another entity, whose zone may be another.
    """

    entity: str
    dated: Callable[[Point], str] | None = None
    others: Callable[[str], Voice] | None = None

    def of(self, entity: str) -> Voice:
        """The voice that speaks of another entity."""
        return self.others(entity) if self.others else Voice(entity)
