"""The view of how long and how fresh each table of events is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from dbt_muster.plan import plan
from tests.end_to_end.without_dbt import build
from tests.unit.testing.kit import project

ENTITIES = """\
entity: customer
model: ref('dim_customers')
key: customer_id
events:
  orders:
    model: ref('fct_orders')
    key: customer_id
    at: ordered_at
    id: order_id
    loaded_at: {column: 'it''s "loaded"', timezone: Europe/London}
  app:
    model: ref('app')
    key: user_id
    at: {column: event_time, type: timestamptz}
    name: event_name
"""
AUDIENCE = "entity: customer\ncriteria: [{event: orders}, {sequence: [{event: app.a}, {event: app.b}]}]"


def test_each_table_of_events_in_use_is_counted_with_its_first_and_last_times(tmp_path: Path) -> None:
    project(tmp_path, AUDIENCE, entities=ENTITIES)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("create table dim_customers (customer_id int)")
        connection.execute(
            "create table fct_orders as select 1 as customer_id, o as order_id, o as ordered_at, l as "
            '"it\'s ""loaded""" from (values (timestamp \'2026-01-01\', timestamp \'2026-07-01 10:00\'), '
            "(timestamp '2026-01-03', null), (null, timestamp '2026-06-30')) as given (o, l)"
        )
        connection.execute(
            "create table app as select 1 as user_id, 'a' as event_name, "
            "timestamptz '2026-01-02 00:00:00+02' as event_time"
        )
        build(tmp_path, connection, as_of="2026-02-01")
        view = connection.execute("select * from muster_event_sources order by source")
        columns, found = [column[0] for column in view.description or ()], view.fetchall()
    assert columns[:4] == ["entity", "source", "row_count", "first_event_at"]
    assert found == [
        ("customer", "app", 1, datetime(2026, 1, 1, 22), datetime(2026, 1, 1, 22), None),
        ("customer", "orders", 3, datetime(2026, 1, 1), datetime(2026, 1, 3), datetime(2026, 7, 1, 9)),
    ]


def test_tables_that_nothing_is_made_of_are_not_read(tmp_path: Path) -> None:
    criteria = "entity: customer\ncriteria: [{attribute: country, is: GB}]"
    specs = project(tmp_path, criteria, entities=ENTITIES)
    view = next(stub for stub in plan(specs).stubs if stub.model == "muster_event_sources")
    assert "fct_orders" not in view.text
