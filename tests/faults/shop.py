"""A project whose audience goes to three platforms of different kinds, and what each of them should hold."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from dbt_muster.destinations import find_type
from tests.destinations.stage import QUICK, variable
from tests.destinations.standins.base import Holding, StandIn
from tests.oracle import identifiers as reference

ENTITY = {
    "entity": "customer",
    "model": "ref('customers')",
    "key": "customer_id",
    "attributes": {"country": {"type": "string"}},
    "identifiers": {"email": "email", "phone": "phone", "external_id": "external_id"},
    "consent": {"marketing": "marketing"},
}
PROJECT = "name: shop\nversion: 1.0.0\nprofile: shop\n"
PROFILE = (
    "shop: {target: dev, outputs: {dev: {type: duckdb, path: warehouse.duckdb, schema: main, threads: 1}}}\n"
)
MODELS = ("muster_entities__customer", "fans")

Person = Mapping[str, str]


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
            person = {
                "email": f"P{key}{version}@example.com",
                "phone": f"+4416329{key // 2:05}",
                "external_id": f"x-{key}",
            }
            self.people[key] = (person, dice.random() < 0.9)
            if dice.random() < 0.6:
                self.members.symmetric_difference_update({key})
        with duckdb.connect(str(self.folder / "warehouse.duckdb")) as connection:
            self._write(connection)

    def _write(self, connection: duckdb.DuckDBPyConnection) -> None:
        names = ("email", "phone", "external_id")
        rows = [
            [key, *(person[name] for name in names), consent]
            for key, (person, consent) in self.people.items()
        ]
        columns = ", ".join(f"identifier__{name} varchar" for name in names)
        connection.execute(
            f"create or replace table muster_entities__customer (customer_id bigint, {columns}, "
            "consent__marketing boolean)"
        )
        # One statement with lists: row by row takes longer than the sync.
        connection.execute(
            f"insert into muster_entities__customer select {', '.join(['unnest(?)'] * 5)}",
            [list(column) for column in zip(*rows, strict=True)],
        )
        connection.execute("create or replace table fans (customer_id bigint)")
        connection.execute("insert into fans select unnest(?::bigint[])", [sorted(self.members)])

    def expected(self, stand_in: StandIn) -> set[Holding]:
        """What a platform should hold, by the rules as written without SQL."""
        forms = find_type(stand_in.type).capabilities.identifiers or {}
        found: set[Holding] = set()
        for key in self.members:
            person, consent = self.people[key]
            values = []
            for name in stand_in.match_on:
                written = reference.sent(forms[name].rule, person[name])
                if written is not None:
                    hashed = forms[name].hash == "sha256"
                    values.append((name, reference.sha256(written) if hashed else written))
            if consent and values:
                found |= {frozenset([each]) for each in values} if stand_in.flat else {frozenset(values)}
        return found

    def held(self, stand_in: StandIn) -> set[Holding]:
        """What a platform holds; more than one audience for one is a fault by itself."""
        with stand_in.lock:
            ids = stand_in.audience_ids()
            assert len(ids) <= 1, f"{stand_in.type} has {len(ids)} audiences for one"
            return set(stand_in.held(ids[0])) if ids else set()
