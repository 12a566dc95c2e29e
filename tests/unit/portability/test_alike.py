"""What names and types depend on is looked at once, and what is wrong is found as if all were looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions as exp

from dbt_muster.portability.columns import Tables, outputs, query_of
from dbt_muster.portability.statements import model_statements, renderer
from dbt_muster.render.renderer import DIALECTS
from dbt_muster.specs import load
from dbt_muster.testing.tables import source_tables
from tests.unit.plan.shop import write_shop
from tests.unit.portability.test_pieces import CRITERIA

COLUMNS = {"id": "bigint", "age": "bigint", "name": "varchar", "born": "date", "seen": "timestamp"}


def people() -> Tables:
    tables = Tables("duckdb")
    for name in ("people", "others"):
        tables.add(name, COLUMNS)
    tables.add("texts", {**COLUMNS, "age": "varchar"})
    return tables


def query(sql: str) -> exp.Query:
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    assert isinstance(tree, exp.Query)
    return tree


def read(tables: Tables, sql: str) -> tuple[bool, dict[str, str], list[str]]:
    """Whether a query need not be looked at, the columns that it gives, and what is wrong with it."""
    alike = tables.likeness(query(sql))
    known = tables.known(alike)
    given, found = tables.checked("model", query(sql), alike)
    assert known is None or (known, []) == (given, found)
    return known is not None, given, [finding.code for finding in found]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("select p.id from people as p where p.age > 1", "select x.age from others as x where x.id > 30"),
        ("select p.id as a from people as p", "select p.id as b from people as p"),
        (
            "select p.id from people as p where p.age > 1 and p.name = 'x'",
            "select p.id from people as p where p.name = 'y' and p.age > 2 and p.id > 0",
        ),
        (
            "with a as (select p.id as k from people as p) select a.k from a",
            "with a as (select o.age as k from others as o) select a.k from a",
        ),
        (
            "select p.id from people as p left join others as o on p.id = o.id where p.age > 1",
            "select p.age from people as p left join others as o on p.age = o.id "
            "left join others as q on q.id = p.id where q.age > 3",
        ),
    ],
)
def test_a_query_that_differs_in_names_and_values_alone_is_known(first: str, then: str) -> None:
    tables = people()
    assert read(tables, first)[0] is False
    assert read(tables, then)[0] is True


@pytest.mark.parametrize(
    ("first", "then", "code"),
    [
        (
            "select p.id from people as p where p.age > 1",
            "select p.id from texts as p where p.age > 1",
            "mixed_types",
        ),
        (
            "select p.id from people as p where p.age > 1",
            "select p.id from people as p where p.name > 1",
            "mixed_types",
        ),
        (
            "select p.id from people as p where p.age > 1",
            "select p.id from people as p where p.aeg > 1",
            "unknown_column",
        ),
        (
            "select p.id from people as p where p.age > 1",
            "select p.id from people as p where q.age > 1",
            "unknown_column",
        ),
        (
            "select p.id from people as p where (p.age) > 1",
            "select p.id from people as p where (p.name) > 1",
            "mixed_types",
        ),
        (
            "select p.id from people as p where (p.age > 1) = true",
            "select p.id from people as p where (p.age > 1) = 1",
            "mixed_types",
        ),
        ("select id from people as p", "select id from people as p, others as o", "ambiguous_column"),
        (
            "select p.id from people as p where exists (select 1 from others as o where o.id = p.id)",
            "select p.id from people as p where exists (select 1 from texts as o where o.age = p.id)",
            "mixed_types",
        ),
        (
            "with a as (select p.id as k from people as p) select a.k from a where a.k > 1",
            "with a as (select p.name as k from people as p) select a.k from a where a.k > 1",
            "mixed_types",
        ),
        (
            "select p.id from people as p join (select o.age as k from others as o) as d on d.k = p.id",
            "select p.id from people as p join (select p.age as k from others as o) as d on d.k = p.id",
            "unknown_column",
        ),
        (
            "with a as (select o.age as k from others as o) select p.id from people as p cross join a",
            "with a as (select p.age as k from others as o) select p.id from people as p cross join a",
            "unknown_column",
        ),
        (
            "select d.age from (select o.age from others as o) as d",
            "select d.age from (select o.id from others as o) as d",
            "unknown_column",
        ),
        (
            "select p.id from people as p union all select o.id from others as o where o.age > 1",
            "select p.id from people as p union all select o.id from others as o where o.age > 1 "
            "union all select o.id from texts as o where o.age > 1",
            "mixed_types",
        ),
    ],
)
def test_what_is_wrong_is_found_after_one_that_was_right(first: str, then: str, code: str) -> None:
    tables = people()
    assert read(tables, first)[2] == []
    assert read(tables, then)[2] == [code]
    assert read(tables, then)[2] == [code]


def test_names_in_quotes_are_others_where_the_warehouse_folds_the_rest() -> None:
    tables = Tables("postgres")
    tables.add("people", {"id": "bigint"})
    tables.add("others", {"ID": "bigint"})
    folded = "with a as (select p.ID from people as p) select a.id from a"
    quoted = 'with a as (select o."ID" from others as o) select a.id from a'
    assert read(tables, folded)[2] == []
    assert read(tables, quoted)[2] == ["unresolved_column"]


def test_columns_have_the_types_of_their_own_tables() -> None:
    tables = people()
    read(tables, "select p.id as a from people as p")
    assert read(tables, "select p.name as a, p.id as b from people as p") == (
        False,
        {"a": "TEXT", "b": "BIGINT"},
        [],
    )
    assert read(tables, "select p.id as c, p.name as d from people as p") == (
        True,
        {"c": "BIGINT", "d": "TEXT"},
        [],
    )


def test_a_union_has_the_names_of_its_first_query() -> None:
    tables = people()
    read(tables, "select p.id from people as p union all select o.id from others as o")
    again = read(tables, "select p.age from people as p union all select o.id from others as o")
    assert again[1] == {"age": "BIGINT"}


def test_each_wrong_query_of_a_union_is_told_of() -> None:
    one = "select p.id from people as p where p.name > 1"
    assert read(people(), f"{one} union all {one}")[2] == ["mixed_types", "mixed_types"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_all_models_are_typed_as_if_each_were_alone(tmp_path: Path, dialect: str) -> None:
    write_shop(tmp_path, buyers=CRITERIA, others=[{"any": CRITERIA}, {"none": CRITERIA[:1]}], more=CRITERIA)
    project, renders = load(tmp_path), renderer(dialect)
    sharing, alone = Tables(dialect), Tables(dialect)

    def stored(name: str) -> str:
        return exp.to_column(renders.call("muster_identifier", name), dialect=dialect).name

    for relation, table in source_tables(project).items():
        for tables in (sharing, alone):
            tables.add(stored(relation.names[-1]), {stored(name): "unknown" for name in table.columns})
    hits = 0
    for statement in model_statements(project):
        tree = sqlglot.parse_one(statement.sql(renders), dialect=dialect)
        inside = query_of(tree)
        assert inside is not None
        alike = sharing.likeness(inside)
        known = sharing.known(alike)
        hits += known is not None
        given = sharing.checked(statement.name, inside.copy(), alike) if known is None else (known, [])
        typed, found = alone.typed(statement.name, inside)
        assert given == (outputs(typed) if typed is not None else {}, found)
        for tables in (sharing, alone):
            tables.add(stored(statement.name), given[0])
    assert hits
