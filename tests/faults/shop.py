"""A project whose audience goes to three platforms of different kinds, and what each of them should hold."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from dbt_muster.destinations import Form, find_type
from tests.destinations.stage import QUICK, variable
from tests.destinations.standins.base import Holding, StandIn
from tests.oracle import identifiers as reference

ENTITY = {
    "entity": "customer",
    "model": "ref('customers')",
    "key": "customer_id",
    "attributes": {"country": {"type": "string"}},
    "identifiers": {
        "email": {"model": "ref('addresses')", "key": "customer_id", "column": "address"},
        "phone": "phone",
        "external_id": "external_id",
    },
    "consent": {"marketing": "marketing"},
}
PROJECT = "name: shop\nversion: 1.0.0\nprofile: shop\n"
PROFILE = (
    "shop: {target: dev, outputs: {dev: {type: duckdb, path: warehouse.duckdb, schema: main, threads: 1}}}\n"
)
MODELS = ("muster_entities__customer", "muster_identifiers__customer", "fans")

Person = Mapping[str, list[str]]
"""The values of each identifier. Two people live in a house: they have its telephone, mostly its address."""


class Shop:
    """The project's folder, its warehouse, and the platforms that it delivers to.

    Args:
        folder: an empty one.
        stand_ins: platforms that are running.
    """

    def __init__(self, folder: Path, stand_ins: Sequence[StandIn]) -> None:
        self.folder = folder
        self.stand_ins = stand_ins
        self.people: dict[int, tuple[Person, bool]] = {}
        self.members: set[int] = set()
        specs = folder / "audience_specs"
        (specs / "audiences").mkdir(parents=True)
        (folder / "target").mkdir()
        (folder / "dbt_project.yml").write_text(PROJECT)
        (folder / "profiles.yml").write_text(PROFILE)
        (specs / "entities.yml").write_text(json.dumps(ENTITY))
        documents = [json.dumps(self._destination(stand_in)) for stand_in in stand_ins]
        (specs / "destinations.yml").write_text("\n---\n".join(documents))
        (specs / "audiences" / "fans.yml").write_text(json.dumps(self._audience()))
        nodes = {
            f"model.shop.{name}": {
                "resource_type": "model",
                "name": name,
                "relation_name": f'"warehouse"."main"."{name}"',
            }
            for name in MODELS
        }
        (folder / "target" / "manifest.json").write_text(json.dumps({"nodes": nodes}))

    @property
    def environment(self) -> dict[str, str]:
        """The variables that hold the platforms' secrets."""
        return {
            variable(stand_in, name): value
            for stand_in in self.stand_ins
            for name, value in stand_in.secrets.items()
        }

    def _destination(self, stand_in: StandIn) -> dict[str, object]:
        secrets = {name: f"{{{{ env_var('{variable(stand_in, name)}') }}}}" for name in stand_in.secrets}
        return {
            "destination": stand_in.type,
            "type": stand_in.type,
            "consent": "marketing",
            "url": stand_in.url,
            "retry": QUICK,
            "rate": 10_000,
            "batch_size": 25,
            **stand_in.settings,
            **secrets,
        }

    def _audience(self) -> dict[str, object]:
        return {
            "audience": "fans",
            "entity": "customer",
            "criteria": [{"attribute": "country", "is": "GB"}],
            "sync": [{"to": each.type, "match_on": list(each.match_on)} for each in self.stand_ins],
        }

    def change(self, dice: random.Random, *, population: int, moves: int) -> None:
        """Let people come, leave, change an identifier and their mind; then write the tables anew."""
        for key in dice.sample(range(population), moves):
            version = dice.choice(["", "", f".{dice.randint(0, 9)}"])
            own, of_the_house = f"P{key}{version}@example.com", f"House{key // 2}@example.com"
            person = {
                "email": [own, of_the_house] if dice.random() < 0.7 else [own],
                "phone": [f"+4416329{key // 2:05}"],
                "external_id": [f"x-{key}"],
            }
            self.people[key] = (person, dice.random() < 0.9)
            if dice.random() < 0.6:
                self.members.symmetric_difference_update({key})
        with duckdb.connect(str(self.folder / "warehouse.duckdb")) as connection:
            self._write(connection)

    def _write(self, connection: duckdb.DuckDBPyConnection) -> None:
        single = ("phone", "external_id")
        rows = [
            [key, *(person[name][0] for name in single), consent]
            for key, (person, consent) in self.people.items()
        ]
        columns = ", ".join(f"identifier__{name} varchar" for name in single)
        connection.execute(
            f"create or replace table muster_entities__customer (customer_id bigint, {columns}, "
            "consent__marketing boolean)"
        )
        connection.execute(
            "create or replace table muster_identifiers__customer "
            "(entity_key varchar, identifier varchar, value varchar)"
        )
        _insert(connection, "muster_entities__customer", rows)
        addresses = [
            [str(key), "email", address]
            for key, (person, _) in self.people.items()
            for address in person["email"]
        ]
        _insert(connection, "muster_identifiers__customer", addresses)
        connection.execute("create or replace table fans (customer_id bigint)")
        _insert(connection, "fans", [[key] for key in sorted(self.members)])

    def expected(self, stand_in: StandIn) -> set[Holding]:
        """What a platform should hold, by the rules as written without SQL."""
        forms = find_type(stand_in.type).capabilities.identifiers or {}
        found: set[Holding] = set()
        for key in self.members:
            person, consent = self.people[key]
            values = [(name, _sent(forms[name], person[name])) for name in stand_in.match_on]
            if consent:
                found |= _rows([(name, sent) for name, sent in values if sent], flat=stand_in.flat)
        return found

    def held(self, stand_in: StandIn) -> set[Holding]:
        """What a platform holds; more than one audience for one is a fault by itself."""
        with stand_in.lock:
            ids = stand_in.audience_ids()
            assert len(ids) <= 1, f"{stand_in.type} has {len(ids)} audiences for one"
            return set(stand_in.held(ids[0])) if ids else set()


def _sent(form: Form, values: Sequence[str]) -> list[str]:
    written = sorted({reference.sent(form.rule, value) or "" for value in values} - {""})
    return [reference.sha256(value) if form.hash == "sha256" else value for value in written[: form.most]]


def _rows(values: Sequence[tuple[str, Sequence[str]]], *, flat: bool) -> set[Holding]:
    """A row for each value of a person who has several; what they have fewer of is in each row."""
    if flat:
        return {frozenset([(name, value)]) for name, sent in values for value in sent}
    return {
        frozenset((name, sent[min(place, len(sent) - 1)]) for name, sent in values)
        for place in range(max((len(sent) for _, sent in values), default=0))
    }


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """One statement with lists: row by row takes longer than the sync."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(f"insert into {table} select {', '.join(['unnest(?)'] * len(columns))}", columns)
