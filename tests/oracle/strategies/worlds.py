"""Whole worlds: specs first, then data that lies on the edges of the specs' windows and has their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.oracle import points
from tests.oracle.strategies import criteria, moments, words
from tests.oracle.strategies.criteria import Condition, Shape, Vocabulary
from tests.oracle.strategies.dice import Dice
from tests.oracle.values import TIMES
from tests.oracle.world import Cell, Row, Table, World

_ATTRIBUTES = {
    "country": "string",
    "city": "string",
    "age": "integer",
    "score": "number",
    "active": "boolean",
    "verified": "boolean",
    "birthday": "date",
    "joined_on": "date",
    "signed_up_at": "timestamp",
    "seen_at": "timestamp",
    "renews_at": "timestamptz",
    "labels": "list",
}
_ORDER_PROPERTIES = {
    "status": "string",
    "note": "string",
    "amount": "number",
    "items": "integer",
    "gift": "boolean",
    "due_at": "timestamp",
    "due_on": "date",
}
_APP_PROPERTIES = {"screen": "string", "seconds": "integer"}
_TIMES: tuple[dict[str, str], ...] = (
    {},
    {"type": "timestamptz"},
    {"type": "timestamp", "timezone": "America/New_York"},
    {"type": "timestamp", "timezone": "Europe/London"},
    {"type": "date"},
)
_NOT_SAID = ("date", "timestamptz")
"""The types that must be declared, since it takes a zone to read their values."""
_STEPS = (timedelta(0), timedelta(0), timedelta(microseconds=-1), timedelta(microseconds=1))
_RECENTLY = (1, 0, 5, 24, 30, 24 * 6, 24 * 25)
_LEAPS = (0, 0, 0, 0, 0, 0, 0, -1, 1, -24, 24, -24 * 20, -24 * 100)


@st.composite
def worlds(draw: st.DrawFn, *, audiences: int = 12) -> World:
    """A world with one to `audiences` audiences, of which later ones may refer to earlier ones.

    Args:
        draw: hypothesis's.
        audiences: how many at most; many in one world cost an engine little more than one.
    """
    dice = Dice(draw)
    clock = moments.clock(dice)
    declared = not dice.chance(15)
    attributes = _columns(_ATTRIBUTES, declared)
    if declared:
        attributes["signed_up_at"] |= dice.pick(_TIMES[:4])
    key = dice.pick(("integer", "string"))
    events = {
        "orders": _source(dice, "ref('orders')", _columns(_ORDER_PROPERTIES, declared), key),
        "app": _source(dice, "source('shop', 'app')", _columns(_APP_PROPERTIES, declared), key)
        | {"name": "kind"},
    }
    vocabulary = Vocabulary(
        clock,
        words.palette(dice),
        {name: column["type"] for name, column in attributes.items()},
        {name: _shape(source) for name, source in events.items()},
    )
    traits = _traits(dice, vocabulary)
    vocabulary = replace(vocabulary, traits={name: kind for name, (_, kind) in traits.items()})
    specs = _audiences(dice, vocabulary, audiences)
    tables = {"people": _people(dice, vocabulary, attributes, key)}
    keys = [row["id"] for row in tables["people"].rows if "id" in row]
    for name, source in events.items():
        tables[name] = _events(dice, vocabulary, source, key, keys)
    entity: dict[str, Any] = {
        "entity": "person",
        "model": "ref('people')",
        "key": "id",
        "timezone": clock.zone.key,
        "attributes": attributes,
        "events": events,
    }
    if not declared:
        del entity["attributes"], events["orders"]["properties"], events["app"]["properties"]
    return World(clock.as_of, entity, tables, {name: spec for name, (spec, _) in traits.items()}, specs)


def _columns(types: Mapping[str, str], declared: bool) -> dict[str, dict[str, str]]:
    """Columns, as they are declared; otherwise only those whose types the warehouse says enough of."""
    return {name: {"type": kind} for name, kind in types.items() if declared or kind not in _NOT_SAID}


def _source(dice: Dice, model: str, properties: Mapping[str, Any], key: str) -> dict[str, Any]:
    time = dice.pick(_TIMES)
    return {
        "model": model,
        "key": {"column": "person", "type": key} if dice.chance(20) else "person",
        "at": {"column": "at", **time} if time else "at",
        "properties": properties,
        **({"id": "event_id"} if dice.chance(50) else {}),
    }


def _shape(source: Mapping[str, Any]) -> Shape:
    kinds = words.EVENT_KINDS if "name" in source else ()
    types = {name: column["type"] for name, column in source["properties"].items()}
    return Shape(kinds, types, _at(source)["type"])


def _traits(dice: Dice, vocabulary: Vocabulary) -> dict[str, tuple[Condition, str]]:
    """Traits, each with its type."""
    found: dict[str, tuple[Condition, str]] = {}
    for number in dice.times(0, 3):
        source = dice.pick(sorted(vocabulary.sources))
        function, of, kind = criteria.aggregate(dice, vocabulary.sources[source])
        matching = criteria.event_filter(dice, vocabulary, source)
        spec = {"trait": f"trait_{number}", "entity": "person", function: {**of, **matching}}
        found[f"trait_{number}"] = (spec, "integer" if kind == "count" else kind)
    return found


def _audiences(dice: Dice, vocabulary: Vocabulary, most: int) -> dict[str, Condition]:
    found: dict[str, Condition] = {}
    for number in dice.times(1, most, 93):
        # Names count down, so that the order of names is not the order of references.
        name = f"audience_{most - number:02}"
        inner = replace(vocabulary, audiences=tuple(found))
        found[name] = {"audience": name, "entity": "person", "criteria": criteria.criteria(dice, inner)}
    return found


def _at(declared: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "timestamp", **(declared["at"] if isinstance(declared["at"], Mapping) else {})}


# --- data ------------------------------------------------------------------------------------------


def _moment(
    dice: Dice, vocabulary: Vocabulary, column: Mapping[str, str], *, future: bool = True
) -> date | datetime:
    """A time on, just before, just after or some way from an edge, as its column has it."""
    clock = vocabulary.clock
    if dice.chance(25):
        instant = clock.as_of - timedelta(hours=dice.pick(_RECENTLY))
    else:
        latest = datetime.max if future else clock.as_of
        instant = dice.pick(sorted({clock.as_of, *(edge for edge in vocabulary.edges if edge <= latest)}))
        instant += dice.pick(_STEPS) + timedelta(hours=dice.pick(_LEAPS))
    if column["type"] == "date":
        return moments.as_date(instant, clock.zone)
    if "timezone" not in column:
        return instant
    zone = ZoneInfo(column["timezone"])
    local = points.to_local(instant, zone)
    while not moments.is_plain(local, zone):
        local += timedelta(hours=3)
    return local


def _cell(dice: Dice, vocabulary: Vocabulary, column: Mapping[str, str]) -> Cell:
    kind = column["type"]
    if kind in TIMES:
        return _moment(dice, vocabulary, column)
    if kind == "boolean":
        return dice.chance(50)
    if kind == "integer":
        return dice.pick(vocabulary.palette.integers)
    if kind == "number":
        return dice.pick(vocabulary.palette.decimals)
    if kind == "list":
        return [None if dice.chance(10) else vocabulary.palette.text(dice) for _ in dice.times(0, 3)]
    return vocabulary.palette.text(dice)


def _row(dice: Dice, vocabulary: Vocabulary, columns: Mapping[str, Mapping[str, str]]) -> dict[str, Cell]:
    """A row in which any column may be left out."""
    return {name: _cell(dice, vocabulary, column) for name, column in columns.items() if dice.chance(80)}


def _people(dice: Dice, vocabulary: Vocabulary, attributes: Mapping[str, Any], key: str) -> Table:
    keys: tuple[Cell, ...] = (1, 2, 3, 4) if key == "integer" else ("1", "a", "A", "O'B")
    rows = [
        {"id": one, **_row(dice, vocabulary, attributes)} for one in keys[: dice.pick((1, 2, 3, 4, 4, 4))]
    ]
    if dice.chance(30):
        rows.append(dice.pick(rows))  # a key twice is one person
    if dice.chance(20):
        rows.append(_row(dice, vocabulary, attributes))  # no key is nobody
    return Table({"id": key, **{name: column["type"] for name, column in attributes.items()}}, tuple(rows))


def _events(
    dice: Dice, vocabulary: Vocabulary, declared: Mapping[str, Any], key: str, keys: list[Cell]
) -> Table:
    properties: dict[str, Any] = declared["properties"]
    unknown: Cell = 99 if key == "integer" else "99"
    id_type = dice.pick(("string", "integer"))
    ids: tuple[Cell, ...] = ("b", "a", "B", "", "c", "ab", "10", "9", "é")
    ids = ids if id_type == "string" else (2, 10, 1, 3, 9, 100, -1, 0)
    rows: list[dict[str, Cell]] = []
    for _ in dice.times(0, 9, 97):
        row: dict[str, Cell] = {"person": dice.pick([*keys, *keys, *keys, unknown, None])}
        if "id" in declared:
            row["event_id"] = dice.pick([*ids, *ids, None])
        if "name" in declared:
            row["kind"] = dice.pick((*words.EVENT_KINDS[:1] * 3, *words.EVENT_KINDS, None))
        if dice.chance(95):
            row["at"] = _moment(dice, vocabulary, _at(declared), future=dice.chance(5))
        row |= _row(dice, vocabulary, properties)
        if rows and dice.chance(40):
            row |= {name: rows[-1][name] for name in ("person", "at") if name in rows[-1]}  # a tie
        rows.append(row)
    types = {name: column["type"] for name, column in {"at": _at(declared), **properties}.items()}
    return Table(
        {"person": key, "event_id": id_type, "kind": "string", **types}, _without_contradictions(rows)
    )


def _without_contradictions(rows: list[dict[str, Cell]]) -> tuple[Row, ...]:
    """Rows with one id at one instant are the same: which of two different ones is meant, nothing says."""
    seen: dict[tuple[Cell, Any], Row] = {}
    found: list[Row] = []
    for row in rows:
        identity = row.get("event_id")
        found.append(row if identity is None else seen.setdefault((identity, row.get("at")), row))
    return tuple(found)
