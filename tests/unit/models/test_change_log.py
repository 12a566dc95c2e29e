"""The log of entries and exits, over any number of runs, late ones and repeated ones included."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from dbt_muster.render import Renderer
from tests.thorough import examples

Members = frozenset[tuple[str, str]]

CHANGES = "{{ muster.muster_membership_changes_model('memberships', 'sizes', 'audiences') }}"
SIZES = "{{ muster.muster_audience_sizes_model('audiences', 'memberships') }}"


class Warehouse:
    """The two append-only models over a table of memberships, run as dbt would run them."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(
            "create table memberships (audience varchar, entity varchar, entity_key varchar, variant varchar)"
        )
        self.connection.execute(
            "create table audiences as "
            "select audience, 'customer' as entity, 'd1' as digest "
            "from (values ('vip'), ('new')) as t (audience)"
        )
        self.runs = 0

    def run(self, as_of: datetime.datetime, members: Iterable[tuple[str, str]]) -> None:
        """One `dbt run`: the memberships as they are now, then the models that record them."""
        self.connection.execute("delete from memberships")
        for audience, key in members:
            self.connection.execute(
                "insert into memberships values (?, 'customer', ?, null)", [audience, key]
            )
        renderer = Renderer(
            "duckdb", variables={"muster_as_of": as_of.isoformat()}, invocation_id=f"run{self.runs}"
        )
        for table, model in (("sizes", SIZES), ("changes", CHANGES)):
            sql = renderer.model(model, this=table, incremental=self.runs > 0)
            verb = f"insert into {table}" if self.runs else f"create table {table} as"
            self.connection.execute(f"{verb} {sql}")
        self.runs += 1

    def log(self) -> list[tuple[str, str, str, datetime.datetime]]:
        """Every recorded change."""
        return self.connection.execute("select audience, entity_key, change, as_of from changes").fetchall()

    def recorded(self) -> Members:
        """Who is a member by the log alone."""
        balance: Counter[tuple[str, str]] = Counter()
        for audience, key, change, _ in self.log():
            balance[audience, key] += 1 if change == "entered" else -1
        assert set(balance.values()) <= {0, 1}, "entries and exits of a key take turns"
        return frozenset(member for member, count in balance.items() if count)


MEMBERS = st.frozensets(st.tuples(st.sampled_from(["vip", "new"]), st.sampled_from("abcd")))
DAYS = st.integers(1, 6)


def at(day: int) -> datetime.datetime:
    return datetime.datetime(2026, 1, day)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(DAYS, MEMBERS), min_size=1, max_size=7))
def test_the_log_replays_to_the_latest_evaluation_whatever_the_order_of_runs(
    runs: list[tuple[int, Members]],
) -> None:
    warehouse = Warehouse()
    latest, expected = 0, frozenset[tuple[str, str]]()
    for day, members in runs:
        before = len(warehouse.log()) if warehouse.runs else 0
        warehouse.run(at(day), members)
        if day >= latest:
            latest, expected = day, members
        else:
            assert len(warehouse.log()) == before, "a late run adds nothing"
        assert warehouse.recorded() == expected


def test_a_repeated_run_adds_nothing() -> None:
    warehouse = Warehouse()
    for _ in range(3):
        warehouse.run(at(1), {("vip", "a"), ("vip", "b")})
    assert len(warehouse.log()) == 2


def test_an_entry_and_an_exit_carry_the_instant_of_their_evaluation() -> None:
    warehouse = Warehouse()
    warehouse.run(at(1), {("vip", "a")})
    warehouse.run(at(2), {("vip", "b")})
    assert sorted(warehouse.log()) == [
        ("vip", "a", "entered", at(1)),
        ("vip", "a", "exited", at(2)),
        ("vip", "b", "entered", at(2)),
    ]


def test_a_late_run_after_a_quiet_one_adds_nothing() -> None:
    warehouse = Warehouse()
    warehouse.run(at(1), {("vip", "a")})
    warehouse.run(at(5), {("vip", "a")})
    warehouse.run(at(3), set())
    assert warehouse.recorded() == {("vip", "a")}


def test_members_of_an_audience_whose_spec_is_gone_leave_it() -> None:
    warehouse = Warehouse()
    warehouse.run(at(1), {("vip", "a"), ("new", "a")})
    warehouse.run(at(2), {("new", "a")})
    assert warehouse.recorded() == {("new", "a")}


def test_an_empty_audience_has_a_size_of_zero() -> None:
    warehouse = Warehouse()
    warehouse.run(at(1), {("vip", "a"), ("vip", "b")})
    sizes = warehouse.connection.execute(
        "select audience, size, invocation_id from sizes order by 1"
    ).fetchall()
    assert sizes == [("new", 0, "run0"), ("vip", 2, "run0")]


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(DAYS, MEMBERS), min_size=1, max_size=7))
def test_intervals_are_the_log_with_every_entry_beside_its_exit(runs: list[tuple[int, Members]]) -> None:
    warehouse = Warehouse()
    expected: list[tuple[str, str, datetime.datetime, datetime.datetime | None]] = []
    latest, inside = 0, dict[tuple[str, str], datetime.datetime]()
    for day, members in runs:
        warehouse.run(at(day), members)
        if day < latest:
            continue
        latest = day
        gone = sorted(inside.keys() - members)
        expected += [(*member, inside.pop(member), at(day)) for member in gone]
        inside |= {member: at(day) for member in members if member not in inside}
    expected += [(*member, entered, None) for member, entered in inside.items()]
    sql = Renderer("duckdb").call("muster_membership_intervals_model", "changes")
    found = warehouse.connection.execute(f"select * exclude (entity, digest) from ({sql})").fetchall()
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_a_change_has_the_digest_of_the_spec_at_its_evaluation() -> None:
    warehouse = Warehouse()
    warehouse.run(at(1), {("vip", "a"), ("new", "a")})
    warehouse.connection.execute("update audiences set digest = 'd2' where audience = 'vip'")
    warehouse.connection.execute("delete from audiences where audience = 'new'")
    warehouse.run(at(2), {("vip", "b")})
    rows = warehouse.connection.execute("select audience, entity_key, change, digest from changes").fetchall()
    assert sorted(rows, key=str) == [
        ("new", "a", "entered", "d1"),
        ("new", "a", "exited", None),
        ("vip", "a", "entered", "d1"),
        ("vip", "a", "exited", "d2"),
        ("vip", "b", "entered", "d2"),
    ]
