"""Texts of a platform's facts, with the settings in their places."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pydantic import SecretStr

from dbt_muster.destinations.filling import Proof, filled

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


def test_a_secret_is_proved_to_be_known_without_being_said() -> None:
    digest = "9c737d163bcd1315bb695b00262e3ba4487ae2670bb2b0e6b8ee7f6ad354215a"
    assert filled({"proof": Proof(of="account", by="key")}, SETTINGS) == {"proof": digest}


@pytest.mark.parametrize("by", ["project", "parent", "nothing"])
def test_nothing_is_proved_by_a_setting_that_is_not_set(by: str) -> None:
    settings = SimpleNamespace(account="7", project=None, parent=SecretStr(""), nothing="")
    assert filled({"proof": Proof(of="account", by=by), "other": 1}, settings) == {"other": 1}
