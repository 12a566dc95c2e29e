"""The instant of a look, and the dates that points in time come to at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from dbt_muster.errors import UsageError
from dbt_muster.plan.nodes import point_node
from dbt_muster.render import Renderer, RenderError
from dbt_muster.specs.meaning import Point, Project
from dbt_muster.words import Voice
from dbt_muster.words.points import clock_words


@dataclass(frozen=True)
class Clock:
    """One instant, and points in time counted from it by the macros that dbt runs.

    Attributes:
        as_of: without a zone, in UTC.
    """

    as_of: datetime
    _renderer: Renderer

    @classmethod
    def at(cls, text: str | None) -> Clock:
        """The clock of `--as-of`: a date or a timestamp, in UTC unless it names an offset; by default now.

        Raises:
            UsageError: the text is neither.
        """
        given = text if text is not None else datetime.now(UTC).isoformat(" ", "seconds")[:19]
        renderer = Renderer("duckdb", variables={"muster_as_of": given})
        try:
            return cls(renderer.value("muster_as_of"), renderer)
        except (RenderError, ValueError):
            raise UsageError(
                f"--as-of is {given!r}; expected a date or a timestamp such as 2026-01-31 or "
                "2026-01-31T09:30:00Z."
            ) from None

    def local(self, instant: datetime, timezone: str) -> str:
        """An instant as the clock of a zone shows it."""
        return clock_words(self._renderer.value("muster_to_local", instant, timezone))

    def dated(self, point: Point, timezone: str) -> str:
        """A point in time as the clock of a zone shows it; a window's ends may lie where no date can be."""
        try:
            return self.local(self._renderer.value("muster_instant", point_node(point), timezone), timezone)
        except OverflowError:
            return "beyond any date"

    def voice(self, project: Project, entity: str) -> Voice:
        """The voice that dates what it says about an entity, and about others, each by its own zone."""
        timezone = project.entities[entity].timezone
        return Voice(
            entity, lambda point: self.dated(point, timezone), lambda other: self.voice(project, other)
        )
