"""A warehouse, a platform's stand-in, and an audience that is synced from one to the other."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dbt_muster.delivery import Engine, Pair, PairReport
from dbt_muster.destinations import open_destination
from dbt_muster.specs.meaning import Column, Entity, Guard, Identifier, Relation, Sync
from dbt_muster.specs.meaning import Destination as DestinationSpec
from tests.canaries import CANARIES
from tests.destinations import standins
from tests.destinations.standins.base import Holding, StandIn
from tests.oracle import identifiers as reference
from tests.unit.delivery.kit import HERE, MemoryWarehouse, audience, renderer

QUICK = {"attempts": 3, "first_wait": 0.001, "longest_wait": 0.01}

COLUMNS = (
    "email",
    "phone",
    "external_id",
    "mobile_advertising_id",
    "first_name",
    "last_name",
    "postcode",
    "country",
)


def all_stand_ins() -> list[type[StandIn]]:
    """Every platform's stand-in, found in its own file: adding one takes no change here."""
    for module in pkgutil.iter_modules(standins.__path__, f"{standins.__name__}."):
        importlib.import_module(module.name)
    found: list[type[StandIn]] = []
    left: list[type[StandIn]] = StandIn.__subclasses__()
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        if "type" in vars(kind) and kind.__module__.startswith(standins.__name__):
            found.append(kind)
    return sorted(found, key=lambda kind: kind.type)


Value = str | list[str] | None
Person = Mapping[str, Value]


def person(number: int, **own: Value) -> Person:
    """Somebody with every identifier, each of them nobody else's."""
    plain: dict[str, Value] = {
        "email": f"Canary.P{number}@Example.com",
        "phone": f"+4416329{number:05}",
        "external_id": f"canary-{number}",
        "mobile_advertising_id": f"AEBE52E7-03EE-455A-B3C4-{number:012}",
        "first_name": "Mary",
        "last_name": "Smith",
        "postcode": f"SW1A {number}",
        "country": "GB",
    }
    return plain | own


def people(numbers: Iterable[int]) -> dict[int, Person]:
    """Several, by their keys."""
    return {number: person(number) for number in numbers}


class Warehouse(MemoryWarehouse):
    """A DuckDB in memory whose entity has every identifier that is common.

    Args:
        several: identifiers of which somebody may have several values.
    """

    def __init__(self, several: Sequence[str] = ()) -> None:
        super().__init__()
        self.several = several
        columns = ", ".join(f"identifier__{name} varchar" for name in COLUMNS)
        self.connection.execute("drop table muster_entities__customer")
        self.connection.execute(
            f"create table muster_entities__customer (customer_id bigint, {columns}, consent__ads boolean)"
        )
        self.connection.execute(
            "create table muster_identifiers__customer "
            "(entity_key varchar, identifier varchar, value varchar)"
        )

    def fill(self, members: Mapping[int, Person], others: Mapping[int, Person] | None = None) -> None:
        """Everybody there is, all of whom consent, and which of them are members."""
        self.connection.execute("delete from muster_entities__customer")
        self.connection.execute("delete from muster_identifiers__customer")
        for key, somebody in {**members, **(others or {})}.items():
            own = {name: None if name in self.several else somebody[name] for name in COLUMNS}
            values = [key, *own.values(), True]
            marks = ", ".join("?" * len(values))
            self.connection.execute(f"insert into muster_entities__customer values ({marks})", values)
            for name in self.several:
                for value in _listed(somebody[name]):
                    row = [str(key), name, value]
                    self.connection.execute("insert into muster_identifiers__customer values (?, ?, ?)", row)
        self.set_members(set(members))


