"""What `muster explain` says of where a member is sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dbt_muster.delivery import select_pairs
from dbt_muster.render import Renderer
from dbt_muster.seeing import Clock, Explanation, describe, explain
from dbt_muster.seeing.inline import Site
from dbt_muster.specs.meaning import Project
from dbt_muster.testing.needed import models
from tests.unit.testing.kit import project

_ENTITIES = """\
entity: customer
model: ref('customers')
key: {column: customer_id, type: integer}
attributes: {country: {type: string}, age: {type: integer}}
identifiers: {email: email}
consent: {ads: agrees}
"""
_AUDIENCE = """\
entity: customer
criteria: [{attribute: country, is: GB}]
split: {a: 40%, b: 30%, control: 30%}
sync:
  - to: everywhere
  - {to: ads, variants: [a], where: [{attribute: age, at_least: 18}]}
"""
_DESTINATIONS = """\
destination: everywhere
type: files
path: everywhere
---
destination: ads
type: files
path: ads
consent: ads
"""
_OTHERS = {
    "groups__safety": "group: safety\nentity: customer\nholdout: 20%\nsuppress: [never]\n",
    "groups__offers": "group: offers\nentity: customer\npriority: [first, them]\n",
    "audiences__never": "audience: never\nentity: customer\ncriteria: [{attribute: age, at_least: 90}]\n",
    "audiences__first": "audience: first\nentity: customer\ncriteria: [{attribute: age, at_least: 60}]\n",
}
_PEOPLE = """\
create table customers as
select
    range as customer_id,
    case when range % 10 < 8 then 'GB' else 'IE' end as country,
    range % 97 as age,
    'p' || range || '@example.com' as email,
    case range % 3 when 0 then true when 1 then false end as agrees
from range(120)
"""


def shop_with_groups(root: Path) -> Project:
    """An audience `them` with variants, two syncs, a holdout, and others that come first."""
    return project(root, _AUDIENCE, entities=_ENTITIES, destinations=_DESTINATIONS, **_OTHERS)


@pytest.fixture
def specs(tmp_path: Path) -> Project:
    return shop_with_groups(tmp_path)


class Shop:
    """The people, of whom nothing is built, or everything."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self.database = database
        database.execute(_PEOPLE)

    def explain(self, specs: Project, key: int) -> Explanation:
        clock = Clock.at("2026-01-31")
        site = Site("duckdb", lambda _, *names: names[-1], self.query, clock.as_of)
        return explain(specs, specs.audiences["them"], str(key), site, clock)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        return self.database.execute(sql).fetchall()

    def execute(self, sql: str) -> None:
        self.database.execute(sql)

    def relation(self, name: str) -> str:
        return f'"{name}"'

    def build(self, specs: Project, *names: str) -> None:
        renderer = Renderer(
            "duckdb", variables={"muster_as_of": "2026-01-31"}, relation=lambda _, *own: f'"{own[-1]}"'
        )
        for stub in models(specs, names):
            self.execute(f'create table "{stub.model}" as {renderer.model(stub.text)}')


@pytest.fixture
def shop() -> Iterator[Shop]:
    with duckdb.connect() as database:
        yield Shop(database)


def test_whoever_is_said_to_be_sent_somewhere_is_whoever_a_sync_sends_there(
    specs: Project, shop: Shop, tmp_path: Path
) -> None:
    found = {key: shop.explain(specs, key) for key in range(120)}
    pairs = select_pairs(specs, root=tmp_path)
    shop.build(specs, *{model for pair in pairs for model in pair.models.values()})
    for pair in pairs:
        relations = {alias: shop.relation(name) for alias, name in pair.models.items()}
        request = pair.request()
        sql = Renderer("duckdb").call("muster_sync_deliverable", request, relations)
        wanted = {row[0] for row in shop.query(f"select members.customer_id {sql}")}
        said = {
            key
            for key, each in found.items()
            if each.delivery
            and any(to.destination == pair.spec.name and to.why_not is None for to in each.delivery.syncs)
        }
        assert said == wanted
        assert 0 < len(wanted) < 96
    reasons = {
        (to.why_not or "sent").split(",")[0].split(" which")[0]
        for each in found.values()
        if each.delivery
        for to in each.delivery.syncs
    }
    assert reasons == {
        "sent",
        "held out of every audience of customer",
        "in the control group",
        "suppressed",
        "given to first",
        "no consent to ads",
        "the variant b is not sent there",
        "its `where` does not hold",
    }


def test_a_description_says_who_is_held_back_and_what_each_sync_asks(specs: Project) -> None:
    said = describe(specs, specs.audiences["them"], Clock.at("2026-01-31")).after
    assert said == (
        "Members are split by hash: a 40%, b 30%, control 30% (never sent).",
        "Held out of every audience of customer by hash, and never sent: 20%.",
        "Never sent: members of never.",
        "Whoever is in first is left to that, by the priority of offers.",
        "Sent to everywhere.",
        "Sent to ads, the variant a, of whom age is at least 18, with consent to ads.",
    )
