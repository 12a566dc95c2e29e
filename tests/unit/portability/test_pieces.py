"""Statements are moved to other dialects part by part, and parts of one shape once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlglot

from dbt_muster.portability.pieces import cut, shape, slim
from dbt_muster.portability.statements import model_statements, renderer
from dbt_muster.portability.transpiling import Arrivals, Journeys, journeys
from dbt_muster.render.renderer import DIALECTS
from dbt_muster.specs import load
from tests.unit.plan.shop import write_shop

CRITERIA: list[dict[str, Any]] = [
    {"attribute": "country", "in": ["GB", "it's"]},
    {"attribute": "country", "contains": "g", "ignore_case": True},
    {"event": "orders", "sum": {"of": "amount", "at_least": 10}, "within": "30 days"},
]


def parts(sql: str) -> list[str]:
    tree = sqlglot.parse_one(sql)
    return [part.sql() for part in cut(tree)]


@pytest.mark.parametrize("dialect", ["duckdb", "snowflake", "spark", "postgres"])
def test_part_by_part_as_much_cannot_be_moved_as_whole(tmp_path: Path, dialect: str) -> None:
    write_shop(tmp_path, buyers=CRITERIA, others=[{"any": CRITERIA}, {"none": CRITERIA[:1]}])
    renders, by_parts = renderer(dialect), Journeys(dialect, DIALECTS, Arrivals())
    for statement in model_statements(load(tmp_path)):
        tree = sqlglot.parse_one(statement.sql(renders), dialect=dialect)
        others = [other for other in DIALECTS if other != dialect]
        whole = {other for other, _ in journeys(tree, dialect, others, Arrivals())}
        said = [finding.message for finding in by_parts.notes(statement.name, tree)]
        assert {other for other in DIALECTS if any(f" to {other}: " in each for each in said)} == whole


def test_what_dialects_have_in_common_is_told_of_each_as_if_it_were_moved_for_each(tmp_path: Path) -> None:
    write_shop(tmp_path, buyers=CRITERIA, others=[{"any": CRITERIA}, {"none": CRITERIA[:1]}])
    statements, arrivals = list(model_statements(load(tmp_path))), Arrivals()
    for dialect in DIALECTS:
        renders = renderer(dialect)
        sharing, alone = (Journeys(dialect, DIALECTS, each) for each in (arrivals, Arrivals()))
        for statement in statements:
            tree = sqlglot.parse_one(statement.sql(renders), dialect=dialect)
            assert sharing.notes(statement.name, tree) == alone.notes(statement.name, tree)


def test_what_cannot_be_moved_is_shown_alone() -> None:
    tree = sqlglot.parse_one("select a from t where a > 1 and to_number(b, 'XX') = 1", dialect="snowflake")
    (note,) = Journeys("snowflake", ["duckdb"], Arrivals()).notes("model", tree)
    assert note.fragment == "TO_NUMBER(b, 'XX') = 1"
    assert "cannot move this to duckdb" in note.message


def test_a_statement_is_cut_at_its_conditions_and_its_columns() -> None:
    assert parts("select a, b + 1 as c from t join u on t.x = u.x where (a > 1 or not b = 2) and d < 3") == [
        "b + 1",
        "a > 1",
        "b = 2",
        "d < 3",
        "t.x = u.x",
    ]


def test_what_depends_on_its_statement_stays_in_it() -> None:
    assert parts("select max(a) over (partition by b) as c from t where a in (select x from u)") == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("\"a\" = 'GB'", "\"b\" = 'FR'", True),
        ('"a" > 1', '"a" > 25', True),
        ('"a" > 1', '"a" > 1.5', False),
        ('"a" > 1', '"a" >= 1', False),
        ("\"a\" = 'it''s'", "\"a\" = 'its'", False),
        ("\"a\" in ('x', 'y')", "\"a\" in ('x', 'y', 'z')", True),
        ("f(\"a\", '%Y')", "f(\"a\", '%m')", False),
        ('f("a", 1)', 'f("a", 1, 2)', False),
        ("cast('2026-01-01' as date)", "cast('2027-05-31' as date)", True),
        ("current_date = 1", "current_time = 1", False),
        ("one.x = 1", "other.x = 1", False),
        ("p = 1 and q = 'a' and p = 3", "p = 1 and q = 'b'", True),
    ],
)
def test_parts_are_of_one_shape_where_they_differ_in_names_and_values_alone(
    one: str, other: str, same: bool
) -> None:
    first, second = (shape(sqlglot.parse_one(sql, dialect="duckdb")) for sql in (one, other))
    assert (first == second) is same


def test_a_union_of_a_thousand_is_cut_down_to_its_kinds() -> None:
    many = " union all ".join(f'select "a{each}" as x from "t{each}"' for each in range(1000))
    tree = slim(sqlglot.parse_one(f"{many} union all select 1 as x"))
    assert tree.sql().count("SELECT") == 3
