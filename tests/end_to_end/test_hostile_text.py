"""Text that means something to YAML, Jinja, SQL or a terminal is only ever text, in every place of a spec."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel

from dbt_muster.plan import compile_project, plan
from dbt_muster.render import DIALECTS, Renderer, RenderError
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
    "two\n  lines\tand a tab",
]

Spec = Mapping[str, Any]

TABLES = ("people", "things", "aliases", "accounts")


def write(root: Path, name: str, content: Spec) -> None:
    """JSON is YAML too, and quotes everything."""
    path = root / "audience_specs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False))


def people(text: str) -> Spec:
    """An entity with the text as the name of every column that it has."""
    return {
        "entity": "person",
        "model": "ref('people')",
        "key": "The key; -- of 'people'",
        "through": {"entity": "account", "key": f"account {text}"},
        "attributes": {
            "word": {"column": f"word {text}", "type": "string"},
            "note": {"path": [f"json {text}", text, f"a {text}"], "type": "string"},
            "notes": {"path": [f"json {text}", text, f"list {text}"], "type": "list"},
            "home": {"type": "location", "latitude": f"lat {text}", "longitude": f"long {text}"},
        },
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
                "loaded_at": f"at {text}",
                "properties": {
                    "word": {"column": f"word {text}", "type": "string"},
                    "mood": {"path": [f"json {text}", text], "type": "string"},
                },
            }
        },
    }


def accounts(text: str) -> Spec:
    """What people belong to, with the text as the name of its columns too."""
    return {
        "entity": "account",
        "model": "ref('accounts')",
        "key": "The key; -- of 'accounts'",
        "attributes": {"word": {"column": f"word {text}", "type": "string"}},
    }


def identity(text: str) -> Spec:
    """Identifiers out of columns with the text in their names, of which it leaves out what looks like it."""
    pattern = re.sub(r"([][(){}.*+?^$|\\])", r"\\\1", text)
    link = [{"user": f"from {text}"}, {"user": f"to {text}"}]
    return {
        "identity": "visitor",
        "description": text,
        "identifiers": {"user": {"exclude": [f"^{pattern}$"]}},
        "links": [{"model": "ref('aliases')", "link": link}],
    }


def audiences(text: str) -> dict[str, Any]:
    """An audience a place where a text can stand; the person with that text belongs to each."""
    part = text.strip()
    quoted = "'" + text.replace("'", "''") + "'"
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
    criteria["by_extending"] = {}  # which it inherits
    criteria["by_json"] = {"attribute": "note", "is": text}
    criteria["by_list_in_json"] = {"attribute": "notes", "includes_all": [text, f"{text}!"]}
    criteria["by_json_of_event"] = {"event": "things", "where": [{"property": "mood", "is": text}]}
    criteria["by_sql"] = {"sql": f"word = {quoted} and word in ({quoted}, 'other')"}
    criteria["by_expression"] = {"trait": "worked_out", "is": f"{text}, {text}"}
    criteria["by_near"] = {
        "attribute": "home",
        "near": {"latitude": 10, "longitude": 20, "within": "1 km"},
    }
    criteria["by_first_time"] = {
        "event": f"things.{text}",
        "first_time": {"within": "60 days"},
        "where": [{"property": "mood", "is": text}],
    }
    criteria["by_share"] = {"trait": "part", "at_least": 1}
    criteria["by_rate"] = {"trait": "pace", "more_than": 0}
    criteria["by_account"] = {"through": "account", "where": [{"attribute": "word", "is": text}]}
    criteria["by_people"] = {
        "through": "person",
        "count": {"is": 1},
        "where": [{"attribute": "word", "is": text}],
    }
    criteria["by_last"] = {"event": f"things.{text}", "last": {"of": "word", "is": text}}
    return criteria


def write_project(root: Path, text: str) -> None:
    """A dbt project of a few tables, and specs with the text in every place."""
    for spec in (people(text), accounts(text), identity(text)):
        write(root, f"{next(iter(spec.values()))}.yml", spec)
    for name, criteria in audiences(text).items():
        spec = {
            "audience": name,
            "description": text,
            "entity": "account" if name == "by_people" else "person",
            "owner": text,
            "tags": [text],
            "meta": {"note": text, text: {"nested": [text]}},
            "criteria": [criteria],
            "accept": [{"finding": "duplicate_audience", "because": text}],
        }
        if name == "by_parameter":  # elsewhere, what looks like a placeholder would be taken for one
            spec = {key: spec[key] for key in ("audience", "entity", "criteria")}
            spec["parameters"] = {"word": text}
        if name == "by_extending":
            spec = {"audience": name, "extends": "by_parameter", "parameters": {"word": text}}
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
    where = [{"property": "word", "is": text}]
    own = "'" + text.replace("'", "''") + "'"
    calculations: dict[str, Any] = {
        "part": {"share": {"event": "things", "where": where}},
        "pace": {"rate": {"event": f"things.{text}", "per": "week", "within": "60 days", "where": where}},
        "worked_out": {"expression": f"case when word = {own} then word || ', ' || {own} end"},
    }
    for name, calculation in calculations.items():
        spec = {"trait": name, "entity": "person", "description": text, **calculation}
        write(root, f"traits/{name}.yml", spec)
    (root / "models").mkdir()
    shutil.copytree(REPOSITORY / "models" / "muster", root / "models" / "muster")
    for table in TABLES:
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
            f"{column('email')} varchar, {column('consent')} boolean, {column('json')} json, "
            f"{column('lat')} double, {column('long')} double, {column('account')} int)"
        )
        connection.execute(
            f"create table raw_accounts (\"The key; -- of 'accounts'\" int, {column('word')} varchar)"
        )
        connection.execute(
            f"create table raw_things ({column('owner')} int, {column('at')} timestamp, "
            f"{column('id')} varchar, {column('kind')} varchar, {column('word')} varchar, "
            f"{column('json')} varchar)"
        )
        connection.execute(f"create table raw_aliases ({column('from')} int, {column('to')} int)")
        connection.execute("insert into raw_aliases values (11, 1)")
        for key, word in ((1, text), (2, "other words")):
            inside = {f"a {text}": word, f"list {text}": [word, f"{word}!"]}
            person = [key, word, json.dumps({text: inside}), 10 * key, 20 * key, key]
            connection.execute("insert into raw_people values (?, ?, null, true, ?, ?, ?, ?)", person)
            connection.execute("insert into raw_accounts values (?, ?)", [key, word])
            connection.execute(
                "insert into raw_things values (?, '2026-01-01', ?, ?, ?, ?)",
                [11 if key == 1 else key, f"{key}{word}", word, word, json.dumps({text: word})],
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
        known = connection.execute("select value, canonical from muster_identities__visitor").fetchall()
    assert {audience: key for audience, key in members if audience != "by_in"} == dict.fromkeys(
        set(audiences(text)) - {"by_in"}, "1"
    )
    assert len(members) == len(audiences(text))
    assert sorted(known) == [("1", "1"), ("11", "1")]
    assert {f"raw_{table}" for table in TABLES} <= tables
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
        for table in TABLES:
            connection.execute(f"create view {table} as select * from raw_{table}")
        build(tmp_path, connection, as_of="2026-02-01")
        members = dict(connection.execute("select audience, entity_key from muster_memberships").fetchall())
    assert members == dict.fromkeys(audiences(text), "1")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_hostile_text_at_once_stays_text_in_the_sql_of_every_dialect(
    tmp_path: Path, dialect: str
) -> None:
    # A column's name has no backtick on BigQuery, and sqlglot does not read how one is escaped there.
    text = " ".join(HOSTILE).replace("`", "" if dialect == "bigquery" else "`")
    write_project(tmp_path, text)
    renderer = Renderer(dialect, variables={"muster_as_of": "2026-02-01"})
    found: set[str] = set()
    refused: list[str] = []
    for stub in plan(load(tmp_path)).stubs:
        try:
            sql = renderer.model(stub.text)
        except RenderError as error:
            refused.append(str(error))
            continue
        (tree,) = sqlglot.parse(sql, dialect=dialect, error_level=ErrorLevel.RAISE)
        assert isinstance(tree, exp.Query), stub.model
        found |= {literal.this for literal in tree.find_all(exp.Literal)}
    assert text in found
    # A path into JSON is a text of its own on Trino, in which no name can have a quote.
    assert bool(refused) == (dialect == "trino")
    assert all("it has a quote or a backslash in it" in message for message in refused)


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
