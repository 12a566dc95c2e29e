"""Text that means something to YAML, Jinja, SQL or a terminal is only ever text, in every place of a spec."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dbt_muster.plan import compile_project
from dbt_muster.specs import SpecErrors, load
from tests.end_to_end.commands import REPOSITORY, start
from tests.end_to_end.without_dbt import build

HOSTILE = [
    "O'Hara; drop table people; --",
    'a "quoted" name',
    "/* comment */ -- and another",
    "{{ var('x') }}{% do run_query('drop table people') %}{# gone #}",
    "}} %} #} {{ '{{' }}",
    "back\\slash \\' \\\\",
    "ends with a backslash\\",
    "percent %s %(x)s %% _like_",
    "naïve 東京 😀 ‮right to left",
    "null",
    "- [a, {b: c}] # d: &e *f !g",
    "$1 ? :name `backtick` $$",
]

Spec = Mapping[str, Any]


def write(root: Path, name: str, content: Spec) -> None:
    """JSON is YAML too, and quotes everything."""
    path = root / "audience_specs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False))


def entity(text: str) -> Spec:
    """An entity with the text as the name of every column that it has."""
    return {
        "entity": "person",
        "model": "ref('people')",
        "key": "The key; -- of 'people'",
        "attributes": {"word": {"column": f"word {text}", "type": "string"}},
        "identifiers": {"email": f"email {text}"},
        "consent": {"advertising": f"consent {text}"},
        "aliases": {"model": "ref('aliases')", "from": f"from {text}", "to": f"to {text}"},
        "events": {
            "things": {
                "model": "ref('things')",
                "key": f"owner {text}",
                "at": f"at {text}",
                "id": f"id {text}",
                "name": f"kind {text}",
                "properties": {"word": {"column": f"word {text}", "type": "string"}},
            }
        },
    }


def audiences(text: str) -> dict[str, Any]:
    """An audience a place where a text can stand; the person with that text belongs to each."""
    part = text.strip()
    values = {
        "is": text,
        "in": ["other", text],
        "contains": part,
        "starts_with": part,
        "ends_with": part,
    }
    criteria: dict[str, Any] = {
        f"by_{name}": {"attribute": "word", name: value} for name, value in values.items()
    }
    criteria["by_folded"] = {"attribute": "word", "is": text.swapcase(), "ignore_case": True}
    criteria["by_event"] = {"event": f"things.{text}"}
    criteria["by_property"] = {"event": f"things.{text}", "where": [{"property": "word", "is": text}]}
    criteria["by_most_frequent"] = {"event": f"things.{text}", "most_frequent": {"of": "word", "is": text}}
    criteria["by_own_word"] = {
        "event": f"things.{text}",
        "where": [{"property": "word", "is": {"attribute": "word"}}, {"property": "word", "is": text}],
    }
    criteria["by_trait_of_event"] = {
        "event": "things",
        "where": [{"property": "word", "is": {"trait": "frequent"}}, {"property": "word", "contains": part}],
    }
    criteria["by_list"] = {"trait": "words", "includes": text}
    criteria["by_periods"] = {
        "event": f"things.{text}",
        "periods": {"is": 1, "of": 2, "each": "60 days"},
        "where": [{"property": "word", "is": text}],
    }
    first = {"event": f"things.{text}", "as": "first", "where": [{"property": "word", "is": text}]}
    alike = [{"property": "word", "contains": {"step": "first", "property": "word"}}]
    then = {"without": f"things.{text}", "within": "1 day", "where": alike}
    criteria["by_sequence"] = {"sequence": [first, then]}
    criteria["by_parameter"] = {"attribute": "word", "is": "{{ word }}"}
    criteria["by_last"] = {"event": f"things.{text}", "last": {"of": "word", "is": text}}
    return criteria


def write_project(root: Path, text: str) -> None:
    """A dbt project of two tables, and specs with the text in every place."""
    write(root, "entities.yml", entity(text))
    for name, criteria in audiences(text).items():
        spec = {
            "audience": name,
            "description": text,
            "entity": "person",
            "owner": text,
            "tags": [text],
            "meta": {"note": text, text: {"nested": [text]}},
            "criteria": [criteria],
        }
        if name == "by_parameter":  # elsewhere, what looks like a placeholder would be taken for one
            spec = {key: spec[key] for key in ("audience", "entity", "criteria")}
            spec["parameters"] = {"word": text}
        if name == "by_is":
            spec |= {"stay": "1 day", "split": {"control": "50%", "it": "50%", "salt": text}}
        write(root, f"audiences/{name}.yml", spec)
    group = {"group": "rules", "description": text, "entity": "person", "suppress": ["by_folded"]}
    holdout = {"share": "50%", "salt": text}
    write(root, "groups/rules.yml", group | {"priority": ["by_is", "by_folded"], "holdout": holdout})
    for name, function in (("frequent", "most_frequent"), ("words", "unique_list")):
        value = {"of": "word", "event": f"things.{text}"}
        spec = {"trait": name, "entity": "person", "description": text, function: value}
        write(root, f"traits/{name}.yml", spec)
    (root / "models").mkdir()
    shutil.copytree(REPOSITORY / "models" / "muster", root / "models" / "muster")
    for table in ("people", "things", "aliases"):
        (root / f"models/{table}.sql").write_text(f"select * from raw_{table}")
    project = {
        "name": "muster",
        "version": "1.0",
        "profile": "hostile",
        "macro-paths": [str(REPOSITORY / "macros")],
        "flags": {"send_anonymous_usage_stats": False},
    }
    (root / "dbt_project.yml").write_text(json.dumps(project))
    output = {"type": "duckdb", "path": str(root / "hostile.duckdb")}
    (root / "profiles.yml").write_text(json.dumps({"hostile": {"target": "dev", "outputs": {"dev": output}}}))


def fill(root: Path, text: str) -> None:
    """Person 1 has the text, in every column that can hold it; person 2 has another."""

    def column(name: str) -> str:
        return '"' + f"{name} {text}".replace('"', '""') + '"'

    with duckdb.connect(str(root / "hostile.duckdb")) as connection:
        connection.execute(
            f"create table raw_people (\"The key; -- of 'people'\" int, {column('word')} varchar, "
            f"{column('email')} varchar, {column('consent')} boolean)"
        )
        connection.execute(
            f"create table raw_things ({column('owner')} int, {column('at')} timestamp, "
            f"{column('id')} varchar, {column('kind')} varchar, {column('word')} varchar)"
        )
        connection.execute(f"create table raw_aliases ({column('from')} int, {column('to')} int)")
        connection.execute("insert into raw_aliases values (11, 1)")
        for key, word in ((1, text), (2, "other words")):
            connection.execute("insert into raw_people values (?, ?, null, true)", [key, word])
            connection.execute(
                "insert into raw_things values (?, '2026-01-01', ?, ?, ?)",
                [11 if key == 1 else key, f"{key}{word}", word, word],
            )


@pytest.mark.dbt
@pytest.mark.slow
def test_every_hostile_text_at_once_goes_through_dbt_unchanged(tmp_path: Path) -> None:
    text = " ".join(HOSTILE)
    write_project(tmp_path, text)
    fill(tmp_path, text)
    compile_project(tmp_path)
    done = start(
        ["dbt", "build", "--vars", "{muster_as_of: 2026-02-01}"],
        tmp_path,
        {"DBT_PROFILES_DIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout
    with duckdb.connect(str(tmp_path / "hostile.duckdb")) as connection:
        members = connection.execute("select audience, entity_key from muster_memberships").fetchall()
        tables = {row[0] for row in connection.execute("show tables").fetchall()}
    assert {audience: key for audience, key in members if audience != "by_in"} == dict.fromkeys(
        set(audiences(text)) - {"by_in"}, "1"
    )
    assert len(members) == len(audiences(text))
    assert {"raw_people", "raw_things"} <= tables
    manifest = json.loads((tmp_path / "target/manifest.json").read_text())
    node = manifest["nodes"]["model.muster.by_is"]
    assert node["description"] == text
    assert node["config"]["tags"] == [text]
    assert node["config"]["meta"]["owner"] == text
    assert node["config"]["meta"][text] == {"nested": [text]}


@pytest.mark.parametrize("text", HOSTILE)
def test_each_hostile_text_finds_its_own_person(tmp_path: Path, text: str) -> None:
    write_project(tmp_path, text)
    fill(tmp_path, text)
    with duckdb.connect(str(tmp_path / "hostile.duckdb")) as connection:
        for table in ("people", "things", "aliases"):
            connection.execute(f"create view {table} as select * from raw_{table}")
        build(tmp_path, connection, as_of="2026-02-01")
        members = dict(connection.execute("select audience, entity_key from muster_memberships").fetchall())
    assert members == dict.fromkeys(audiences(text), "1")


@pytest.mark.parametrize("place", ["description", "owner", "tags", "criteria", "key"])
def test_a_nul_is_refused_with_its_place(tmp_path: Path, place: str) -> None:
    """No warehouse stores one in a text, and a terminal shows none."""
    write(
        tmp_path,
        "entities.yml",
        {"entity": "person", "model": "ref('people')", "key": "a\0" if place == "key" else "a"},
    )
    values: dict[str, Any] = {
        "description": "a\0b",
        "owner": "\0",
        "tags": ["\0"],
        "criteria": [{"attribute": "word", "is": "a\0b"}],
    }
    spec = {"audience": "x", "entity": "person", "criteria": [{"attribute": "word", "is": "a"}]}
    write(tmp_path, "audiences/x.yml", {**spec, **({place: values[place]} if place in values else {})})
    with pytest.raises(SpecErrors) as caught:
        load(tmp_path)
    assert "control character" in str(caught.value) or "NUL" in str(caught.value)
    assert "\0" not in str(caught.value)
    with pytest.raises(SpecErrors):
        compile_project(tmp_path)
    assert not (tmp_path / "models").exists()


def test_a_key_that_dbt_cannot_quote_is_refused_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, "entities.yml", {"entity": "person", "model": "ref('people')", "key": 'a"b'})
    with pytest.raises(SpecErrors, match="cannot name a column") as caught:
        load(tmp_path)
    assert "entities.yml:1:" in str(caught.value)
