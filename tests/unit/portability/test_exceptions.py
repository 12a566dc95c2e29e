"""Every mistake that is held against sqlglot is one still."""

from __future__ import annotations

import duckdb
import pytest
import sqlglot
from sqlglot import expressions as exp

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


@pytest.mark.parametrize(
    ("dialect", "name"), [(dialect, name) for dialect, names in KNOWN.items() for name in sorted(names)]
)
def test_sqlglot_still_has_no_node_for_a_function_that_is_listed(dialect: str, name: str) -> None:
    tree = sqlglot.parse_one(f"select {name}(a, b)", dialect=dialect)
    assert tree.find(exp.Anonymous) is not None, f"sqlglot knows {name}() of {dialect}: take the entry out"


def test_a_statement_without_such_parts_has_no_mistakes() -> None:
    tree = sqlglot.parse_one("select a from t where b = 1", dialect="redshift")
    assert list(mistakes(tree, "redshift")) == []
