"""What `muster explain` says of others, as docs/seeing.md shows it, and how often it asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dbt_muster.delivery.erasures import key_hash
from dbt_muster.seeing import Clock, Explanation, explain
from dbt_muster.seeing.inline import Rows, Site
from dbt_muster.specs.meaning import Project
from tests.unit.seeing.accounts import accounts
from tests.unit.seeing.test_docs import PAGE

TABLES = """\
create table customers as select * from (values
    (11, 'acme'), (12, 'acme'), (13, 'acme'), (14, 'acme'), (17, 'acme'), (20, null), (21, 'gone')
) as rows (customer_id, account_id);
create table accounts as select 'acme' as account_id, 'team' as plan, 3 as seats;
create table logins as select * from (values
    (11, timestamp '2026-01-20'), (17, timestamp '2026-01-21'), (12, timestamp '2025-01-01')
) as rows (customer_id, seen_at);
"""
SHOWN = re.findall(
    r"<!-- explain: (\w+) (\w+) --as-of ([-\d]+) -->\n```text\n(.*?)```", PAGE, flags=re.DOTALL
)
CLOCK = Clock.at("2026-01-31")


class Shop:
    """The tables, and the queries that were asked of them."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        database.execute(TABLES)
        self.asked: list[str] = []
        self.existing: dict[str, str] = {}
        self.database = database

    def explain(self, specs: Project, audience: str, key: str, clock: Clock = CLOCK) -> Explanation:
        """Why a key is a member."""
        self.asked.clear()
        site = Site("duckdb", lambda _, *names: names[-1], self._ask, clock.as_of, self.existing)
        return explain(specs, specs.audiences[audience], key, site, clock)

    def _ask(self, sql: str) -> Rows:
        self.asked.append(sql)
        return self.database.execute(sql).fetchall()


@pytest.fixture
def shop() -> Iterator[Shop]:
    with duckdb.connect() as database:
        yield Shop(database)


@pytest.fixture
def specs(tmp_path: Path) -> Project:
    return accounts(tmp_path)


@pytest.mark.parametrize(("audience", "key", "as_of", "shown"), SHOWN)
def test_what_the_page_shows_of_others_is_what_is_said(
    specs: Project, shop: Shop, audience: str, key: str, as_of: str, shown: str
) -> None:
    assert "\n".join([*shop.explain(specs, audience, key, Clock.at(as_of)).lines(), ""]) == shown


@pytest.mark.parametrize(("key", "reading"), [("20", "no account"), ("21", "there is no account gone")])
def test_who_has_no_account_is_told_so(specs: Project, shop: Shop, key: str, reading: str) -> None:
    found = shop.explain(specs, "ready_for_more", key)
    assert found.verdict is not None
    assert [(child.holds, child.reading) for child in found.verdict.children] == [(False, reading)]


def test_that_the_account_was_erased_is_said(specs: Project, shop: Shop) -> None:
    shop.existing["muster_sync_erasures"] = "erasures"
    gone = key_hash("account", "gone")
    shop.database.execute("create table erasures (entity text, key_hash text, erased_at timestamp)")
    shop.database.execute("insert into erasures values ('account', ?, timestamp '2026-01-30')", [gone])
    found = shop.explain(specs, "ready_for_more", "21")
    assert found.verdict is not None
    assert [child.reading for child in found.verdict.children] == ["account gone was erased"]


def test_an_entity_is_asked_once_however_many_criteria_go_through_it(specs: Project, shop: Shop) -> None:
    shop.explain(specs, "them", "17")
    assert len(shop.asked) == 3  # the customer, its account, and the account's customers


def test_nobody_is_asked_about_others_for_a_key_that_is_not_there(specs: Project, shop: Shop) -> None:
    assert shop.explain(specs, "them", "9").verdict is None
    assert len(shop.asked) == 1


def test_the_machine_form_has_the_related_keys_and_for_how_many_each_criterion_holds(
    specs: Project, shop: Shop
) -> None:
    criteria: Any = shop.explain(specs, "ready_for_more", "17").to_dict()["criteria"]
    (account,) = criteria["children"]
    assert account["related"] == {"entity": "account", "key": "acme", "found": True, "erased": False}
    plan, customers = account["children"]
    assert plan["holds"] is True
    assert plan["reading"] == "plan team, wanted team"
    assert customers["related"] == {
        "entity": "customer",
        "count": 5,
        "meeting": 2,
        "meeting_keys": ["11", "17"],
        "other_keys": ["12", "13", "14"],
    }
    (logins,) = customers["children"]
    assert (logins["holds"], logins["holds_for"], logins["of"]) == (None, 2, 5)


def test_the_machine_form_names_the_audience_that_a_criterion_is_about(specs: Project, shop: Shop) -> None:
    criteria: Any = shop.explain(specs, "them", "17").to_dict()["criteria"]
    several = criteria["children"][1]["children"][1]["children"][0]
    assert several["text"].startswith("the number of its customers that meet this is ")
    of_recent = several["children"][1]
    assert of_recent["audience"] == "recent"
    assert (of_recent["holds_for"], of_recent["of"]) == (2, 5)


def test_of_nobody_all_hold_and_that_is_said(specs: Project, shop: Shop) -> None:
    shop.database.execute("insert into accounts values ('new', 'team', 1)")
    found = shop.explain(specs, "busy", "new")
    assert found.member
    assert found.verdict is not None
    (child,) = found.verdict.children
    assert child.reading == "no related customer, so none fails it"


def test_in_how_many_periods_it_happened_is_said(specs: Project, shop: Shop) -> None:
    found = shop.explain(specs, "weekly", "17")
    assert found.verdict is not None
    assert [child.reading for child in found.verdict.children] == ["count 1, wanted at least 2"]
