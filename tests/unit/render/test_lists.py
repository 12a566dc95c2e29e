"""Lists are searched and written by one expression of each dialect's own grammar, whatever is looked for."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel

from dbt_muster.render import DIALECTS, Renderer

HOSTILE = "O'Hara'); drop table x; -- {{ y }} \\"


def one_expression(sql: str, dialect: str) -> exp.Expr:
    (tree,) = sqlglot.parse(f"select {sql} as it from given", dialect=dialect, error_level=ErrorLevel.RAISE)
    assert isinstance(tree, exp.Select)
    (expression,) = tree.expressions
    assert isinstance(expression, exp.Expr)
    return expression


@pytest.mark.parametrize("ignore_case", [False, True])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_a_list_is_searched_for_stays_one_text(dialect: str, ignore_case: bool) -> None:
    render = Renderer(dialect).call
    sql = render("muster_list_includes", "words", render("muster_string", HOSTILE), ignore_case)
    texts = {literal.this for literal in one_expression(sql, dialect).find_all(exp.Literal)}
    assert HOSTILE in texts


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_texts_of_a_group_become_one_list(dialect: str) -> None:
    sql = Renderer(dialect).call("muster_sorted_list", "word", "place")
    assert {column.name for column in one_expression(sql, dialect).find_all(exp.Column)} <= {"word", "place"}


def test_redshift_searches_super_arrays_and_folds_them_as_json() -> None:
    render = Renderer("redshift").call
    assert render("muster_list_includes", "words", "'a'", False) == "array_contains(words, 'a', true)"
    folded = "array_contains(json_parse(lower(json_serialize(words))), 'a', true)"
    assert render("muster_list_includes", "words", "'a'", True) == folded
