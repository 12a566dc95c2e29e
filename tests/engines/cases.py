"""Cases written by hand: a small world, its specs, and who must be a member.

A file under `cases/` has `case`, `as_of`, `people` (rows), and where they matter `timezone`, `attributes`,
`events` (each declared as in `entities.yml`, its `rows` beside), `traits`, `audiences` (criteria by name) and
`expect` (members by audience). What a case has no need to say is filled in: the key is `id` for people and
`person` for events, which happen `at`. Times in rows may be relative, such as `3 days ago`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tests.oracle import points
from tests.oracle.values import TIMES
from tests.oracle.world import Cell, Key, Row, Spec, Table, World, column_of

CASES = Path(__file__).parent / "cases"
_FIELDS = {"case", "as_of", "timezone", "attributes", "people", "events", "traits", "audiences", "expect"}


@dataclass(frozen=True)
class Case:
    """A world, and the members that each of its audiences has."""

    name: str
    world: World
    expected: Mapping[str, frozenset[Key]]


class _Loader(yaml.SafeLoader):
    """YAML 1.2's scalars: `on`, `no` and dates are text, as in the specs."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern in {
    "bool": r"true|false",
    "int": r"-?(0|[1-9][0-9]*)",
    "float": r"-?[0-9]+[.][0-9]+",
    "null": r"null|",
}.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^({_pattern})$"), None)


def read_cases(folder: Path = CASES) -> list[Case]:
    """Every case of a folder, in the order of the files' names."""
    return [read_case(path.read_text(encoding="utf-8"), path.stem) for path in sorted(folder.glob("*.yml"))]


def read_case(text: str, name: str = "case") -> Case:
    """Read one case.

    Args:
        text: the YAML.
        name: what the case is called in a test's output.
    """
    document = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader, with fewer scalars
    unknown = document.keys() - _FIELDS
    if unknown:
        raise ValueError(f"{name}: a case has no {', '.join(sorted(unknown))}")
    as_of = datetime.fromisoformat(document["as_of"])
    clock = points.Clock(as_of, ZoneInfo(document.get("timezone", "UTC")))
    attributes = document.get("attributes", {})
    tables = {"people": _table(document["people"], attributes, ["id"], clock)}
    events: dict[str, Any] = {}
    for source, given in document.get("events", {}).items():
        declared = {"model": f"ref('{source}')", "key": "person", "at": "at", "properties": {}, **given}
        rows = declared.pop("rows", [])
        at = column_of("at", declared["at"], Table({}), "timestamp")
        columns = {**declared["properties"], at.column: {"type": at.type, "timezone": at.timezone}}
        others = [declared[name] for name in ("key", "id", "name") if name in declared]
        tables[source] = _table(rows, columns, others, clock)
        events[source] = declared
    entity = {
        "entity": "person",
        "model": "ref('people')",
        "key": "id",
        "timezone": clock.zone.key,
        **({"attributes": attributes} if attributes else {}),
        **({"events": events} if events else {}),
    }
    traits = {
        key: {"trait": key, "entity": "person", **spec} for key, spec in document.get("traits", {}).items()
    }
    audiences = {
        key: {"audience": key, "entity": "person", "criteria": criteria}
        for key, criteria in document["audiences"].items()
    }
    expected = {key: frozenset(members) for key, members in document["expect"].items()}
    return Case(name, World(as_of, entity, tables, traits, audiences), expected)


def _table(rows: list[Row], declared: Spec, others: Iterable[str], clock: points.Clock) -> Table:
    """A table of declared columns, and of others whose types are those of their values."""
    columns = [column_of(name, spec, Table({}), "string") for name, spec in declared.items()]
    types = {column.column: column.type for column in columns}
    zones = {column.column: column.timezone for column in columns}
    for name, value in [cell for row in rows for cell in row.items() if cell[1] is not None]:
        types.setdefault(name, "string" if isinstance(value, str) else "integer")
    types = {**dict.fromkeys(others, "integer"), **types}
    read = [
        {name: _cell(value, types[name], zones.get(name), clock) for name, value in row.items()}
        for row in rows
    ]
    return Table(types, tuple(read))


def _cell(value: object, kind: str, zone: str | None, clock: points.Clock) -> Cell:
    if value is None or isinstance(value, bool | list):
        return value
    if kind == "number":
        return Decimal(str(value))
    if kind in TIMES:
        return _time(str(value), kind, zone, clock)
    assert isinstance(value, str | int)
    return value


def _time(text: str, kind: str, zone: str | None, clock: points.Clock) -> date | datetime:
    """A time as its column has it: what is relative is an instant, written the column's way."""
    if not re.match(r"^\d{4}-", text):
        instant = points.point(text, clock)
        local = points.to_local(instant, clock.zone if kind == "date" else ZoneInfo(zone or "UTC"))
        return local.date() if kind == "date" else local
    if kind == "date":
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def write_case(world: World, expected: Mapping[str, Iterable[Key]]) -> str:
    """The text of a case, such as of a disagreement that a random test found, to be kept under `cases/`.

    Args:
        world: whose audiences are named in `expected`.
        expected: the members by audience.
    """
    specs = str([*world.audiences.values(), *world.traits.values()])
    attributes = {
        name: declared
        for name, declared in world.entity.get("attributes", {}).items()
        if f"'{name}'" in specs or any(name in row for row in world.tables["people"].rows)
    }
    events = {
        name: {**_without(declared, "model", "key"), "rows": [_plain(row) for row in world.tables[name].rows]}
        for name, declared in world.entity.get("events", {}).items()
        if f"'{name}" in specs or world.tables[name].rows
    }
    document = {
        "case": "",
        "as_of": world.as_of.isoformat(),
        "timezone": world.timezone,
        "attributes": attributes,
        "people": [_plain(row) for row in world.tables["people"].rows],
        "events": events,
        "traits": {name: _without(spec, "trait", "entity") for name, spec in world.traits.items()},
        "audiences": {name: spec["criteria"] for name, spec in world.audiences.items()},
        "expect": {name: sorted(members, key=str) for name, members in expected.items()},
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)


def _without(spec: Spec, *keys: str) -> dict[str, Any]:
    return {key: value for key, value in spec.items() if key not in keys}


def _plain(row: Row) -> dict[str, object]:
    return {name: _written(value) for name, value in row.items()}


def _written(value: Cell) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
