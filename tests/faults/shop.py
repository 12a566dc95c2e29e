"""A project whose audience goes to several platforms, as it stands after `dbt run`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb

from tests.destinations.stage import QUICK, variable
from tests.faults.people import People
from tests.faults.platforms import Place
from tests.faults.receivers import AUDIENCE

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
MODELS = ("muster_entities__customer", "muster_identifiers__customer", AUDIENCE)


class Shop:
    """The project's folder and its warehouse.

    Args:
        folder: an empty one.
        places: where the audience goes.
        people: of whom it is.
    """

    def __init__(self, folder: Path, places: Sequence[Place], people: People) -> None:
        self.folder = folder
        self.places = places
        self.people = people
        self._specs = folder / "audience_specs"
        (self._specs / "audiences").mkdir(parents=True)
        (folder / "target").mkdir()
        (folder / "dbt_project.yml").write_text(PROJECT)
        (folder / "profiles.yml").write_text(PROFILE)
        (self._specs / "entities.yml").write_text(json.dumps(ENTITY))
        documents = [json.dumps(_destination(place)) for place in places]
        (self._specs / "destinations.yml").write_text("\n---\n".join(documents))
        nodes = {
            f"model.shop.{name}": {
                "resource_type": "model",
                "name": name,
                "relation_name": f'"warehouse"."main"."{name}"',
                "config": {"materialized": "table"},
            }
            for name in MODELS
        }
        (folder / "target" / "manifest.json").write_text(json.dumps({"nodes": nodes}))

    @property
    def environment(self) -> dict[str, str]:
        """The variables that hold the platforms' secrets."""
        return {
            variable(place.stand_in, name): value
            for place in self.places
            for name, value in place.stand_in.secrets.items()
        }

    def write(self) -> None:
        """Write the audience's spec and the tables anew, as they are to be from now on."""
        self.write_spec()
        with duckdb.connect(str(self.folder / "warehouse.duckdb")) as connection:
            self.fill(connection)

    def write_spec(self) -> None:
        """Write the audience's spec anew."""
        spec = {
            "audience": AUDIENCE,
            "entity": "customer",
            "criteria": [{"attribute": "country", "is": "GB"}],
            "sync": [
                {"to": place.name, "match_on": list(place.match_on), "on_delete": "empty"}
                for place in self.places
                if place.synced
            ],
        }
        (self._specs / "audiences" / f"{AUDIENCE}.yml").write_text(json.dumps(spec))

    def fill(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write the tables anew."""
        single = ("phone", "external_id")
        rows = [
            [key, *(next(iter(person[name]), None) for name in single), consent]
            for key, (person, consent) in self.people.known.items()
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
            for key, (person, _) in self.people.known.items()
            for address in person["email"]
        ]
        _insert(connection, "muster_identifiers__customer", addresses)
        connection.execute(f"create or replace table {AUDIENCE} (customer_id bigint)")
        _insert(connection, AUDIENCE, [[key] for key in sorted(self.people.members)])


def _destination(place: Place) -> dict[str, object]:
    stand_in = place.stand_in
    secrets = {name: f"{{{{ env_var('{variable(stand_in, name)}') }}}}" for name in stand_in.secrets}
    called = {"url": stand_in.url, "retry": QUICK} if stand_in.url else {}
    paced = {} if stand_in.type in ("files", "webhook") else {"rate": 10_000}
    return {
        "destination": stand_in.type,
        "type": stand_in.type,
        "consent": "marketing",
        "batch_size": 12,
        **called,
        **paced,
        **stand_in.settings,
        **place.platform.settings,
        **secrets,
    }


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """One statement with lists: row by row takes longer than the sync."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(f"insert into {table} select {', '.join(['unnest(?)'] * len(columns))}", columns)
