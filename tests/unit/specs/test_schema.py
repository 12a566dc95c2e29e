"""The published JSON Schemas: committed as they are made, right for good specs and wrong for bad ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from dbt_muster.cli.schema import command
from dbt_muster.specs.files import KINDS, Kind
from dbt_muster.specs.schema import schema, schema_files, stale
from dbt_muster.specs.yaml_tree import read_documents
from tests.unit.specs.corpus import GOOD
from tests.unit.specs.test_docs_examples import examples

COMMITTED = Path(__file__).parents[3] / "docs" / "schema"


def documents(files: dict[str, str]) -> Iterator[Any]:
    for name, text in files.items():
        for document in read_documents(Path(name), text)[0]:
            yield json.loads(json.dumps(document.data, default=float))


def test_the_committed_schemas_are_those_of_the_models() -> None:
    assert not stale(COMMITTED), "Run `muster schema --output-dir docs/schema`."


@pytest.mark.parametrize("kind", [None, *KINDS])
def test_a_schema_is_a_schema(kind: Kind | None) -> None:
    jsonschema.Draft7Validator.check_schema(schema(kind))


def test_good_specs_are_right_by_the_schema() -> None:
    validator = jsonschema.Draft7Validator(schema())
    for document in documents({**GOOD, **examples()}):
        validator.validate(document)


@pytest.mark.parametrize(
    "text",
    [
        "audience: x\nentity: y\n",
        "audience: X\nentity: y\ncriteria: [{event: z}]\n",
        "audience: x\nentity: y\ncriteria: []\n",
        "audience: x\nentity: y\ncriteria: [{event: z, cuont: {at_least: 1}}]\n",
        "audience: x\nentity: y\ncriteria: [{attribute: z, in: GB}]\n",
        "audience: x\nentity: y\ncriteria: {all: [{attribute: z, is: [1]}]}\n",
        "audience: x\nentity: y\ncriteria: [{event: z}]\nenabled: yes\n",
        "trait: x\nentity: y\n",
        "trait: x\nentity: y\ncount: {event: z}\nsum: {of: a, event: z}\n",
        "trait: x\nentity: y\nsum: {event: z}\n",
        "entity: x\nmodel: ref('y')\n",
        "entity: x\nmodel: ref('y')\nkey: z\nattributes: {Bad: {type: string}}\n",
        "entity: x\nmodel: ref('y')\nkey: z\nattributes: {bad: {type: strng}}\n",
        "destination: x\n",
        "destination: x\ntype: files\nguard: {largest_change: 0.3}\n",
        "test: x\nas_of: 2026-01-01\n",
        "nothing: x\n",
    ],
)
def test_bad_specs_are_wrong_by_the_schema(text: str) -> None:
    (document,) = documents({"x.yml": text})
    assert not jsonschema.Draft7Validator(schema()).is_valid(document)


def keys(part: object) -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict):
        if part.get("type") == "object":
            yield from part.get("properties", {}).items()
        for item in part.values():
            yield from keys(item)
    if isinstance(part, list):
        for item in part:
            yield from keys(item)


def test_every_key_says_what_it_is_for() -> None:
    silent = {key for key, value in keys(schema()) if not value.get("description")}
    assert not silent


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_prints_the_schema_of_every_kind(kind: Kind) -> None:
    result = CliRunner().invoke(command, ["--kind", kind])
    assert json.loads(result.output) == schema(kind)


def test_the_command_writes_the_schemas_and_says_when_they_are_stale(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(command, ["--output-dir", str(tmp_path), "--check"]).exit_code == 1
    assert run(command, ["--output-dir", str(tmp_path)]).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == list(schema_files())
    assert run(command, ["--output-dir", str(tmp_path), "--check"]).output == ""
    (tmp_path / "trait.json").write_text("{}")
    again = run(command, ["--output-dir", str(tmp_path), "--check"])
    assert again.exit_code == 1
    assert again.output.strip().endswith("trait.json")


@pytest.mark.parametrize("arguments", [["--check"], ["--kind", "trait", "--output-dir", "x"]])
def test_options_that_make_no_sense_together_are_refused(arguments: list[str]) -> None:
    assert CliRunner().invoke(command, arguments).exit_code == 2
