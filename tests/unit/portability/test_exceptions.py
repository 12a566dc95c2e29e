"""Every mistake that is held against sqlglot is one still."""

from __future__ import annotations

import duckdb
import pytest
import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ParseError

from dbt_muster.portability.exceptions import MISTAKES, Mistake, mistakes
from dbt_muster.portability.functions import KNOWN


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: f"{each.dialect}: {each.example}")
def test_sqlglot_still_makes_the_mistake(mistake: Mistake) -> None:
    moved = sqlglot.transpile(mistake.example, read=mistake.dialect, write="duckdb")[0]
    with duckdb.connect() as connection:
        row = connection.execute(moved).fetchone()
    assert row is not None
    assert str(row[0]) == mistake.wrong, f"sqlglot makes {moved} of it: take the entry out if that is right"
    assert mistake.wrong != mistake.right


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: f"{each.dialect}: {each.example}")
def test_a_mistake_is_found_in_its_own_example_and_in_no_other_dialect(mistake: Mistake) -> None:
    tree = sqlglot.parse_one(mistake.example, dialect=mistake.dialect)
    assert mistake in mistakes(tree, mistake.dialect)
    assert mistake not in list(mistakes(tree, "duckdb"))


def is_unknown(name: str, arguments: str, dialect: str) -> bool:
    try:
        return (
            sqlglot.parse_one(f"select {name}({arguments})", dialect=dialect).find(exp.Anonymous) is not None
        )
    except ParseError:
        return False


@pytest.mark.parametrize("dialect", sorted(KNOWN.keys() - {"databricks"}))  # it has Spark's
def test_sqlglot_still_has_no_node_for_the_functions_that_are_listed(dialect: str) -> None:
    for name in KNOWN[dialect]:
        forms = ("", "a", "a, b", "a, b, c")
        assert any(is_unknown(name, each, dialect) for each in forms), f"take {name} of {dialect} out"


def test_duckdb_has_each_function_that_is_listed_for_it() -> None:
    with duckdb.connect() as connection:
        found = connection.execute("select distinct function_name from duckdb_functions()").fetchall()
    assert KNOWN["duckdb"] <= {name for (name,) in found}


def test_a_statement_without_such_parts_has_no_mistakes() -> None:
    tree = sqlglot.parse_one("select a from t where b = 1", dialect="redshift")
    assert list(mistakes(tree, "redshift")) == []
