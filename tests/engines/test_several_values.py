"""Several values of an identifier, and what cannot be sent of them, come out alike on every engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from dbt_muster.plan import plan
from dbt_muster.render import Renderer
from dbt_muster.specs import load
from tests.engines.emulator import TEXT_IN_VARIANT, with_example
from tests.engines.engines import Engine, Step, Warehouse
from tests.oracle.identifiers import sha256
from tests.oracle.world import Table
from tests.unit.delivery.rules import identifier
from tests.unit.specs.corpus import write_project

ENTITY = """\
entity: customer
model: ref('customers')
key: {column: customer_id, type: integer}
identifiers:
  email: {column: emails, list: true}
  phone: {model: ref('customer_phones'), key: customer, column: number}
"""
AUDIENCE = """\
audience: fans
entity: customer
criteria: [{attribute: code, is_set: true}]
"""
ADDRESSES = ["B@x.example", " a@x.example", "b@x.example", "nobody", "é@x.example", "Z@x.example"]


@pytest.mark.parametrize("kind", ["list", "string"])
def test_values_are_sorted_distinct_capped_and_refused_alike(
    engine: Engine, kind: str, tmp_path: Path
) -> None:
    warehouse = cast(Warehouse, engine)
    if (warehouse.name, kind) == ("snowflake", "string"):
        pytest.skip(with_example(TEXT_IN_VARIANT))
    with warehouse.schema():
        _build(warehouse, kind, tmp_path)
        rows = warehouse.ask(
            Renderer(warehouse.name).call("muster_sync_plan", _request(), _relations(warehouse))
        )
    sent = {row[2]: json.loads(row[4]) for row in rows if row[1] == "add"}
    refused = {(row[2], row[9], row[10]) for row in rows if row[1] == "quarantine"}
    first, second = [sha256(address) for address in ("a@x.example", "b@x.example")]
    assert sent == {
        "1": {"email": [first, second], "phone": "+447700900001"},
        "2": {"email": None, "phone": None},
        "3": {"email": None, "phone": None},
    }
    assert refused == {("1", "email", "not_an_email"), ("2", "phone", "not_a_phone_number")}


def _build(warehouse: Warehouse, kind: str, folder: Path) -> None:
    def given(values: list[str]) -> object:
        return values if kind == "list" else json.dumps(values)

    people: list[dict[str, Any]] = [
        {"customer_id": 1, "emails": given(ADDRESSES), "code": "a"},
        {"customer_id": 2, "emails": given([]), "code": "b"},
        {"customer_id": 3, "code": "c"},
    ]
    numbers = [(1, "07700 900002"), (1, "+44 7700 900001"), (1, None), (2, "x"), (9, "+447700900009")]
    phones = tuple({"customer": key, "number": number} for key, number in numbers)
    warehouse.fill(
        "customers", Table({"customer_id": "integer", "emails": kind, "code": "string"}, tuple(people))
    )
    warehouse.fill("customer_phones", Table({"customer": "integer", "number": "string"}, phones))
    files = {"audience_specs/entities.yml": ENTITY, "audience_specs/audiences/fans.yml": AUDIENCE}
    wanted = ("muster_entities__customer", "muster_identifiers__customer", "fans")
    for stub in plan(load(write_project(folder, files, good=False))).stubs:
        if stub.model in wanted:
            sql = Renderer(warehouse.name).model(stub.text)
            warehouse.build(Step(stub.model, sql, append=False, built=False, shared=True))


def _relations(warehouse: Warehouse) -> dict[str, str]:
    return {
        "audience": warehouse.quoted("fans"),
        "entity": warehouse.quoted("muster_entities__customer"),
        "identifiers": warehouse.quoted("muster_identifiers__customer"),
        "state": "",
    }


def _request() -> dict[str, object]:
    email = identifier("email", many=2) | {"name": "email", "source": "email"}
    phone = identifier("phone", many=1, country="GB") | {"name": "phone", "source": "phone", "hash": False}
    return {
        "destination": "crm",
        "audience": "fans",
        "entity": "customer",
        "key": "customer_id",
        "keyed_by": "entity_key",
        "consent": None,
        "variants": [],
        "suppressed": None,
        "identifiers": [email | {"place": 1}, phone | {"place": 2}],
        "needs_identifier": False,
        "batch_size": 10,
        "snapshot": False,
        "add_only": False,
    }
