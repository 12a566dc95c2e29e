"""The made-up rows of a proof hold the edges of what specs mean: a form that is wrong at one is found out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from dbt_muster.portability.proof import Prover, build
from dbt_muster.portability.statements import Statement, model_statements, renderer
from dbt_muster.portability.transpiling import Moved
from dbt_muster.portability.worlds import EVENTS, PEOPLE, world
from dbt_muster.specs import load
from dbt_muster.specs.meaning import Project

ENTITY = {
    "entity": "customer",
    "model": "ref('customers')",
    "key": {"column": "customer_id", "type": "string"},
    "timezone": "Europe/London",
    "attributes": {"country": {"type": "string"}, "points": {"type": "integer"}},
    "aliases": {"model": "ref('merged')", "from": "old_id", "to": "new_id"},
    "events": {
        "orders": {
            "model": "ref('orders')",
            "key": "customer_id",
            "id": "order_id",
            "at": {"column": "ordered_at", "type": "timestamp", "timezone": "Europe/London"},
            "properties": {
                "amount": {"type": "number"},
                "status": {"type": "string"},
                "items": {"type": "integer"},
            },
        },
        "visits": {
            "model": "ref('visits')",
            "key": "customer_id",
            "at": {"column": "at", "type": "timestamp"},
            "properties": {"page": {"type": "string"}},
        },
    },
}
TRAITS: dict[str, Any] = {
    "began": {"first": {"event": "orders"}},
    "status": {"last": {"of": "status", "event": "orders"}},
    "page": {"first": {"of": "page", "event": "visits"}},
    "favourite": {"most_frequent": {"of": "page", "event": "visits"}},
    "spent": {"sum": {"of": "amount", "event": "orders"}},
    "items": {"sum": {"of": "items", "event": "orders", "within": "30 days"}},
    "silence": {"days_since_last": {"event": "visits"}},
}
AUDIENCES: dict[str, Any] = {
    "abroad": [{"attribute": "country", "is_not": "GB"}],
    "somewhere": [{"attribute": "country", "is_set": True}],
    "loyal": [{"attribute": "points", "less_than": 3}],
    "back": [{"sequence": [{"event": "orders"}, {"event": "visits", "within": "1 month"}]}],
    "quiet": [{"sequence": [{"event": "orders"}, {"without": "visits", "within": "7 days"}]}],
    "all": [{"trait": name, "is_set": True} for name in TRAITS],
}

LOCAL = """((events."ordered_at" at time zone 'Europe/London') at time zone 'UTC')"""
_BACK = "(({} at time zone 'UTC') at time zone 'Europe/London')"
_LATER = f"({LOCAL} + interval 1 hour)"
_EARLIER = f"({LOCAL} - interval 1 hour)"
COLUMN = 'events."ordered_at"'
MONTH = "(muster_at + interval '1' month)"
LAST_DAY = f"(last_day({MONTH}) + (muster_at - date_trunc('day', muster_at)))"
ORDERS = "muster_features__customer__orders__ever"
RECENT = "muster_features__customer__orders__31_days"
VISITS = "muster_features__customer__visits__ever"
STATUS = "muster_features__customer__orders__last__status"
PAGE = "muster_features__customer__visits__first__page"
FAVOURITE = "muster_features__customer__visits__most_frequent__page"
REPEATED = "muster_repeated_events__customer__orders"
ALIASES = "muster_aliases__customer"
PEOPLE_MODEL = "muster_entities__customer"
BACK, QUIET = "a month after", "none for a week"

WRONG = {
    "the other of two times that the clock showed twice": (
        ORDERS,
        LOCAL,
        f"(case when {_BACK.format(_LATER)} = {COLUMN} then {_LATER} "
        f"when {_BACK.format(_EARLIER)} = {COLUMN} then {_EARLIER} else {LOCAL} end)",
    ),
    "nothing for a time that the clock never showed": (
        ORDERS,
        LOCAL,
        f"(case when {_BACK.format(LOCAL)} = {COLUMN} then {LOCAL} end)",
    ),
    "the zone's offset of today": (ORDERS, LOCAL, COLUMN),
    "a month of thirty days": (BACK, MONTH, "(muster_at + interval 30 day)"),
    "a month that goes from the last day to the last day": (
        BACK,
        MONTH,
        f"(case when last_day(muster_at) = muster_at::date then {LAST_DAY} else {MONTH} end)",
    ),
    "a month that passes over the end of a shorter one": (
        BACK,
        MONTH,
        f"({MONTH} + to_days(cast(day(muster_at) - day({MONTH}) as integer)))",
    ),
    "a calendar without a leap day": (
        VISITS,
        'max(events."at")',
        """max(case when strftime(events."at", '%m-%d') <> '02-29' then events."at" end)""",
    ),
    "a step without the end of its time": (BACK, "muster_at <= muster_reach", "muster_at < muster_reach"),
    "a step at the time of the one before": (
        BACK,
        "order by muster_at, muster_turn",
        "order by muster_at, -muster_turn",
    ),
    "a forbidden event at the end of the time": (
        QUIET,
        "muster_forbidden_at > (muster_at",
        "muster_forbidden_at >= (muster_at",
    ),
    "a time that has not quite run out": (
        QUIET,
        "<= timestamp '2026-01-31 12:00:00'",
        "< timestamp '2026-01-31 12:00:00'",
    ),
    "a window without its beginning": (RECENT, f"{LOCAL} >=", f"{LOCAL} >"),
    "a window with its end": (RECENT, f"{LOCAL} <", f"{LOCAL} <="),
    "days by the midnights between": ("muster_traits__customer", "date_sub(", "date_diff("),
    "the first value at one time by capitals": (
        PAGE,
        'events."page"\n        ) as',
        'lower(events."page")\n        ) as',
    ),
    "the largest value at one time": (
        PAGE,
        'events."page"\n        ) as',
        'events."page" desc\n        ) as',
    ),
    "the last event at one time by its value": (
        STATUS,
        'events."order_id",\n                events',
        "events",
    ),
    "the event without an id before those with one": (
        STATUS,
        "is null then 1 else 0 end",
        "is null then 0 else 1 end",
    ),
    "the largest of the most frequent values": (
        FAVOURITE,
        'desc, "most_frequent__page"',
        'desc, "most_frequent__page" desc',
    ),
    "the last of two events of one id": (REPEATED, f"{LOCAL},", f"{LOCAL} desc,"),
    "another of two events of one id at one time": (
        REPEATED,
        'else 0 end, "status"',
        'else 0 end, "status" desc',
    ),
    "another person's of two events of one id at one time": (
        REPEATED,
        'else 0 end, "customer_id"',
        'else 0 end, "customer_id" desc',
    ),
    "no events without an id": (
        ORDERS,
        'where repeated."order_id" is null',
        'where repeated."order_id" is null and all_events."order_id" is not null',
    ),
    "ids in other capitals as one": (
        ORDERS,
        'repeated."order_id" = all_events."order_id"',
        'lower(repeated."order_id") = lower(all_events."order_id")',
    ),
    "the largest key of an alias": (ALIASES, "order by canonical_key", "order by canonical_key desc"),
    "a key that is its own alias": (ALIASES, "and alias_key <> canonical_key", ""),
    "aliases in other capitals": (
        PEOPLE_MODEL,
        'aliases.alias_key = cast(entity."customer_id" as varchar)',
        'lower(aliases.alias_key) = lower(cast(entity."customer_id" as varchar))',
    ),
    "events of an alias as of a stranger": (
        ORDERS,
        "coalesce(aliases.canonical_key, cast(events",
        "coalesce(cast(events",
    ),
    "the alias's row before the person's own": (
        PEOPLE_MODEL,
        "then 0 else 1 end, cast",
        "then 1 else 0 end, cast",
    ),
    "a person without a key": (PEOPLE_MODEL, "where muster_key is not null", ""),
    "an empty key as none": (PEOPLE_MODEL, "where muster_key is not null", "where muster_key <> ''"),
    "keys in other capitals as one": (ORDERS, "group by 1", 'group by lower("customer_id"), 1'),
    "unknown where there is no value": ("abroad", "coalesce(", "nullif("),
    "an empty text as no value": ("somewhere", "is not null", "<> ''"),
    "a text in other capitals": (
        "abroad",
        """"attribute__country" = 'GB'""",
        """"attribute__country" ilike 'GB'""",
    ),
    "negative numbers without their sign": (
        "loyal",
        'entity."attribute__points"',
        'abs(entity."attribute__points")',
    ),
    "numbers in 32 bits": (RECENT, 'sum(events."items")', 'sum(try_cast(events."items" as integer))'),
    "sums in single precision": (
        ORDERS,
        'sum(cast(events."amount" as decimal(38, 9)))',
        'sum(cast(events."amount" as real))',
    ),
    "sums of whole numbers": (
        ORDERS,
        'cast(events."amount" as decimal(38, 9))',
        'cast(events."amount" as bigint)',
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("shop")
    folder = root / "audience_specs"
    (folder / "audiences").mkdir(parents=True)
    (folder / "customer.yml").write_text(json.dumps(ENTITY))
    for name, trait in TRAITS.items():
        (folder / f"{name}.yml").write_text(json.dumps({"trait": name, "entity": "customer", **trait}))
    for name, criteria in AUDIENCES.items():
        spec = {"audience": name, "entity": "customer", "criteria": criteria}
        (folder / "audiences" / f"{name}.yml").write_text(json.dumps(spec))
    return load(root)


@pytest.fixture(scope="module")
def statements(project: Project) -> dict[str, Statement]:
    found = {each.name: each for each in model_statements(project) if not each.incremental}
    renders = renderer("duckdb")
    sequences = [each for each in found.values() if each.name.startswith("muster_sequences")]
    for each in sequences:
        found[QUIET if "forbidden" in each.sql(renders) else BACK] = each
    return found


@pytest.fixture(scope="module")
def prover(
    project: Project, statements: dict[str, Statement], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prover]:
    path = tmp_path_factory.mktemp("world") / "world.duckdb"
    build(path, world(project), list(dict.fromkeys(statements.values())))
    prover = Prover(path)
    yield prover
    prover.close()


@pytest.mark.parametrize(("name", "right", "wrong"), WRONG.values(), ids=WRONG)
def test_a_form_that_is_wrong_at_an_edge_has_other_rows(
    name: str, right: str, wrong: str, statements: dict[str, Statement], prover: Prover
) -> None:
    sql = statements[name].sql(renderer("duckdb"))
    assert right in sql
    assert prover.prove(statements[name], sql, Moved(sql), "duckdb") is None
    mutated = sql.replace(right, wrong)
    found = prover.prove(statements[name], mutated, Moved(mutated), "duckdb")
    assert found is not None
    assert found.code == "other_rows", found.message


def test_a_world_is_small_and_the_same_every_time(project: Project) -> None:
    one, other = world(project), world(project)
    assert {name: table.rows for name, table in one.items()} == {
        name: table.rows for name, table in other.items()
    }
    assert all(len(table.rows) < PEOPLE + 1.4 * EVENTS for table in one.values())
