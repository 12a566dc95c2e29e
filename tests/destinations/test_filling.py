"""Texts of a platform's facts, with the settings in their places."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pydantic import SecretStr

from dbt_muster.destinations.filling import filled

SETTINGS = SimpleNamespace(account="7", key=SecretStr("k"), days=0, project=None, parent="")


def test_facts_are_filled_with_settings_secrets_and_what_is_no_setting() -> None:
    facts = {
        "path": "/{account}/{remote}",
        "authorization": "Bearer {key}",
        "days": "{days}",
        "stays": "{days} days",
        "size": 3,
    }
    assert filled(facts, SETTINGS, remote="r") == {
        "path": "/7/r",
        "authorization": "Bearer k",
        "days": 0,
        "stays": "0 days",
        "size": 3,
    }


@pytest.mark.parametrize("text", ["{project}", "{parent}", "accounts/{account}/{project}"])
def test_a_fact_that_names_a_setting_which_is_not_set_is_left_out(text: str) -> None:
    assert filled({"header": text, "other": "{account}"}, SETTINGS) == {"other": "7"}


def test_facts_are_filled_however_deep_and_left_out_with_all_that_stands_in_them() -> None:
    facts = {
        "owner": {"type": "A", "id": "{account}"},
        "parent": {"type": "A", "id": "{parent}"},
        "lists": [{"id": "{remote}", "days": "{days}"}],
        "none": None,
    }
    assert filled(facts, SETTINGS, remote="") == {
        "owner": {"type": "A", "id": "7"},
        "lists": [{"id": "", "days": 0}],
        "none": None,
    }
