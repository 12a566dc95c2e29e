"""Worlds written as cases: what a random test found, to be kept under `cases/`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from tests.engines.cases import ByName
from tests.oracle.world import Cell, Key, Row, Spec, Table, World, column_of, table_name


def write_case(
    world: World,
    expected: Mapping[str, Iterable[Key]],
    assigned: ByName | None = None,
    withheld: ByName | None = None,
) -> str:
    """The text of a case, such as of a disagreement that a random test found, to be kept under `cases/`.

    Args:
        world: whose audiences are named in `expected`.
        expected: the members by audience.
        assigned: by group and audience, the keys that a priority gives to it.
        withheld: by audience and reason, the members that are never sent.
    """
    people = _entity(world, world.entity)
    document = {
        "case": "",
        "as_of": world.as_of.isoformat(),
        "timezone": world.timezone,
        "attributes": people.pop("attributes", {}),
        "people": people.pop("rows"),
        **people,
        "others": {other["entity"]: _entity(world, other) for other in world.others},
        "traits": {name: _without(spec, "trait") for name, spec in world.traits.items()},
        "audiences": {name: _audience(spec) for name, spec in world.audiences.items()},
        "groups": {name: _without(spec, "group") for name, spec in world.groups.items()},
        "before": [moment.isoformat() for moment in world.before],
        "expect": {name: sorted(members, key=str) for name, members in expected.items()},
        "assigned": _by_name(assigned or {}),
        "withheld": _by_name(withheld or {}),
    }
    needed = {key: value for key, value in document.items() if value or key in {"case", "people", "expect"}}
    return yaml.safe_dump(needed, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)


def _by_name(found: ByName) -> dict[str, dict[str, list[Key]]]:
    return {
        name: {key: sorted(keys, key=str) for key, keys in by_key.items()} for name, by_key in found.items()
    }


def _entity(world: World, entity: Spec) -> dict[str, Any]:
    """An entity's declaration, with its rows and without what no spec and no row mentions."""
    specs = str([world.traits, world.audiences, world.groups])
    table = world.table(entity["model"])
    attributes = {
        name: declared
        for name, declared in entity.get("attributes", {}).items()
        if re.search(rf"\b{re.escape(name)}\b", specs) or _is_filled(name, declared, table.rows)
    }
    events = {
        name: _with_rows(world, declared)
        for name, declared in entity.get("events", {}).items()
        if f"'{name}" in specs or world.table(declared["model"]).rows
    }
    found = _without(entity, "entity", "model", "attributes", "events", "aliases", "timezone")
    if found["key"] == "id":
        del found["key"]
    if entity is not world.entity:
        found["timezone"] = entity.get("timezone", "UTC")
    aliases = {"aliases": _with_rows(world, entity["aliases"])} if "aliases" in entity else {}
    rows = [_plain(row) for row in table.rows]
    return {"attributes": attributes, **found, **aliases, "events": events, "rows": rows}


def _is_filled(name: str, declared: object, rows: Iterable[Row]) -> bool:
    if isinstance(declared, Mapping) and declared.get("type") == "location":
        names = {declared["latitude"], declared["longitude"]}
    else:
        names = {column_of(name, declared, Table({}), "string").column}
    return any(names & row.keys() for row in rows)


def _with_rows(world: World, declared: Spec) -> dict[str, Any]:
    rows = world.tables[table_name(declared["model"])].rows
    return {**_without(declared, "model"), "rows": [_plain(row) for row in rows]}


def _audience(spec: Spec) -> Any:
    left = _without(spec, "audience", "entity") if spec["entity"] == "person" else _without(spec, "audience")
    return left["criteria"] if left.keys() == {"criteria"} else left


def _without(spec: Spec, *keys: str) -> dict[str, Any]:
    return {key: value for key, value in spec.items() if key not in keys}


def _plain(row: Row) -> dict[str, object]:
    return {name: _written(value) for name, value in row.items()}


def _written(value: Cell) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
