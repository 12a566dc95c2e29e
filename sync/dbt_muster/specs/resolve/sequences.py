"""Sequences: which steps can stand where, and what each of them asks for."""

from __future__ import annotations

from dataclasses import replace

from dbt_muster.specs.meaning import Condition, Length, Sequence, Step
from dbt_muster.specs.models.sequence import EventStep, SequenceCondition, WithoutStep
from dbt_muster.specs.patch import UNSAID
from dbt_muster.specs.points import NotATimeError, parse_duration
from dbt_muster.specs.resolve.events import event_window
from dbt_muster.specs.resolve.names import find_event
from dbt_muster.specs.resolve.right_sides import Place
from dbt_muster.specs.resolve.scope import SourceScope
from dbt_muster.specs.resolve.steps import EarlierSteps
from dbt_muster.specs.resolve.times import parse_time
from dbt_muster.specs.resolve.where import where
from dbt_muster.specs.yaml_tree import YamlPath

_LENGTH = "a length of time, such as `30 minutes`, `24 hours` or `1 month`"


def sequence(place: Place, model: SequenceCondition, path: YamlPath) -> Sequence:
    """A whole sequence; steps that were wrong are left out, which has been reported."""
    window = event_window(place.site, model, path)
    at = (*path, "sequence")
    steps = _Steps(place, model)
    found = [
        steps.resolve(index, step, (*at, index))
        for index, step in enumerate(model.sequence)
        if isinstance(step, EventStep | WithoutStep)
    ]
    return Sequence(tuple(found), window)


class _Steps:
    """The steps of one sequence, resolved in their order."""

    def __init__(self, place: Place, model: SequenceCondition) -> None:
        self._place = place
        self._all = model.sequence
        self._names = [step.as_ for step in model.sequence if isinstance(step, EventStep) and step.as_]
        self._before: dict[str, tuple[int, SourceScope | None]] = {}

    def resolve(self, index: int, model: EventStep | WithoutStep, path: YamlPath) -> Step:
        """One step; every mistake in it is reported."""
        if isinstance(model, WithoutStep):
            source, kind = self._event(model.without, (*path, "without"))
            within = self._absence(index, model, path)
        else:
            source, kind = self._event(model.event, (*path, "event"))
            within = self._since_before(index, model, path)
        condition = self._where(source, model, path)
        if isinstance(model, EventStep) and model.as_:
            self._name(index, model.as_, source, path)
        name = source.name if source else UNSAID
        return Step(name, kind, condition, within, without=isinstance(model, WithoutStep))

    def _event(self, text: str, path: YamlPath) -> tuple[SourceScope | None, str | None]:
        return find_event(self._place.site, self._place.entity, text, path)

    def _where(
        self, source: SourceScope | None, model: EventStep | WithoutStep, path: YamlPath
    ) -> Condition | None:
        if model.where is None:
            return None
        earlier = EarlierSteps(dict(self._before), frozenset(self._names) - self._before.keys())
        place = replace(self._place, source=source, in_where=True, steps=earlier)
        return where(place, model.where, (*path, "where"))

    def _name(self, index: int, name: str, source: SourceScope | None, path: YamlPath) -> None:
        if name in self._before:
            message = f"an earlier step is named `{name}` already"
            self._place.site.report((*path, "as"), "declared_twice", message, expected="each name once")
            return
        self._before[name] = (index + 1, source)

    def _since_before(self, index: int, model: EventStep, path: YamlPath) -> Length | None:
        """The longest time since the step before."""
        if model.within is None:
            return None
        if index == 0:
            message = "`within` is the time since the step before, and this is the first step"
            expected = "`within` beside `sequence`, for all steps together, or at a later step"
            self._report((*path, "within"), message, expected)
            return None
        return self._length(model.within, path)

    def _absence(self, index: int, model: WithoutStep, path: YamlPath) -> Length | None:
        """How long a last `without` looks ahead; one in the middle looks as far as its neighbours."""
        place, is_last = self._place, index == len(self._all) - 1
        if index == 0:
            message = "a sequence cannot begin with `without`: there is no step that it could come after"
            self._report(
                (*path, "without"),
                message,
                f"`event` first; who never did it at all is `none: [{{event: {model.without}}}]`",
            )
        elif isinstance(self._all[index - 1], WithoutStep):
            message = "two `without` steps stand in a row, and each needs an `event` before and after it"
            expected = "an `event` step between them; for one source, one `without` with `where: {any: […]}`"
            self._report((*path, "without"), message, expected)
        elif is_last and model.within is None and (*path, "within") not in place.site.patches.values:
            message = "a `without` at the end does not say for how long nothing may happen"
            self._report((*path, "without"), message, "`within: 24 hours` beside it, or another length")
        elif not is_last and model.within is not None:
            message = "a `without` between two steps lasts from the one to the other"
            self._report((*path, "within"), message, "`within` at the `event` step after it")
            return None
        return (
            None
            if model.within is None
            else parse_time(self._place.site, _length, model.within, (*path, "within"), _LENGTH)
        )

    def _length(self, text: str | None, path: YamlPath) -> Length | None:
        return (
            None if text is None else parse_time(self._place.site, _length, text, (*path, "within"), _LENGTH)
        )

    def _report(self, path: YamlPath, message: str, expected: str) -> None:
        self._place.site.report(path, "wrong_step", message, expected=expected, key=True)


def _length(text: str) -> Length:
    """A length of time between two steps.

    Raises:
        NotATimeError: the text is none, or counts by the calendar.
    """
    try:
        found = parse_duration(text)
    except NotATimeError as error:
        raise NotATimeError(error.message, _LENGTH, error.suggestion) from None
    if found.calendar:
        message = f"`{text}` counts by the calendar, back from now, and a step follows another one"
        raise NotATimeError(message, _LENGTH, " ".join(text.replace("calendar", "").split()))
    return Length(found.count, found.unit)
