"""What preview and explain ask is one query in every dialect, and hostile text stays text in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel

from dbt_muster.render import DIALECTS
from dbt_muster.seeing import Clock, explain, preview
from dbt_muster.seeing.inline import Rows, Site
from dbt_muster.specs import load

ROOT = Path(__file__).resolve().parents[3]
PROJECT = load(ROOT)
CLOCK = Clock.at("2026-01-31")
HOSTILE = "'; drop table members; --\\ {{ 1 }} \" `"


def asked(dialect: str, audience: str) -> Iterator[tuple[str, str]]:
    """The queries of both commands, each with its command."""
    for command in ("preview", "explain"):
        queries: list[str] = []

        def query(sql: str, queries: list[str] = queries) -> Rows:
            queries.append(sql)
            return []

        site = Site(dialect, lambda _kind, *names: names[-1], query, CLOCK.as_of)
        if command == "explain":
            explain(PROJECT, PROJECT.audiences[audience], HOSTILE, site, CLOCK)
        else:
            with pytest.raises(ValueError, match="not enough values"):
                preview(PROJECT, PROJECT.audiences[audience], site, CLOCK, 5)
        yield command, queries[0]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("audience", ["cart_size_growers", "new_installs_few_sessions"])
def test_preview_and_explain_are_one_query_in_every_dialect(dialect: str, audience: str) -> None:
    for command, sql in asked(dialect, audience):
        trees = sqlglot.parse(sql, dialect=dialect, error_level=ErrorLevel.RAISE)
        assert len(trees) == 1, command
        assert isinstance(trees[0], exp.Query), command
        if command == "explain":
            assert HOSTILE in {literal.this for literal in trees[0].find_all(exp.Literal)}
