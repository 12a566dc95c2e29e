"""What preview and explain ask is one query in every dialect, and hostile text stays text in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel

from dbt_muster.render import DIALECTS
from dbt_muster.seeing import Clock, explain, preview
from dbt_muster.seeing.inline import Rows, Site
from dbt_muster.seeing.keys import erased_at
from dbt_muster.seeing.standings import standing_words
from dbt_muster.specs import load
from dbt_muster.specs.meaning import Shift
from tests.unit.seeing.accounts import accounts
from tests.unit.seeing.test_delivering import shop_with_groups

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


def one_query(sql: str, dialect: str) -> exp.Query:
    """A text that must be one query in its dialect."""
    (tree,) = sqlglot.parse(sql, dialect=dialect, error_level=ErrorLevel.RAISE)
    assert isinstance(tree, exp.Query)
    return tree


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("audience", ["cart_size_growers", "new_installs_few_sessions"])
def test_preview_and_explain_are_one_query_in_every_dialect(dialect: str, audience: str) -> None:
    for command, sql in asked(dialect, audience):
        tree = one_query(sql, dialect)
        if command == "explain":
            assert HOSTILE in {literal.this for literal in tree.find_all(exp.Literal)}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_asked_of_others_is_one_query_each_in_every_dialect(dialect: str, tmp_path: Path) -> None:
    specs = accounts(tmp_path)
    queries: list[exp.Query] = []

    def query(sql: str) -> Rows:
        queries.append(one_query(sql, dialect))
        rest = HOSTILE if len(queries) < 3 else 1  # those who name a key are counted
        return [(HOSTILE, *[rest] * (len(queries[-1].selects) - 1))]

    site = Site(dialect, lambda _kind, *names: names[-1], query, CLOCK.as_of)
    explain(specs, specs.audiences["them"], HOSTILE, site, CLOCK)
    assert len(queries) == 3
    assert all(HOSTILE in {literal.this for literal in each.find_all(exp.Literal)} for each in queries)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_asked_of_the_past_is_one_query_each_in_every_dialect(dialect: str) -> None:
    queries: list[exp.Query] = []

    def query(sql: str) -> Rows:
        queries.append(one_query(sql, dialect))
        return [(None,) * len(queries[-1].selects)]

    kept = {"muster_sync_erasures": "erasures"}
    site = Site(dialect, lambda _kind, *names: names[-1], query, CLOCK.as_of, kept, lambda name: name)
    stays = replace(PROJECT.audiences["vip"], stay=Shift(30, "day"))
    assert erased_at(site, "customer", HOSTILE) is None
    assert standing_words(site, CLOCK, stays, HOSTILE, "UTC") == "it was never evaluated by then"
    assert all(HOSTILE in {literal.this for literal in each.find_all(exp.Literal)} for each in queries)
    assert len(queries) == 2


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_asked_of_where_a_member_goes_is_one_query_each_in_every_dialect(
    dialect: str, tmp_path: Path
) -> None:
    specs = shop_with_groups(tmp_path)
    queries: list[exp.Query] = []

    def query(sql: str) -> Rows:
        queries.append(one_query(sql, dialect))
        first = "a" if len(queries) == 2 else HOSTILE  # the second asks for the variant
        return [(first, *[1] * (len(queries[-1].selects) - 1))]

    site = Site(dialect, lambda _kind, *names: names[-1], query, CLOCK.as_of)
    found = explain(specs, specs.audiences["them"], HOSTILE, site, CLOCK)
    assert found.delivery is not None
    assert found.delivery.withheld == "suppressed, as a member of never"
    assert len(queries) == 3
    assert all(HOSTILE in {literal.this for literal in each.find_all(exp.Literal)} for each in queries)
