"""A small warehouse in memory, made-up platforms, and pairs of the two, for tests of the sync engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import duckdb

from dbt_muster.delivery import Circumstances, Engine, Pair, PairReport
from dbt_muster.delivery.watching import Watch
from dbt_muster.destinations import Batch, BatchResult, Capabilities, Delivery, Destination, Run
from dbt_muster.destinations.base import DestinationSettings
from dbt_muster.render import Renderer
from dbt_muster.specs.meaning import (
    All,
    Audience,
    Column,
    Entity,
    Guard,
    Identifier,
    Position,
    Relation,
    Sync,
)
from dbt_muster.specs.meaning import Destination as DestinationSpec
from dbt_muster.warehouse import WarehouseError
from tests.canaries import watch_warehouse

HERE = Position(Path("audience_specs/destinations.yml"), 1, 1)

Step = Callable[[str], None]


class Killed(BaseException):
    """Stands for SIGKILL: no `except Exception` sees it."""


@cache
def renderer() -> Renderer:
    """One for all tests: reading the macros takes longer than most of them."""
    return Renderer("duckdb")


def _no_step(_name: str) -> None:
    return


@dataclass
class Person:
    """A row of the entity's table."""

    email: str | None = None
    phone: str | None = None
    external_id: str | None = None
    consent: bool | None = True


def people(count: int) -> dict[int, Person]:
    """Some people by their keys from 0, each with an address and an id."""
    return {key: Person(f"p{key}@example.com", None, f"x-{key}") for key in range(count)}


class MemoryWarehouse:
    """A DuckDB in memory. `step` is called around every statement and may raise Killed."""

    dialect = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect(config={"threads": 1})
        self.step: Step = _no_step
        watch_warehouse(self)
        self.connection.execute(
            "create table muster_entities__customer (customer_id bigint, identifier__email varchar, "
            "identifier__phone varchar, identifier__external_id varchar, consent__ads boolean)"
        )
        self.connection.execute("create table fans (customer_id bigint)")

    def relation(self, name: str) -> str:
        return f'"main"."{name}"'

    def execute(self, sql: str) -> None:
        self.step("before a statement")
        try:
            self.connection.execute(sql)
        except duckdb.Error as error:
            raise WarehouseError(str(error)) from None
        self.step("after a statement")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        self.step("before a query")
        try:
            rows = self.connection.execute(sql).fetchall()
        except duckdb.Error as error:
            raise WarehouseError(str(error)) from None
        return [tuple(row) for row in rows]

    def set_people(self, people: Mapping[int, Person]) -> None:
        self.connection.execute("delete from muster_entities__customer")
        for key, person in people.items():
            values = [key, person.email, person.phone, person.external_id, person.consent]
            self.connection.execute("insert into muster_entities__customer values (?, ?, ?, ?, ?)", values)

    def set_members(self, keys: set[int]) -> None:
        self.connection.execute("delete from fans")
        for key in sorted(keys):
            self.connection.execute("insert into fans values (?)", [key])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def tables(self) -> set[str]:
        return {row[0] for row in self.rows("select table_name from information_schema.tables")}


class KeyedPlatform(Destination):
    """Holds identifiers by key. Fails where `answer` says so; calls `step` around each batch."""

    capabilities: ClassVar[Capabilities] = Capabilities(keyed_by="entity_key", batch_size=3, creates=False)
    settings_model: ClassVar[type[DestinationSettings]] = DestinationSettings

    def __init__(self, name: str = "platform", *, hashing: str = "none") -> None:
        super().__init__(name, DestinationSettings(hashing=hashing), root=Path())  # type: ignore[arg-type]
        self.held: Any = self.nothing()
        self.batches: list[Batch] = []
        self.runs: list[Run] = []
        self.step: Step = _no_step
        self.answer: Callable[[Batch], BatchResult] = lambda batch: BatchResult()

    def nothing(self) -> Any:
        return {}

    def take(self, action: str, key: str, identifiers: Mapping[str, Any]) -> None:
        if action == "remove":
            self.held.pop(key, None)
        else:
            self.held[key] = dict(identifiers)

    @contextmanager
    def deliver(self, run: Run) -> Iterator[Delivery]:
        self.runs.append(run)
        yield _PlatformDelivery(self)


