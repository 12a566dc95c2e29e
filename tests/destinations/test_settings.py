"""Destinations as specs write them: rendered, checked, opened, with errors that say where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dbt_muster.destinations import destination_types, find_type, open_destination
from dbt_muster.destinations.settings import check_options
from dbt_muster.destinations.types.files import Files
from dbt_muster.destinations.types.meta_custom_audiences import MetaCustomAudiences, MetaSettings
from dbt_muster.errors import UsageError
from dbt_muster.render.settings import SettingsError, render_settings
from dbt_muster.specs.meaning import Destination, Guard, Position, Sync
from dbt_muster.specs.problems import SpecErrors

HERE = Position(Path("audience_specs/destinations.yml"), 12, 1)


def spec(kind: str, **settings: Any) -> Destination:
    return Destination("crm", kind, None, Guard(), settings, HERE)


def refused(kind: str, **settings: Any) -> str:
    with pytest.raises(UsageError) as raised:
        open_destination(spec(kind, **settings), root=Path())
    return str(raised.value)


def meta() -> MetaCustomAudiences:
    settings = MetaSettings.model_validate({"ad_account": "1", "access_token": "x"})
    return MetaCustomAudiences("ads", settings, root=Path())


def test_every_type_of_our_own_can_be_opened() -> None:
    assert {"files", "webhook"} <= set(destination_types())
    for name in ("files", "webhook"):
        assert find_type(name).settings_model is not None


def test_an_unknown_type_is_reported_with_its_line_and_the_nearest_name() -> None:
    message = refused("webhok")
    assert message.startswith("audience_specs/destinations.yml:12:1: there is no destination type `webhok`")
    assert "did you mean `webhook`?" in message


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("meta", "meta_custom_audiences"),
        ("google", "google_data_manager"),
        ("google_ads", "google_data_manager"),
        ("facebook", "meta_custom_audiences"),
        ("Bing", "microsoft_advertising"),
    ],
)
def test_the_beginning_of_a_platforms_name_leads_to_its_type(written: str, meant: str) -> None:
    assert f"did you mean `{meant}`?" in refused(written)


def test_an_unknown_setting_is_reported_with_the_nearest_name() -> None:
    message = refused("files", path="x", fromat="csv")
    assert "fromat: there is no such setting" in message
    assert "did you mean `format`?" in message


def test_a_value_that_does_not_fit_is_reported_without_being_shown() -> None:
    message = refused("files", path="x", batch_size="s3cret")
    assert "batch_size" in message
    assert "s3cret" not in message


def test_every_setting_that_does_not_fit_is_reported_at_once() -> None:
    message = refused("files", format="xls", compression="rar")
    assert "3 mistakes" in message
    assert "expected one of `csv`, `jsonl`, `parquet`" in message


def test_a_setting_of_the_destination_at_a_sync_is_told_where_it_stands() -> None:
    with pytest.raises(UsageError, match="no setting of a sync to 'ads'") as raised:
        check_options(meta(), Sync("ads", (), {"mode": "full"}, HERE))
    assert "expected `mode:` at the destination 'ads', in destinations.yml" in str(raised.value)


def test_a_mistake_in_one_of_several_things_stands_at_its_own_key_and_is_told_once() -> None:
    places = {"lookalike": HERE, "lookalike.countries": replace(HERE, line=14)}
    options: dict[str, object] = {"lookalike": {"countries": ["Britain"], "ratio": "1%"}}
    with pytest.raises(SpecErrors) as raised:
        check_options(meta(), Sync("ads", (), options, HERE, positions=places))
    (problem,) = raised.value.problems
    assert problem.line == 14
    assert problem.message == "lookalike.countries: has to be two capital letters of ISO 3166-1, such as GB"


def test_a_batch_larger_than_the_destination_takes_is_refused() -> None:
    assert "10000 at most" in refused("webhook", url="https://example.com", batch_size=20_000)


def test_a_secret_written_in_the_file_is_refused() -> None:
    message = refused("webhook", url="https://example.com", secret="whsec_AAAA")  # noqa: S106
    assert "a secret is not written in a file" in message
    assert "AAAA" not in message


def test_a_signing_secret_of_another_form_is_refused_at_its_own_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_TEST_SECRET", "no base64!")
    settings = {"url": "https://example.com", "secret": "{{ env_var('MUSTER_TEST_SECRET') }}"}
    written = replace(spec("webhook", **settings), positions={"secret": replace(HERE, line=14)})
    with pytest.raises(SpecErrors) as raised:
        open_destination(written, root=Path())
    (problem,) = raised.value.problems
    assert problem.line == 14
    assert "whsec_<base64>" in problem.message
    assert "no base64!" not in str(raised.value)


def test_a_signing_secret_of_any_form_does_where_the_signature_wants_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MUSTER_TEST_SECRET", "no base64!")
    settings = {
        "url": "https://example.com",
        "secret": "{{ env_var('MUSTER_TEST_SECRET') }}",
        "signature": "hub-sha256",
    }
    assert open_destination(spec("webhook", **settings), root=Path()).name == "crm"


def test_a_header_that_carries_a_secret_is_refused_when_written_in_the_file() -> None:
    message = refused("webhook", url="https://example.com", headers={"Authorization": "Bearer abc"})
    assert "headers.Authorization" in message
    assert "abc" not in message
    allowed = spec("webhook", url="https://example.com", headers={"X-Team": "growth"})
    assert open_destination(allowed, root=Path()).name == "crm"


def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MUSTER_TEST_URL", raising=False)
    assert "MUSTER_TEST_URL is not set" in refused("webhook", url="{{ env_var('MUSTER_TEST_URL') }}")


def test_a_secret_whose_variable_is_set_to_nothing_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_TEST_SECRET", "")
    empty = "{{ env_var('MUSTER_TEST_SECRET') }}"
    message = refused("webhook", url="https://example.com", secret=empty, signature="hub-sha256")
    assert "secret: the environment variable MUSTER_TEST_SECRET is empty" in message
    message = refused("meta_custom_audiences", ad_account="1", access_token=empty)
    assert "access_token: the environment variable MUSTER_TEST_SECRET is empty" in message


def test_values_are_rendered_as_dbt_renders_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_TEST_SIZE", "250")
    settings = {
        "path": "{{ env_var('MUSTER_TEST_PATH', 'exports') }}/x",
        "batch_size": "{{ env_var('MUSTER_TEST_SIZE') | as_number }}",
    }
    destination = open_destination(spec("files", **settings), root=Path())
    assert isinstance(destination, Files)
    assert (destination.settings.path, destination.batch_size) == ("exports/x", 250)


def test_the_body_of_a_webhook_is_a_template_of_its_own_and_not_rendered_early() -> None:
    body = '{"people": {{ records }}}'
    destination = open_destination(spec("webhook", url="https://example.com", body=body), root=Path())
    assert destination.settings.body == body


def test_an_option_that_a_type_does_not_have_is_reported_where_it_is_written() -> None:
    destination = open_destination(spec("files", path="x"), root=Path())
    sync = Sync("crm", (), {"lookalike": 1}, Position(Path("audience_specs/audiences/fans.yml"), 9, 3))
    with pytest.raises(UsageError, match=r"fans\.yml:9:3: lookalike: there is no such setting"):
        check_options(destination, sync)


def test_parquet_with_gzip_is_refused_with_a_reason() -> None:
    assert "parquet compresses" in refused("files", path="x", format="parquet", compression="gzip")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("{{ '007' }}", "007"),
        ("{{ '7' }}", "7"),
        ("{{ 'None' }}", "None"),
        ("{{ '7' | as_number }}", 7),
        ("{{ '0.5' | as_number }}", 0.5),
        ("{{ 'true' | as_bool }}", True),
        ("a{{ 1 }}b", "a1b"),
    ],
)
def test_only_a_filter_turns_text_into_another_type(text: str, value: object) -> None:
    assert render_settings({"x": [text]}) == {"x": [value]}


@pytest.mark.parametrize("text", ["{{ nothing }}", "{{ 'x' | as_number }}", "{{ 'x' | as_bool }}", "{{ "])
def test_a_template_that_cannot_be_rendered_is_an_error(text: str) -> None:
    with pytest.raises(SettingsError):
        render_settings(text)


def test_a_settings_file_cannot_reach_into_python() -> None:
    with pytest.raises(SettingsError):
        render_settings("{{ env_var.__globals__ }}")