@dataclass
class Stage:
    """One stand-in that runs, and the sync of one audience to it."""

    stand_in: StandIn
    warehouse: Warehouse = field(default_factory=Warehouse)
    settings: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    members: Mapping[int, Person] = field(default_factory=dict)

    def fill(self, members: Mapping[int, Person], others: Mapping[int, Person] | None = None) -> None:
        """Who is a member now."""
        self.members = members
        self.warehouse.fill(members, others)

    def sync(self, **how: Any) -> PairReport:
        """Deliver, in a process of its own as far as the ledger can tell."""
        return self.engine().sync(self.pair(), **how)

    def engine(self) -> Engine:
        """A new engine over the same warehouse."""
        return Engine(self.warehouse, renderer(), lambda model: f'"main"."{model}"')

    @property
    def creates(self) -> bool:
        """Whether an audience is made at the platform."""
        return self.pair().destination.capabilities.creates

    def pair(self) -> Pair:
        """The audience and a newly opened destination."""
        kind = self.stand_in
        settings: dict[str, object] = {
            "url": kind.url,
            "retry": QUICK,
            "rate": 10_000,
            **kind.settings,
            **{name: f"{{{{ env_var('{variable(kind, name)}') }}}}" for name in kind.secrets},
            **self.settings,
        }
        spec = DestinationSpec("platform", kind.type, None, Guard(), settings, HERE)
        sync = Sync("platform", kind.match_on, dict(self.options), HERE)
        destination = open_destination(spec, root=Path())
        return Pair(audience(sync), entity(self.warehouse.several), sync, spec, destination)

    # --- what ought to be ------------------------------------------------------------------------------

    def expected(self) -> set[Holding]:
        """What the platform should hold of the members, by the rules as written without SQL."""
        found: set[Holding] = set()
        for somebody in self.members.values():
            values = [
                (name, value) for name in self.stand_in.match_on for value in self._values(name, somebody)
            ]
            holdings = [frozenset([each]) for each in values] if self.stand_in.flat else [frozenset(values)]
            found |= {holding for holding in holdings if holding}
        return found

    def sent(self, name: str, somebody: Person) -> str:
        """The value that is sent of somebody's identifier."""
        (value,) = self._values(name, somebody)
        return value

    def _values(self, name: str, somebody: Person) -> list[str]:
        """What is sent of somebody's identifier."""
        form = self.pair().destination.form(name)
        written = {reference.sent(form.rule, value) for value in _listed(somebody[name])}
        chosen = sorted(value for value in written if value)[: form.most]
        return [reference.sha256(value) if form.hash == "sha256" else value for value in chosen]

    def held(self) -> set[Holding]:
        """What the platform holds; nothing where the audience was never made."""
        ids = self.stand_in.audience_ids()
        assert len(ids) <= 1, f"{len(ids)} audiences were made for one"
        return self.stand_in.held(ids[0]) if ids else set()

    def is_exact(self) -> bool:
        """Whether the platform holds the members, nobody less and nobody more."""
        return self.held() == self.expected()

    def writes(self) -> int:
        """How many calls added or removed members."""
        return sum(self.stand_in.is_write(call) for call in self.stand_in.calls)


def set_secrets(kind: type[StandIn], monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a platform's secrets where its destination's settings look for them."""
    for name, value in kind.secrets.items():
        monkeypatch.setenv(variable(kind, name), CANARIES.plant(value))


def variable(kind: type[StandIn] | StandIn, setting: str) -> str:
    """The environment variable of a secret."""
    return f"MUSTER_TEST_{kind.type}_{setting}".upper()


def entity(several: Sequence[str]) -> Entity:
    """The entity of the stage; of some identifiers there may be several values."""
    return Entity(
        name="customer",
        relation=Relation("ref", ("customers",)),
        key=Column("customer_id"),
        timezone="UTC",
        attributes={},
        attributes_declared=False,
        identifiers={
            name: Identifier(name, Column(name), most=10 if name in several else None) for name in COLUMNS
        },
        consent={"ads": Column("ads")},
        events={},
        position=HERE,
    )


def _listed(value: Value) -> list[str]:
    """The values of an identifier, of which there may be one or none."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else value
