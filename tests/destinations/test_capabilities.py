"""What a platform takes, stated in short."""

from __future__ import annotations

from dbt_muster.destinations import Form
from dbt_muster.destinations.authoring.facts import parts


def test_parts_of_a_person_are_written_by_the_rules_for_what_they_are_and_lead_nowhere_alone() -> None:
    assert parts({"last_name": "LN", "city": "CT", "date_of_birth": ("Y", "M", "D")}) == {
        "last_name": Form("name", "sha256", alone=False, called="LN"),
        "city": Form("city", "sha256", alone=False, called="CT"),
        "date_of_birth.year": Form("birth_year", "sha256", alone=False, called="Y"),
        "date_of_birth.month": Form("birth_month", "sha256", alone=False, called="M"),
        "date_of_birth.day": Form("birth_day", "sha256", alone=False, called="D"),
    }


def test_parts_of_a_person_may_have_a_form_of_the_platforms_own() -> None:
    assert parts({"country": "C"}, "country_upper", "none") == {
        "country": Form("country_upper", alone=False, called="C")
    }
