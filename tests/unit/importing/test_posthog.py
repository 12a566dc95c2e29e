"""PostHog's cohorts, part by part."""

from __future__ import annotations

from typing import Any

import pytest

from dbt_muster.importing.posthog import translate
from dbt_muster.importing.translation import Names, NotTranslatableError

NAMES = Names("person", {"events": "app"}, {"17": "vip"})


def cohort(*leaves: dict[str, Any]) -> dict[str, Any]:
    group = {"type": "OR", "values": [{"type": "AND", "values": list(leaves)}]}
    return {"id": 1, "name": "A cohort", "filters": {"properties": group}}


def said(leaf: dict[str, Any]) -> Any:
    imported = translate(cohort(leaf), NAMES)
    assert imported.gaps == ()
    return imported.criteria["any"][0]["all"][0]


def person(operator: str | None, value: object = None, **more: object) -> dict[str, Any]:
    return {"type": "person", "key": "plan", "operator": operator, "value": value, **more}


def did(kind: str, **more: object) -> dict[str, Any]:
    window = {"time_value": 30, "time_interval": "day"}
    return {"type": "behavioral", "key": "$pageview", "event_type": "events", "value": kind, **window, **more}


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        (person("exact", ["pro"]), {"is": "pro"}),
        (person(None, "pro"), {"is": "pro"}),
        (person("exact", ["pro", "team"]), {"in": ["pro", "team"]}),
        (person("is_not", ["pro", "team"]), {"not_in": ["pro", "team"]}),
        (person("is_not", "pro"), {"is_not": "pro"}),
        (person("icontains", "PRO"), {"contains": "PRO", "ignore_case": True}),
        (person("not_icontains", "PRO"), {"not_contains": "PRO", "ignore_case": True}),
        (person("regex", "^p"), {"matches": "^p"}),
        (person("not_regex", "^p"), {"not_matches": "^p"}),
        (person("gt", "5"), {"more_than": 5}),
        (person("gte", 5), {"at_least": 5}),
        (person("lt", "5.0"), {"less_than": 5}),
        (person("lte", 5), {"at_most": 5}),
        (person("is_set"), {"is_set": True}),
        (person("is_not_set"), {"is_set": False}),
        (person("is_date_before", "-2w"), {"before": "2 weeks ago"}),
        (person("is_date_after", "-6h"), {"after": "6 hours ago"}),
    ],
)
def test_each_operator_of_a_property_has_its_own(leaf: dict[str, Any], expected: dict[str, Any]) -> None:
    assert said(leaf) == {"attribute": "plan", **expected}


def test_a_negated_condition_is_its_complement() -> None:
    assert said(person("exact", "pro", negation=True)) == {"none": [{"attribute": "plan", "is": "pro"}]}


def test_another_cohort_is_an_audience() -> None:
    assert said({"type": "cohort", "key": "id", "value": 17, "negation": True}) == {
        "none": [{"audience": "vip"}]
    }


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        (did("performed_event"), {"within": "30 calendar days"}),
        (did("performed_event", time_interval="week", time_value="1"), {"within": "7 calendar days"}),
        (did("performed_event", time_interval="hour", time_value=6), {"within": "6 hours"}),
        (did("performed_event_first_time"), {"first_time": {"within": "30 calendar days"}}),
        (
            did("performed_event_multiple", operator="gte", operator_value=3),
            {"count": {"at_least": 3}, "within": "30 days"},
        ),
        (
            did("performed_event_multiple", operator="lte", operator_value=3),
            {"count": {"at_least": 1, "at_most": 3}, "within": "30 days"},
        ),
        (
            did("performed_event", event_filters=[{"type": "event", "key": "$browser", "value": "Safari"}]),
            {"within": "30 calendar days", "where": [{"property": "browser", "is": "Safari"}]},
        ),
    ],
)
def test_each_behaviour_keeps_its_window_and_its_count(
    leaf: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert said(leaf) == {"event": "app.$pageview", **expected}


def test_who_stopped_did_it_in_the_longer_window_and_not_in_the_shorter() -> None:
    assert said(did("stopped_performing_event", seq_time_value=7, seq_time_interval="day")) == {
        "all": [{"event": "app.$pageview", "within": "30 calendar days"}],
        "none": [{"event": "app.$pageview", "within": "7 calendar days"}],
    }


@pytest.mark.parametrize(
    ("leaf", "reason"),
    [
        (person("is_date_exact", "2026-01-01"), "no operator `is_date_exact`"),
        (person("is_date_before", "2026-01-01"), "which part of the day"),
        (person("gt", "many"), "`many` is no number"),
        (person("exact", []), "nothing is compared with"),
        (person("icontains", ["a", "b"]), "reads one text"),
        ({"type": "cohort", "key": "id", "value": 18}, "--audience 18=<name>"),
        ({"type": "person_metadata", "key": "created_at", "operator": "is_set"}, "type `person_metadata`"),
        (did("performed_event_sequence"), "write a `sequence`"),
        (did("performed_event_regularly"), "write `periods`"),
        (did("restarted_performing_event"), "share the day"),
        (did("dreamt_event"), "no behaviour `dreamt_event`"),
        (did("performed_event", event_type="actions", key=12), "an action is defined elsewhere"),
        (did("performed_event", explicit_datetime="-30d"), "explicit date"),
        (did("performed_event", time_interval="minute"), "read by PostHog as something else"),
        (did("performed_event", time_value=0), "no length of time"),
        (did("performed_event_multiple", operator="gte", operator_value="many"), "no whole number"),
        (
            did("performed_event", event_filters=[{"type": "person", "key": "a"}]),
            "cannot stand in an event's",
        ),
    ],
)
def test_what_has_no_exact_meaning_is_listed_with_the_reason(leaf: dict[str, Any], reason: str) -> None:
    gaps = translate(cohort(leaf), NAMES).gaps
    assert [gap.path for gap in gaps] == ["filters.properties.values[0].values[0]"]
    assert reason in gaps[0].reason


def test_filters_for_test_accounts_are_listed() -> None:
    one = cohort(person("is_set"))
    one["filters"]["filterTestAccounts"] = True
    assert [gap.path for gap in translate(one, NAMES).gaps] == ["filters"]


def test_a_static_cohort_is_no_definition() -> None:
    with pytest.raises(NotTranslatableError, match="a list of people"):
        translate({"is_static": True, "filters": {}}, NAMES)
