"""What people did, in PostHog's cohorts.

PostHog starts the window of "completed event" at the local midnight so many days ago, and counts that of
"completed event multiple times" back from the instant; both are said here as they are.
"""

from __future__ import annotations

from collections.abc import Callable

from dbt_muster.importing.posthog_properties import comparison
from dbt_muster.importing.translation import Names, Node, NotTranslatableError, Spec, mapping, name_of
from dbt_muster.importing.windows import length, whole

_COUNTS = {
    "gte": "at_least",
    "gt": "more_than",
    "lte": "at_most",
    "lt": "less_than",
    "eq": "is",
    "exact": "is",
}
_AT_MOST = ("at_most", "less_than")
_MODEL = "events"


def behaviour(node: Spec, names: Names) -> Spec:
    """A behavioural filter as a condition, without its negation.

    Raises:
        NotTranslatableError: a spec has nothing that means exactly the same.
    """
    kind = str(node.get("value"))
    translate = _KINDS.get(kind)
    if translate is None:
        raise NotTranslatableError(_WHY_NOT.get(kind, f"there is no behaviour `{kind}` here"))
    if node.get("explicit_datetime") or node.get("explicit_datetime_to"):
        raise NotTranslatableError(
            "which part of the day an explicit date is, the cohort does not say: write `between` or `since`"
        )
    return translate(node, names)


def _event(node: Spec, names: Names, key: str = "key", kind: str = "event_type") -> str:
    if node.get(kind, "events") != "events" or not isinstance(node.get(key), str):
        raise NotTranslatableError("an action is defined elsewhere: write its events")
    source = names.events.get(_MODEL)
    return f"{source}.{node[key]}" if source else str(node[key])


def _where(node: Spec) -> Spec:
    filters = node.get("event_filters")
    if not filters:
        return {}
    return {"where": [_property(mapping(item)) for item in filters]}


def _property(node: Spec) -> Spec:
    if node.get("type", "event") != "event":
        raise NotTranslatableError(f"a `{node.get('type')}` filter cannot stand in an event's `where`")
    return {"property": name_of(str(node.get("key")), "a property"), **comparison(node)}


def _from_midnight(count: Node, unit: Node) -> str:
    """A window that PostHog starts at a local midnight; hours it counts back from the instant."""
    if unit == "hour":
        return length(count, "hour")
    if unit == "week":
        return length(whole(count) * 7, "day", calendar=True)
    return length(count, _unit(unit), calendar=True)


def _unit(unit: Node) -> str:
    if unit not in ("hour", "day", "week", "month", "year"):
        raise NotTranslatableError(f"a window of some `{unit}` is read by PostHog as something else")
    return str(unit)


def _performed(node: Spec, names: Names) -> Spec:
    within = _from_midnight(node.get("time_value"), node.get("time_interval"))
    return {"event": _event(node, names), "within": within, **_where(node)}


def _first_time(node: Spec, names: Names) -> Spec:
    within = _from_midnight(node.get("time_value"), node.get("time_interval"))
    return {"event": _event(node, names), "first_time": {"within": within}, **_where(node)}


def _multiple(node: Spec, names: Names) -> Spec:
    operator = _COUNTS.get(str(node.get("operator") or "exact"))
    if operator is None:
        raise NotTranslatableError(f"there is no count with the operator `{node.get('operator')}`")
    # PostHog counts only people with an event in the window, so nobody is in "at most" with none.
    count = {"at_least": 1} if operator in _AT_MOST else {}
    within = length(node.get("time_value"), _unit(node.get("time_interval")))
    said = {"count": {**count, operator: whole(node.get("operator_value"))}, "within": within}
    return {"event": _event(node, names), **said, **_where(node)}


def _stopped(node: Spec, names: Names) -> Spec:
    recent = {
        **node,
        "time_value": node.get("seq_time_value"),
        "time_interval": node.get("seq_time_interval"),
    }
    return {"all": [_performed(node, names)], "none": [_performed(recent, names)]}


_KINDS: dict[str, Callable[[Spec, Names], Spec]] = {
    "performed_event": _performed,
    "performed_event_first_time": _first_time,
    "performed_event_multiple": _multiple,
    "stopped_performing_event": _stopped,
}

_WHY_NOT = {
    "performed_event_sequence": "in PostHog's funnels two events of one instant can be in order, and a step "
    "of a sequence comes strictly later: write a `sequence`",
    "performed_event_regularly": "PostHog counts whole local days up to yesterday, and `periods` counts back "
    "from the instant: write `periods`",
    "restarted_performing_event": "PostHog's two ranges share the day between them, which no pair of windows "
    "does: write the event `within` the later one under `all`, and `between` the earlier ends under `none`",
}
