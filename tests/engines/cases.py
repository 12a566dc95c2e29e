"""Cases written by hand: a small world, its specs, and who must be a member.

A file under `cases/` has `case`, `as_of`, `people` (rows), `audiences`, `expect`, and what else matters:

- `key`, `timezone`, `attributes`, `aliases`, `through` and `events` of the people, each declared as in
  `entities.yml`. Rows stand beside the declaration: an event source has `rows`, and so has `aliases` (whose
  columns are `old` and `new` unless it names others by `from` and `to`). What a case has no need to say is
  filled in: the key is `id` for people and `person` for events, which happen `at`.
- `others`: other entities by name, each with what the people have at the top of the file, and its own `rows`:
  `others: {account: {attributes: {plan: {type: string}}, rows: [{id: 7, plan: free}]}}`. The key is `id` for
  them too, and for their events the entity's name. A table of events that another entity shares is named by
  `model: ref('orders')`, without rows.
- `traits`: by name, as in their files. They are the people's unless they name an `entity`.
- `audiences`: criteria by name; a mapping with `criteria` is the audience as in its file (`entity`, `limit`,
  `split`, `stay`, whatever it has). They are the people's unless they name an `entity`.
- `groups`: by name, as in their files. They are the people's unless they name an `entity`.
- `before`: the instants of the evaluations that ran before, over the same tables, as they ran.
- `expect`: the members of each audience, also of those of other entities.
- `assigned`: of each group with a priority, the keys by audience.
- `withheld`: of some audiences, the members that are never sent, by the reason: `{vip: {holdout: [2]}}`.

Times in rows may be relative, such as `3 days ago`. A column of JSON is one that a declaration's `path`
begins with, or that has a mapping somewhere; its values are written as mappings, lists, numbers, or, as text,
as JSON itself (`'"a"'`, `'{"a": 1, "a": 2}'`). An attribute of `type: location` has two columns of degrees.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tests.oracle import points
from tests.oracle.values import TIMES
from tests.oracle.world import Cell, Column, Key, Row, Spec, Table, World, column_of, table_name

CASES = Path(__file__).parent / "cases"
_ENTITY = {"key", "timezone", "attributes", "aliases", "through", "events"}
_FIELDS = _ENTITY | {
    *("case", "as_of", "people", "others", "traits", "audiences", "groups", "before"),
    *("expect", "assigned", "withheld"),
}

ByName = Mapping[str, Mapping[str, frozenset[Key]]]
"""Keys by two names: of a group and an audience, or of an audience and a reason."""


@dataclass(frozen=True)
class Case:
    """A world, and the members that each of its audiences has.

    Attributes:
        assigned: by group and audience, the keys that a priority gives to it.
        withheld: by audience and reason, the members that are never sent.
    """

    name: str
    world: World
    expected: Mapping[str, frozenset[Key]]
    assigned: ByName = field(default_factory=dict)
    withheld: ByName = field(default_factory=dict)


class _Loader(yaml.CSafeLoader):
    """YAML 1.2's scalars: `on`, `no` and dates are text, as in the specs."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern in {
    "bool": r"true|false",
    "int": r"-?(0|[1-9][0-9]*)",
    "float": r"-?[0-9]+[.][0-9]+",
    "null": r"null|",
}.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^({_pattern})$"), None)


@cache
def read_cases(folder: Path = CASES) -> list[Case]:
    """Every case of a folder, in the order of the files' names."""
    return [read_case(path.read_text(encoding="utf-8"), path.stem) for path in sorted(folder.glob("*.yml"))]


def read_case(text: str, name: str = "case") -> Case:
    """Read one case.

    Args:
        text: the YAML.
        name: what the case is called in a test's output.
    """
    document = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, with fewer scalars
    unknown = document.keys() - _FIELDS
    if unknown:
        raise ValueError(f"{name}: a case has no {', '.join(sorted(unknown))}")
    as_of = datetime.fromisoformat(document["as_of"])
    tables: dict[str, Table] = {}
    people = {key: value for key, value in document.items() if key in _ENTITY} | {"rows": document["people"]}
    entity = _entity("person", "people", people, as_of, tables)
    others = [
        _entity(other, f"{other}s", given, as_of, tables)
        for other, given in document.get("others", {}).items()
    ]
    audiences = {
        audience: spec if isinstance(spec, Mapping) and "criteria" in spec else {"criteria": spec}
        for audience, spec in document["audiences"].items()
    }
    world = World(
        as_of,
        entity,
        tables,
        _named("trait", document.get("traits", {})),
        _named("audience", audiences),
        tuple(others),
        _named("group", document.get("groups", {})),
        tuple(datetime.fromisoformat(moment) for moment in document.get("before", [])),
    )
    expected = {key: frozenset(members) for key, members in document["expect"].items()}
    return Case(
        name,
        world,
        expected,
        _by_name(document.get("assigned", {})),
        _by_name(document.get("withheld", {})),
    )


