"""The page says of every operator what becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[3] / "docs" / "importing.md").read_text(encoding="utf-8")

# Every operator that mParticle's schema 1.6.0 has.
MPARTICLE = [
    "null",
    "not_null",
    "exists",
    "not_exists",
    "equals",
    "not_equals",
    "less_than",
    "less_than_equal",
    "greater_than",
    "greater_than_equal",
    "matches",
    "not_matches",
    "contains",
    "starts_with",
    "ends_with",
    "in",
    "not_in",
    "between",
    "match_any",
    "match_all",
    "and",
    "or",
    "within",
    "min",
    "max",
    "sum",
    "avg",
    "list",
    "count",
    "plus",
    "minus",
    "multiply",
    "divide",
    "mod",
    "then",
    "relative",
    "absolute",
    "boundary",
    "relative_to",
]

# Every kind of condition and operator of PostHog's cohorts.
POSTHOG = [
    "exact",
    "is_not",
    "icontains",
    "not_icontains",
    "regex",
    "not_regex",
    "gt",
    "gte",
    "lt",
    "lte",
    "is_set",
    "is_not_set",
    "is_date_exact",
    "is_date_before",
    "is_date_after",
    "cohort",
    "performed_event",
    "performed_event_first_time",
    "performed_event_multiple",
    "performed_event_sequence",
    "performed_event_regularly",
    "stopped_performing_event",
    "restarted_performing_event",
]


@pytest.mark.parametrize("operator", MPARTICLE)
def test_each_operator_of_mparticle_is_on_the_page(operator: str) -> None:
    assert f"`{operator}`" in PAGE.partition("## PostHog")[0]


@pytest.mark.parametrize("operator", POSTHOG)
def test_each_operator_of_posthog_is_on_the_page(operator: str) -> None:
    assert f"`{operator}`" in PAGE.partition("## PostHog")[2]
