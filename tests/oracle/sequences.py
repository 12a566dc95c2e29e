"""Sequences, by trying every choice of events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from tests.oracle import points
from tests.oracle.entities import Event, Source, Subject
from tests.oracle.world import Spec

Matching = Callable[[Spec, Subject], tuple[Source, list[Event]]]
"""A subject's events of a step's kind, for which its `where` holds."""


def holds(spec: Spec, subject: Subject, clock: points.Clock, matching: Matching) -> bool:
    """Whether some choice of events, one a step, makes a sequence.

    Args:
        spec: the condition, with its steps and its window.
        subject: whose events they are.
        clock: what the window is counted from.
        matching: finds the events that a step may choose.
    """
    search = _Search(tuple(spec["sequence"]), points.window(spec, clock), clock, matching)
    return search.goes_on(0, subject, None)


@dataclass(frozen=True)
class _Search:
    steps: tuple[Spec, ...]
    window: points.Window
    clock: points.Clock
    matching: Matching

    def goes_on(self, number: int, subject: Subject, before: datetime | None) -> bool:
        """Whether the steps from a number on can be chosen.

        Args:
            number: of the next step.
            subject: with the events that were chosen and named.
            before: when the step before happened.
        """
        if number == len(self.steps):
            return True
        step = self.steps[number]
        if "without" not in step:
            return any(
                self.goes_on(number + 1, after, event.at)
                for event, after in self.choices(step, subject, before)
            )
        assert before is not None
        if number == len(self.steps) - 1:
            end = later(before, step["within"])
            return end <= self.clock.as_of and not self.happens(step, subject, before, end, with_end=True)
        return any(
            not self.happens(step, subject, before, event.at, with_end=False)
            and self.goes_on(number + 2, after, event.at)
            for event, after in self.choices(self.steps[number + 1], subject, before)
        )

    def choices(self, step: Spec, subject: Subject, before: datetime | None) -> list[tuple[Event, Subject]]:
        """The events that a step may be, and the subject once it is."""
        latest = later(before, step["within"]) if before and "within" in step else datetime.max
        source, events = self.found(step["event"], step, subject)
        chosen = [
            event
            for event in events
            if points.inside(event.at, self.window) and (before or datetime.min) < event.at <= latest
        ]
        if "as" not in step:
            return [(event, subject) for event in chosen]
        return [
            (event, replace(subject, steps={**subject.steps, step["as"]: (source, event)}))
            for event in chosen
        ]

    def happens(
        self, step: Spec, subject: Subject, start: datetime, end: datetime, *, with_end: bool
    ) -> bool:
        """Whether something happens after the start and before the end, or at it."""
        _, events = self.found(step["without"], step, subject)
        moments = [event.at for event in events]
        return any(start < moment < end or (with_end and moment == end) for moment in moments)

    def found(self, kind: str, step: Spec, subject: Subject) -> tuple[Source, list[Event]]:
        return self.matching({"event": kind, "where": step.get("where", [])}, subject)


def later(moment: datetime, length: str) -> datetime:
    """A moment, and a length such as `2 days` or `1 month` after it."""
    count, unit = points.length_of(length)
    return points.move(moment, count, unit)