def _named(kind: str, specs: Mapping[str, Spec]) -> dict[str, Spec]:
    return {name: {kind: name, "entity": "person", **spec} for name, spec in specs.items()}


def _by_name(written: Mapping[str, Mapping[str, list[Key]]]) -> ByName:
    return {name: {key: frozenset(keys) for key, keys in found.items()} for name, found in written.items()}


# --- entities and their tables ----------------------------------------------------------------------


def _entity(name: str, model: str, given: Spec, as_of: datetime, tables: dict[str, Table]) -> Spec:
    """An entity's declaration; its tables are added to the others."""
    declared = {"entity": name, "model": f"ref('{model}')", "key": "id", **given}
    clock = points.Clock(as_of, ZoneInfo(declared.setdefault("timezone", "UTC")))
    throughs = declared.get("through", [])
    through_keys = [one["key"] for one in (throughs if isinstance(throughs, list) else [throughs])]
    rows = declared.pop("rows", [])
    attributes = declared.get("attributes", {})
    tables[table_name(declared["model"])] = _table(rows, attributes, [declared["key"], *through_keys], clock)
    if "aliases" in declared:
        declared["aliases"] = _aliases(name, declared["aliases"], clock, tables)
    if "events" in declared:
        declared["events"] = {
            source: _source(source, name, given, clock, tables)
            for source, given in declared["events"].items()
        }
    return declared


def _aliases(entity: str, given: Spec, clock: points.Clock, tables: dict[str, Table]) -> Spec:
    declared = {"model": f"ref('{entity}_aliases')", "from": "old", "to": "new", **given}
    rows = declared.pop("rows", [])
    columns = [declared["from"], declared["to"]]
    tables[table_name(declared["model"])] = _table(rows, {}, columns, clock)
    return declared


def _source(
    source: str, entity: str, given: Spec, clock: points.Clock, tables: dict[str, Table]
) -> dict[str, Any]:
    model = source if entity == "person" else f"{entity}_{source}"
    declared = {"model": f"ref('{model}')", "key": entity, "at": "at", "properties": {}, **given}
    rows = declared.pop("rows", [])
    at = column_of("at", declared["at"], Table({}), "timestamp")
    columns = {**declared["properties"], at.column: {"type": at.type, "timezone": at.timezone}}
    others = [declared[name] for name in ("key", "id", "name", "loaded_at") if name in declared]
    if "model" not in given or rows:
        tables[table_name(declared["model"])] = _table(rows, columns, others, clock)
    return declared


def _table(rows: list[Row], declared: Spec, others: Iterable[object], clock: points.Clock) -> Table:
    """A table of declared columns, and of others whose types are those of their values."""
    columns = [column for name, spec in declared.items() for column in _columns(name, spec)]
    types = {column.column: column.type for column in columns}
    zones = {column.column: column.timezone for column in columns}
    for name, value in [cell for row in rows for cell in row.items() if cell[1] is not None]:
        types.setdefault(name, _type_of(value))
    named = [column_of("", other, Table({}), "integer") for other in others]
    types = {**{column.column: column.type for column in named}, **types}
    read = [
        {name: _cell(value, types[name], zones.get(name), clock) for name, value in row.items()}
        for row in rows
    ]
    return Table(types, tuple(read))


def _columns(name: str, declared: object) -> Iterator[Column]:
    """The columns of a table that a declaration reads."""
    if isinstance(declared, Mapping) and declared.get("type") == "location":
        yield from (Column(declared[part], "float") for part in ("latitude", "longitude"))
        return
    column = column_of(name, declared, Table({}), "string")
    yield Column(column.column, "json" if column.path else column.type, column.timezone)


def _type_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str | int):
        return "string" if isinstance(value, str) else "integer"
    return "number" if isinstance(value, float) else "json"


def _cell(value: object, kind: str, zone: str | None, clock: points.Clock) -> Cell:
    if value is None:
        return None
    if kind == "json":
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool | list):
        return value
    if kind in {"number", "float"}:
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
