"""Ordered events in mParticle's definitions: `then`."""

from __future__ import annotations

from dbt_muster.importing.mparticle_events import EventModels
from dbt_muster.importing.translation import Node, NotTranslatableError, Spec, mapping
from dbt_muster.importing.windows import EXACT_UNITS, length, whole


def sequence(node: Spec, events: EventModels) -> Spec:
    """A `then` expression as a sequence.

    Raises:
        NotTranslatableError: a step says something that a sequence cannot.
    """
    steps = node.get("sequence")
    if not isinstance(steps, list) or len(steps) < 2:
        raise NotTranslatableError("a sequence has two steps or more", ".sequence")
    translated = []
    before: str | None = None
    for index, step in enumerate(steps):
        try:
            translated.append(_step(mapping(step), before, events))
        except NotTranslatableError as error:
            raise NotTranslatableError(error.reason, f".sequence[{index}]{error.path}") from error
        before = str(step.get("alias"))
    return {"sequence": translated}


def _step(step: Spec, before: str | None, events: EventModels) -> Spec:
    model = str(mapping(step.get("operand"), ".operand").get("model", ""))
    within, rest = _within(step.get("condition"), before, events)
    found = events.filtered(model, rest)
    if found.window:
        raise NotTranslatableError(
            "the window of one step is that of the whole sequence in a spec", ".condition"
        )
    condition = events.condition(model, found)
    said: Spec = {"event": condition.pop("event"), "as": str(step.get("alias"))}
    return said | ({"within": within} if within else {}) | condition


def _within(condition: Node, before: str | None, events: EventModels) -> tuple[str | None, Node]:
    """The length of time after the step before, and the condition without it."""
    if condition is None:
        return None, {"operator": "and", "expressions": []}
    parts = condition.get("expressions") if mapping(condition).get("operator") == "and" else [condition]
    within, rest = None, []
    for part in parts or []:
        relative = _relative(part)
        if relative is None:
            rest.append(part)
        else:
            within = _length(part, relative, before, events)
    return within, {"operator": "and", "expressions": rest}


def _relative(part: Node) -> Spec | None:
    right = part.get("right") if isinstance(part, dict) else None
    date = right.get("date") if isinstance(right, dict) else None
    relative = date.get("relative") if isinstance(date, dict) else None
    return relative if isinstance(relative, dict) and "relative_to" in relative else None


def _length(part: Spec, relative: Spec, before: str | None, events: EventModels) -> str:
    operator = str(part.get("operator"))
    if operator != "less_than_equal" and not (operator == "less_than" and events.operands.at_the_instant):
        raise NotTranslatableError(
            "a step's window includes its far end: write `less_than_equal`, or give --at-the-instant",
            ".condition",
        )
    if mapping(relative["relative_to"]).get("alias") != before:
        raise NotTranslatableError("a step's window is counted from the step just before it", ".condition")
    if str(relative.get("unit")) not in EXACT_UNITS or whole(relative.get("offset")) < 1:
        raise NotTranslatableError("a step's window is some minutes, hours, days or weeks", ".condition")
    return length(relative.get("offset"), str(relative["unit"]))
