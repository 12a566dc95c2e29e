"""Whoever was erased is in no look at an audience, although the warehouse's own tables still have them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from dbt_muster.delivery.erasures import key_hash
from dbt_muster.delivery.ledger import ERASURES
from dbt_muster.seeing import Clock, explain, preview
from dbt_muster.seeing.inline import Site
from tests.unit.testing.kit import project

PEOPLE = """\
entity: customer
model: ref('people')
key: {column: customer_id, type: integer}
attributes: {country: {type: string}}
"""
GB = "entity: customer\ncriteria:\n  - {attribute: country, is: GB}\n"
CLOCK = Clock.at("2026-01-31")


def test_who_was_erased_is_neither_counted_nor_explained(tmp_path: Path) -> None:
    specs = project(tmp_path, GB, entities=PEOPLE)
    them = specs.audiences["them"]
    with duckdb.connect() as database:
        database.execute("create table people as select unnest([1, 2]) as customer_id, 'GB' as country")
        database.execute(f"create table {ERASURES} (entity text, key_hash text, erased_at timestamp)")
        database.execute(
            f"insert into {ERASURES} values ('customer', ?, '2026-01-30')", [key_hash("customer", "1")]
        )
        before = Site(
            "duckdb",
            lambda _, *names: names[-1],
            lambda sql: database.execute(sql).fetchall(),
            CLOCK.as_of,
        )
        after = replace(before, existing={ERASURES: ERASURES})
        counted = [preview(specs, them, site, CLOCK, 0) for site in (before, after)]
        assert [(found.size, found.population) for found in counted] == [(2, 2), (1, 1)]
        assert "1 is a member" in "\n".join(explain(specs, them, "1", before, CLOCK).lines())
        erased = explain(specs, them, "1", after, CLOCK)
        assert list(erased.lines()) == [
            "1 was erased (`muster erase`, 2026-01-30 00:00 UTC), and so is in no audience of customer."
        ]
        assert erased.to_dict()["erased_at"] == "2026-01-30T00:00:00Z"
        never = explain(specs, them, "3", after, CLOCK)
        assert "not in the population" in "\n".join(never.lines())
        assert never.to_dict()["erased_at"] is None
