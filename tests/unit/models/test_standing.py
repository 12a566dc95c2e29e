"""Staying and expiring, over any evaluations: late ones, repeated ones, repeated ones with other data."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from dbt_muster.render import Renderer
from tests.thorough import examples

START = datetime.datetime(2026, 1, 30)
KEYS = "abc"
Length = tuple[int, str] | None


@dataclass(frozen=True)
class State:
    """What is remembered of a key."""

    since: datetime.datetime | None = None
    last: datetime.datetime | None = None
    blocked: bool = False


def later(instant: datetime.datetime, length: tuple[int, str]) -> datetime.datetime:
    """Days are exact; a month is a step of the calendar, the day clamped to the month's last."""
    count, unit = length
    if unit == "day":
        return instant + datetime.timedelta(days=count)
    month = instant.month - 1 + count
    first = instant.replace(year=instant.year + month // 12, month=month % 12 + 1, day=1)
    longest = ((first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)).day
    return first.replace(day=min(instant.day, longest))


def step(state: State, t: datetime.datetime, qualifies: bool, stay: Length, expire: Length) -> State:
    """One evaluation, in the words of the page on semantics."""
    since, last, blocked = state.since, state.last, state.blocked
    if qualifies:
        last = t
    else:
        blocked = False
    if since is not None and expire is not None and t >= later(since, expire):
        since, blocked = None, qualifies
    stays = since is not None and stay is not None and last is not None and t < later(last, stay)
    member = (qualifies and not blocked) or (not qualifies and stays)
    return State((since or t) if member else None, last, blocked)


class Machine:
    """Evaluations by the definition; the latest one may be repeated with other data."""

    def __init__(self, stay: Length, expire: Length) -> None:
        self.stay, self.expire = stay, expire
        self.states: dict[datetime.datetime, dict[str, State]] = {}

    def evaluate(self, t: datetime.datetime, qualifying: frozenset[str]) -> set[str]:
        """Who is a member at an instant."""
        if not self.states or t >= max(self.states):
            earlier = [at for at in self.states if at < t]
            before = self.states[max(earlier)] if earlier else {}
            self.states[t] = {
                key: step(before.get(key, State()), t, key in qualifying, self.stay, self.expire)
                for key in KEYS
            }
        known = [at for at in self.states if at <= t]
        return {key for key, state in self.states[max(known)].items() if state.since} if known else set()


class Warehouse:
    """The two models, run as dbt would run them."""

    def __init__(self, stay: Length, expire: Length) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("create table people (id varchar, qualifies boolean)")
        criteria = {
            "value": {"of": "entity", "column": "qualifies", "type": "boolean"},
            "operator": "is",
            "to": [{"literal": True, "type": "boolean"}],
        }
        audience: dict[str, object] = {"key": "id", "timezone": "UTC", "criteria": criteria}
        audience |= {"stay": list(stay)} if stay else {}
        audience |= {"expire": list(expire)} if expire else {}
        self.standing = f"{{{{ muster.muster_standing_model({audience!r}, {{'entity': 'people'}}) }}}}"
        planned, relations = {"key": "id", "standing": True}, {"entity": "people", "standing": "standing"}
        self.members = f"{{{{ muster.muster_audience_model({planned!r}, {relations!r}) }}}}"
        self.runs = 0

    def evaluate(self, t: datetime.datetime, qualifying: frozenset[str]) -> set[str]:
        """One `dbt run`: the members afterwards."""
        self.connection.execute("delete from people")
        for key in KEYS:
            self.connection.execute("insert into people values (?, ?)", [key, key in qualifying])
        renderer = Renderer("duckdb", variables={"muster_as_of": t.isoformat()})
        sql = renderer.model(self.standing, this="standing", incremental=self.runs > 0)
        verb = "insert into standing" if self.runs else "create table standing as"
        self.connection.execute(f"{verb} {sql}")
        self.runs += 1
        rows = self.connection.execute(renderer.model(self.members)).fetchall()
        assert len(rows) == len(set(rows))
        return {row[0] for row in rows}

    def rows(self) -> int:
        """How many rows are remembered."""
        found = self.connection.execute("select count(*) from standing").fetchone()
        assert found is not None
        return int(found[0])


LENGTHS = st.none() | st.tuples(st.integers(1, 9), st.just("day")) | st.just((1, "month"))
EVALUATIONS = st.lists(st.tuples(st.integers(0, 40), st.frozensets(st.sampled_from(KEYS))), max_size=14)


def at(day: int) -> datetime.datetime:
    return START + datetime.timedelta(days=day)


@settings(max_examples=examples(120), deadline=None)
@given(LENGTHS, LENGTHS, EVALUATIONS, st.booleans())
def test_any_evaluations_give_the_members_of_the_definition(
    stay: Length, expire: Length, evaluations: list[tuple[int, frozenset[str]]], in_order: bool
) -> None:
    warehouse, machine = Warehouse(stay, expire), Machine(stay, expire)
    for day, qualifying in sorted(evaluations, key=lambda one: one[0]) if in_order else evaluations:
        assert warehouse.evaluate(at(day), qualifying) == machine.evaluate(at(day), qualifying)
        size = warehouse.rows()
        assert warehouse.evaluate(at(day), qualifying) == machine.evaluate(at(day), qualifying)
        assert warehouse.rows() == size, "an evaluation that is repeated adds nothing"


def test_a_quiet_evaluation_adds_one_row() -> None:
    warehouse = Warehouse((5, "day"), None)
    warehouse.evaluate(at(0), frozenset("ab"))
    before = warehouse.rows()
    warehouse.evaluate(at(1), frozenset("ab"))
    assert warehouse.rows() == before + 1


def test_who_is_gone_from_the_entitys_table_is_no_member_though_it_would_stay() -> None:
    warehouse = Warehouse((9, "day"), None)
    warehouse.evaluate(at(0), frozenset("a"))
    warehouse.connection.execute("delete from people")
    renderer = Renderer("duckdb", variables={"muster_as_of": at(1).isoformat()})
    assert warehouse.connection.execute(renderer.model(warehouse.members)).fetchall() == []
