"""The SQL that stands in specs is judged by the rules, at its own line and column."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot

from dbt_muster.portability.rules import RULES, hits
from dbt_muster.portability.rules.reading import Text
from dbt_muster.portability.statements import model_statements, renderer
from dbt_muster.portability.written import SETTLED, written_findings
from dbt_muster.render import DIALECTS
from dbt_muster.specs import load
from tests.unit.testing.kit import project

ROOT = Path(__file__).parents[3]


def found(root: Path, audience: str, *dialects: str, **others: str) -> list[tuple[str, str, int, int]]:
    project(root, audience, **others)
    findings = written_findings(load(root), ["them"], dialects or DIALECTS)
    places = [(each, each.position) for each in findings]
    return [(each.statement, each.code, at.line, at.column) for each, at in places if at is not None]


def test_a_condition_in_sql_is_judged_where_it_stands(tmp_path: Path) -> None:
    audience = "entity: customer\ncriteria:\n  - any:\n      - {sql: \"nickname = '2026-01-31'\"}\n"
    assert found(tmp_path, audience) == [("them", "text_as_date", 5, 16)]


def test_a_line_of_a_block_is_a_line_of_the_file(tmp_path: Path) -> None:
    sql = "score > 3\n      and nickname <> ''\n      and score < 9"
    audience = f"entity: customer\ncriteria:\n  - sql: |\n      {sql}\n"
    assert found(tmp_path, audience) == [("them", "empty_text", 6, 11)]


def test_an_expression_of_a_trait_is_judged_where_it_stands(tmp_path: Path) -> None:
    trait = "trait: nameless\nentity: customer\nexpression: country = '' or nickname = 'x'\n"
    audience = "entity: customer\ncriteria:\n  - {trait: nameless, is: true}\n"
    assert found(tmp_path, audience, traits__nameless=trait) == [("nameless", "empty_text", 3, 13)]


def test_only_what_the_warehouses_that_are_asked_about_differ_in_is_found(tmp_path: Path) -> None:
    audience = "entity: customer\ncriteria:\n  - {sql: \"country <> ''\"}\n"
    assert found(tmp_path, audience, "snowflake", "duckdb") == []
    assert [code for _, code, *_ in found(tmp_path, audience, "snowflake", "redshift")] == ["empty_text"]


@pytest.mark.parametrize(
    "sql",
    [
        "score / 2 > 1",
        "score % 2 = 1",
        "greatest(score, 1) > cast(nickname as integer)",
        "cast(score as number) = 0.3",
        r"country = '\n'",
    ],
)
def test_what_the_macros_settle_is_no_finding(tmp_path: Path, sql: str) -> None:
    audience = f"entity: customer\ncriteria:\n  - sql: |\n      {sql}\n"
    assert found(tmp_path, audience) == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_division_is_settled_by_what_the_macros_write(tmp_path: Path, dialect: str) -> None:
    project(tmp_path, "entity: customer\ncriteria:\n  - {sql: score / nickname > 1}\n")
    (them,) = [each for each in model_statements(load(tmp_path)) if each.name == "them"]
    sql = them.sql(renderer(dialect))
    codes = {each.code for each in hits(Text.of(sql, sqlglot.parse_one(sql, dialect=dialect), dialect))}
    assert not codes & {"integer_division", "division_by_zero", "float_equality"}


def test_what_is_settled_are_rules() -> None:
    assert set(SETTLED) <= {rule.code for rule in RULES}


def test_nothing_is_found_in_the_starter_library() -> None:
    starter = load(ROOT)
    assert written_findings(starter, starter.audiences, DIALECTS) == []
