"""A dbt project as it stands after `dbt run`, made by hand so that a sync can be tested in a second."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

import duckdb

FILES = {
    "dbt_project.yml": "name: shop\nversion: 1.0.0\nprofile: shop\n",
    "profiles.yml": """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: warehouse.duckdb, schema: main, threads: 1}
""",
    "audience_specs/entities.yml": """
entity: customer
model: ref('customers')
key: customer_id
attributes:
  country: {type: string}
identifiers:
  email: email
  external_id: external_id
consent:
  marketing: marketing
""",
    "audience_specs/destinations.yml": """
destination: exports
type: files
path: exports
batch_size: 30
consent: marketing

---
destination: crm
type: webhook
url: "{{ env_var('CRM_URL') }}"
headers: {Authorization: "Bearer {{ env_var('MUSTER_TEST_TOKEN', '') }}"}
batch_size: 20
hashing: none
retry: {attempts: 2, first_wait: 0}
""",
    "audience_specs/audiences/fans.yml": """
audience: fans
description: People who cannot get enough.
entity: customer
tags: [loyal]
criteria:
  - {attribute: country, is: GB}
sync:
  - {to: exports, match_on: [email]}
  - {to: crm}
""",
}

Person = tuple[str | None, str, bool]


class Shop:
    """The project's folder, its warehouse, and what each destination should hold."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.people: dict[int, Person] = {}
        self.members: set[int] = set()
        for name, content in FILES.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        models = ("muster_entities__customer", "fans")
        nodes = {
            f"model.shop.{name}": {
                "resource_type": "model",
                "name": name,
                "relation_name": f'"warehouse"."main"."{name}"',
            }
            for name in models
        }
        (folder / "target").mkdir()
        (folder / "target/manifest.json").write_text(json.dumps({"nodes": nodes}))

    @property
    def warehouse(self) -> Path:
        """The DuckDB file."""
        return self.folder / "warehouse.duckdb"

    def change(self, chance: random.Random, *, population: int, moves: int) -> None:
        """Let people come, leave, change their address and their mind; then write the tables anew."""
        for key in chance.sample(range(population), moves):
            address = chance.choice(
                [f"canary.p{key}@example.com", f"Canary.P{key}00{chance.randint(0, 9)}@Example.com ", None]
            )
            self.people[key] = (address, f"canary-{key}", chance.random() < 0.9)
            self.members.symmetric_difference_update({key} if chance.random() < 0.6 else set())
        self.write()

    def write(self) -> None:
        """Put people and members into the warehouse."""
        with duckdb.connect(str(self.warehouse)) as connection:
            entity = [[key, *person] for key, person in self.people.items()]
            columns = "(customer_id bigint, identifier__email varchar, identifier__external_id varchar, "
            connection.execute(
                f"create or replace table muster_entities__customer {columns} consent__marketing boolean)"
            )
            connection.execute("create or replace table fans (customer_id bigint)")
            # One statement with a list of structs: row by row takes longer than the sync.
            connection.execute(
                "insert into muster_entities__customer select unnest(?), unnest(?), unnest(?), unnest(?)",
                [list(column) for column in zip(*entity, strict=True)],
            )
            connection.execute("insert into fans select unnest(?::bigint[])", [sorted(self.members)])

    def expected_at_exports(self) -> dict[str, dict[str, str | None]]:
        """By consent, matched on the hashed address alone."""
        return {
            str(key): {"email": hashlib.sha256(address.strip().lower().encode()).hexdigest()}
            for key, (address, _, consent) in self.people.items()
            if key in self.members and consent and address
        }

    def expected_at_crm(self) -> dict[str, dict[str, str | None]]:
        """Every member, in clear text."""
        return {
            str(key): {"email": address.strip().lower() if address else None, "external_id": external}
            for key, (address, external, _) in self.people.items()
            if key in self.members
        }
