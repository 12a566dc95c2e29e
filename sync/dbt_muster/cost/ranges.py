"""How far back the events are read, by whom and for which column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dbt_muster.plan.nodes import point_node
from dbt_muster.plan.starts import EVERY_COLUMN, Owner, Reading, readings
from dbt_muster.render import Renderer
from dbt_muster.specs.meaning import AS_OF, Point, Project, Window
from dbt_muster.words import Voice
from dbt_muster.words.points import clock_words, window_words


@dataclass(frozen=True)
class Range:
    """What a scan of events reads: from a point on, up to now.

    Attributes:
        start: as the specs say it; None is ever.
        since: the instant in UTC, without a zone.
        local: the same on the clock of the entity's zone.
    """

    start: Point | None = None
    since: datetime | None = None
    local: datetime | None = None

    def later_than(self, other: Range) -> bool:
        """Whether it reads less than another one."""
        return self.since is not None and (other.since is None or self.since > other.since)

    def words(self, *, dated: bool) -> str:
        """`ever`, `the last 90 days`; with the date where it is asked for."""
        if self.start is None:
            return "ever"
        words = window_words(Window(self.start, AS_OF), Voice("", None)).removeprefix("in ")
        return f"{words} (from {clock_words(self.local)})" if dated and self.local is not None else words

    def to_dict(self) -> dict[str, str | None]:
        """As plain data."""
        return {
            "words": self.words(dated=False),
            "since": None if self.since is None else f"{self.since.isoformat()}Z",
        }


EVER = Range()


class Ranges:
    """The windows of a project at an instant.

    Args:
        project: its specs.
        renderer: turns points into instants.
    """

    def __init__(self, project: Project, renderer: Renderer) -> None:
        self._renderer = renderer
        self._readings = readings(project)

    def timed(self, model: str) -> bool:
        """Whether a model reads events."""
        return model in self._readings

    def settles_ids(self, model: str) -> bool:
        """Whether a model is the table of a source's repeated events."""
        return self.timed(model) and self._readings[model].settles_ids

    def is_feature(self, model: str, column: str) -> bool:
        """Whether a column is something that is asked about events, rather than a key."""
        if not self.timed(model) or self.settles_ids(model):
            return False
        return not {column, EVERY_COLUMN}.isdisjoint(self._readings[model].starts)

    def over(self, model: str, columns: Iterable[str], counts: set[Owner] | None = None) -> Range | None:
        """What a model reads for some of its columns.

        Args:
            model: its name.
            columns: those that are needed.
            counts: whose windows count; None is everybody's. A column that none of them asks for itself they
                need through somebody else, whose windows count then.

        Returns:
            None for a model that reads no events.
        """
        if not self.timed(model):
            return None
        reading, points = self._readings[model], set[Point | None]()
        for column in (*columns, EVERY_COLUMN):
            owners = reading.starts.get(column, {})
            chosen = owners.keys() if counts is None else owners.keys() & counts
            points |= {point for owner in chosen or owners for point in owners[owner]}
        return self._widest(reading, points)

    def _widest(self, reading: Reading, points: Iterable[Point | None]) -> Range:
        """The widest of some windows; where there is none, all of time, as a build reads it."""
        found = [self._range(point, reading.timezone) for point in points]
        return min(found, key=lambda each: each.since or datetime.min, default=EVER)

    def _range(self, point: Point | None, zone: str) -> Range:
        if point is None:
            return EVER
        since = self._renderer.value("muster_instant", point_node(point), zone)
        return Range(point, since, self._renderer.value("muster_to_local", since, zone))
