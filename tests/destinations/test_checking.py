"""Mistakes in destinations and syncs: all at once, each at its place, before anything is opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dbt_muster.cli.main import group
from dbt_muster.delivery import select_pairs
from dbt_muster.destinations.checking import check_destinations
from dbt_muster.specs import SpecErrors, load

PROJECT = {
    "audience_specs/entities.yml": """\
entity: customer
model: ref('customers')
key: customer_id
attributes: {country: {type: string}}
identifiers: {email: email, shoe_size: shoe_size}
""",
    "audience_specs/destinations.yml": """\
destination: pigeon
type: webhok
---
destination: exports
type: files
fromat: csv
compression: rar
path: "{{ env_var('MUSTER_TEST_PATH') }}/x"
batch_size: "{{ env_var('MUSTER_TEST_SIZE') | as_number }}"
---
destination: crm
type: webhook
url: "{{ env_var('MUSTER_TEST_URL') }}"
retry:
  attempts: many
  first_wiat: 3
---
destination: braze
type: braze
instance: US-01
api_key: "{{ env_var('MUSTER_TEST_KEY') }}"
mode: full
""",
    "audience_specs/audiences/fans.yml": """\
audience: fans
entity: customer
criteria:
  - {attribute: country, is: GB}
sync:
  - {to: pigeon}
  - {to: exports, nmae: x}
  - to: crm
    match_on: [email]
  - to: braze
    match_on: [email, shoe_size]
""",
}
VARIABLES = ("MUSTER_TEST_PATH", "MUSTER_TEST_SIZE", "MUSTER_TEST_URL", "MUSTER_TEST_KEY")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in PROJECT.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def written(root: Path) -> SpecErrors:
    with pytest.raises(SpecErrors) as raised:
        check_destinations(load(root), root)
    return raised.value


def before_a_sync(root: Path) -> SpecErrors:
    with pytest.raises(SpecErrors) as raised:
        select_pairs(load(root), root=root)
    return raised.value


def places(errors: SpecErrors) -> list[tuple[str, int, int, str]]:
    return [(each.file.name, each.line, each.column, each.code) for each in errors.problems]


WITHOUT_SECRETS = [
    ("fans.yml", 7, 25, "unknown_setting"),
    ("fans.yml", 11, 23, "identifier_not_taken"),
    ("destinations.yml", 2, 7, "unknown_type"),
    ("destinations.yml", 6, 9, "unknown_setting"),
    ("destinations.yml", 7, 14, "setting"),
    ("destinations.yml", 15, 13, "setting"),
    ("destinations.yml", 16, 15, "unknown_setting"),
]


def test_what_needs_no_secret_is_found_without_any(root: Path) -> None:
    found = [place for place in places(written(root)) if place[3] != "no_full_mode"]
    assert found == WITHOUT_SECRETS


def test_a_sync_says_besides_which_variables_are_not_set(root: Path) -> None:
    errors = before_a_sync(root)
    missing = [each for each in errors.problems if each.code == "no_variable"]
    assert [(each.line, each.message) for each in missing] == [
        (8, "path: the environment variable MUSTER_TEST_PATH is not set"),
        (9, "batch_size: the environment variable MUSTER_TEST_SIZE is not set"),
        (13, "url: the environment variable MUSTER_TEST_URL is not set"),
        (21, "api_key: the environment variable MUSTER_TEST_KEY is not set"),
    ]
    for place in WITHOUT_SECRETS[2:]:
        assert place in places(errors)


def test_a_mistake_shows_its_line_and_what_was_meant(root: Path) -> None:
    assert (
        "audience_specs/destinations.yml:2:7: there is no destination type `webhok`\n"
        "    2 | type: webhok\n"
        "      |       ^\n"
    ) in str(written(root))
    assert "did you mean `webhook`?" in str(written(root))
    assert "did you mean `first_wait`?" in str(written(root))


def test_the_value_of_a_variable_is_never_shown(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.setenv(variable, "hunter2")
    for errors in (written(root), before_a_sync(root)):
        assert "hunter2" not in str(errors)
        assert "hunter2" not in json.dumps(errors.to_dict())
    assert "MUSTER_TEST_SIZE" not in str(before_a_sync(root)) or "as_number" in str(before_a_sync(root))


def test_a_secret_in_a_file_is_refused_and_not_shown(root: Path) -> None:
    path = root / "audience_specs/destinations.yml"
    path.write_text("destination: crm\ntype: webhook\nheaders: {x: y, token: hunter2}\nguard: {x: 1}\n")
    with pytest.raises(SpecErrors) as raised:
        load(root)
    assert "secret" in [each.code for each in raised.value.problems]
    assert "hunter2" not in str(raised.value)
    assert "hunter2" not in json.dumps(raised.value.to_dict())


@pytest.mark.parametrize("command", ["check", "compile"])
def test_commands_that_need_no_warehouse_find_them_too(command: str, root: Path) -> None:
    result = CliRunner().invoke(group, [command, "--project-dir", str(root)])
    assert isinstance(result.exception, SpecErrors)
    assert "webhok" in str(result.exception)
    assert not (root / "models").exists()


@pytest.mark.parametrize("command", ["sync", "status", "erase"])
def test_mistakes_are_json_for_whoever_asked_for_it(command: str, root: Path) -> None:
    (root / "audience_specs/audiences/fans.yml").write_text("audience: fans\nentity: custmer\n")
    who = ["customer", "1"] if command == "erase" else []
    result = CliRunner().invoke(group, [command, *who, "--project-dir", str(root), "--output", "json"])
    assert result.exit_code == 2
    assert json.loads(result.stdout)["problems"]


def test_destinations_that_are_right_but_for_their_secrets_pass(root: Path) -> None:
    (root / "audience_specs/destinations.yml").write_text(
        "destination: crm\ntype: webhook\n"
        "url: \"{{ env_var('MUSTER_TEST_URL') }}\"\nsecret: \"{{ env_var('MUSTER_TEST_KEY') }}\"\n"
    )
    (root / "audience_specs/audiences/fans.yml").write_text(
        "audience: fans\nentity: customer\ncriteria: [{attribute: country, is: GB}]\nsync: [{to: crm}]\n"
    )
    check_destinations(load(root), root)


def test_an_audience_is_synced_to_a_destination_once(root: Path) -> None:
    audience = root / "audience_specs/audiences/fans.yml"
    audience.write_text(audience.read_text() + "  - {to: crm, match_on: [shoe_size]}\n")
    with pytest.raises(SpecErrors) as raised:
        load(root)
    assert places(raised.value) == [("fans.yml", 12, 10, "synced_twice")]


def test_hashes_of_an_identifier_of_ones_own_go_as_they_are_where_any_is_taken(root: Path) -> None:
    entities = root / "audience_specs/entities.yml"
    hashed = "partner_id: {column: partner_hash, hashed: sha256}}"
    entities.write_text(entities.read_text().replace("shoe_size: shoe_size}", hashed))
    (root / "audience_specs/audiences/fans.yml").write_text(
        "audience: fans\nentity: customer\ncriteria: [{attribute: country, is: GB}]\nsync: [{to: crm}]\n"
    )
    assert "identifier_hashed" not in [code for *_, code in places(written(root))]