class IdentifierPlatform(KeyedPlatform):
    """Knows nothing but identifiers: holds a set of them."""

    capabilities: ClassVar[Capabilities] = Capabilities(batch_size=3, creates=False)

    def nothing(self) -> Any:
        return set()

    def take(self, action: str, key: str, identifiers: Mapping[str, Any]) -> None:
        if action == "remove":
            self.held.discard(tuple(identifiers.items()))
        else:
            self.held.add(tuple(identifiers.items()))


class _PlatformDelivery(Delivery):
    def __init__(self, platform: KeyedPlatform) -> None:
        self._platform = platform

    def send(self, batch: Batch) -> BatchResult:
        platform = self._platform
        platform.step("before a batch")
        result = platform.answer(batch)
        refused = {refusal.index for refusal in result.refusals}
        for index, record in enumerate(batch.records):
            if index not in refused:
                platform.take(*record)
        platform.batches.append(batch)
        platform.step("after a batch")
        return result


@dataclass
class Scene:
    """A warehouse, a platform, and the pair between them."""

    platform: Any = field(default_factory=KeyedPlatform)
    match_on: tuple[str, ...] = ()
    consent: str | None = None
    guard: Guard = Guard()  # noqa: RUF009 - it is frozen
    circumstances: Circumstances = Circumstances()  # noqa: RUF009 - it is frozen
    country: str | None = None
    watch: Watch = field(default_factory=Watch)
    warehouse: MemoryWarehouse = field(default_factory=MemoryWarehouse)
    renderer: Renderer = field(default_factory=renderer)

    def pair(self) -> Pair:
        spec = DestinationSpec(self.platform.name, "made_up", self.consent, self.guard, {}, HERE)
        sync = Sync(self.platform.name, self.match_on, {}, HERE)
        return Pair(audience(sync), entity(self.country), sync, spec, self.platform)

    def sync(
        self, *, override: str | None = None, pair: Pair | None = None, anew: bool = False
    ) -> PairReport:
        return self.engine().sync(pair or self.pair(), override=override, anew=anew)

    def plan(self, *, anew: bool = False) -> PairReport:
        return self.engine().plan(self.pair(), anew=anew)

    def engine(self) -> Engine:
        return Engine(self.warehouse, self.renderer, self.relation_of, self.circumstances, self.watch)

    @staticmethod
    def relation_of(model: str) -> str:
        return f'"main"."{model}"'

    def set(self, people: Mapping[int, Person], members: set[int] | None = None) -> None:
        self.warehouse.set_people(people)
        self.warehouse.set_members(set(people) if members is None else members)

    def state(self) -> list[tuple[Any, ...]]:
        return self.warehouse.rows(
            "select entity_key, identifiers, confirmed from muster_sync_state "
            "order by entity_key, identifiers"
        )

    def runs(self) -> list[tuple[Any, ...]]:
        return self.warehouse.rows("select sequence, status, reason from muster_sync_runs order by sequence")


def entity(country: str | None = None) -> Entity:
    return Entity(
        name="customer",
        relation=Relation("ref", ("customers",)),
        key=Column("customer_id"),
        timezone="UTC",
        attributes={},
        attributes_declared=False,
        identifiers={
            "email": Identifier("email", Column("email")),
            "phone": Identifier("phone", Column("phone"), country),
            "external_id": Identifier("external_id", Column("external_id")),
        },
        consent={"ads": Column("ads")},
        events={},
        position=HERE,
    )


def audience(sync: Sync, name: str = "fans") -> Audience:
    return Audience(
        name=name,
        description="",
        entity="customer",
        owner=None,
        tags=("love",),
        meta={},
        enabled=True,
        materialized="table",
        schema=None,
        criteria=All(()),
        syncs=(sync,),
        position=HERE,
        digest="",
    )


def other_audience(pair: Pair, name: str) -> Pair:
    return replace(pair, audience=replace(pair.audience, name=name))
