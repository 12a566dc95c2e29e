"""Rows that lie on the edges of the specs' windows, and have the values that specs ask for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle import points
from tests.oracle.sequences import later
from tests.oracle.strategies import moments, words
from tests.oracle.strategies.criteria import CENTRES
from tests.oracle.strategies.dice import Dice
from tests.oracle.strategies.vocabulary import Vocabulary
from tests.oracle.values import TIMES
from tests.oracle.world import Cell, Row, Table

Declarations = Mapping[str, Mapping[str, Any]]

_STEPS = (timedelta(0), timedelta(0), timedelta(microseconds=-1), timedelta(microseconds=1))
_RECENTLY = (1, 0, 5, 24, 30, 24 * 6, 24 * 25)
_LEAPS = (0, 0, 0, 0, 0, 0, 0, -1, 1, -24, 24, -24 * 20, -24 * 100)
_ASTRAY: Mapping[str, tuple[Any, ...]] = {
    "string": (None, 5, True, {"a": "b"}, ["a"], 1.5),
    "integer": (None, "3", 3.0, 1.5, "abc", "", True, [1]),
    "number": (None, "1.5", "1e2", "abc", " 1", True, {}),
    "boolean": (None, "TRUE", "false", "yes", 1, 0, [True]),
    "date": (None, "2024-02-30", "yesterday", 20240101, "2024-01-01T00:00:00"),
    "timestamp": (None, "2024-02-30T00:00:00", "noon", "2024-01-01T00:00:00Z", 0),
    "list": (None, "a", {"a": "a"}, [1, "a", None, ["a"]], []),
}
"""What stands in JSON where something of a type was meant to be."""


def at_of(declared: Mapping[str, Any]) -> Mapping[str, Any]:
    """The declaration of a source's times."""
    return {"type": "timestamp", **(declared["at"] if isinstance(declared["at"], Mapping) else {})}


def _moment(
    dice: Dice, vocabulary: Vocabulary, column: Mapping[str, Any], instants: list[datetime] | None = None
) -> date | datetime:
    """A time on, just before, just after or some way from an edge, as its column has it.

    Args:
        dice: makes the choices.
        vocabulary: has the edges, and the gaps that may lie between two events.
        column: how the time is written.
        instants: of the events so far; they lie before the instant, mostly, and so does this one.
    """
    clock = vocabulary.clock
    if instants and vocabulary.gaps and dice.chance(75):
        gap = dice.pick(vocabulary.gaps)
        instant = later(dice.pick(instants), gap) + dice.pick(_STEPS)
        instant -= timedelta(minutes=dice.pick((0, 0, 20)))
    elif dice.chance(25):
        instant = clock.as_of - timedelta(hours=dice.pick(_RECENTLY))
    else:
        latest = clock.as_of if instants is not None and dice.chance(95) else datetime.max
        instant = dice.pick(sorted({clock.as_of, *(edge for edge in vocabulary.edges if edge <= latest)}))
        instant += dice.pick(_STEPS) + timedelta(hours=dice.pick(_LEAPS))
    if instants is not None:
        instants.append(instant)
    if column["type"] == "date":
        return moments.as_date(instant, clock.zone)
    if "timezone" not in column:
        return instant
    zone = ZoneInfo(column["timezone"])
    local = points.to_local(instant, zone)
    while not moments.is_plain(local, zone):
        local += timedelta(hours=3)
    return local


def _cell(dice: Dice, vocabulary: Vocabulary, column: Mapping[str, Any]) -> Cell:
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


def _document(dice: Dice, vocabulary: Vocabulary, columns: Declarations) -> str:
    """JSON in which anything may be missing, or not what it was meant to be."""
    if dice.chance(10):
        return dice.pick(("{}", "null", "[]", '"a"'))
    document: dict[str, Any] = {}
    for column in columns.values():
        inside, keys = document, _keys(column)
        for key in keys[:-1]:
            inside = inside.setdefault(key, {})
        if dice.chance(75):
            value = _cell(dice, vocabulary, column)
            inside[keys[-1]] = float(value) if isinstance(value, Decimal) else value
        elif dice.chance(75):
            inside[keys[-1]] = dice.pick(_ASTRAY[column["type"]])
    return json.dumps(document, ensure_ascii=dice.chance(50), default=lambda moment: moment.isoformat())


def _keys(column: Mapping[str, Any]) -> list[str]:
    path = column["path"]
    return (path.split(".") if isinstance(path, str) else path)[1:]


def _json_columns(columns: Declarations) -> dict[str, dict[str, Mapping[str, Any]]]:
    """The declarations that have a path, by the column that it begins with."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for name, column in columns.items():
        if "path" in column:
            path = column["path"]
            start = path.split(".")[0] if isinstance(path, str) else path[0]
            found.setdefault(start, {})[name] = column
    return found


def column_types(columns: Declarations) -> dict[str, str]:
    """The table's columns that declarations read."""
    types: dict[str, str] = dict.fromkeys(_json_columns(columns), "json")
    for name, column in columns.items():
        if column["type"] == "location":
            types |= {column["latitude"]: "float", column["longitude"]: "float"}
        elif "path" not in column:
            types[name] = column["type"]
    return types


def row(dice: Dice, vocabulary: Vocabulary, columns: Declarations) -> dict[str, Cell]:
    """A row in which any column may be left out."""
    found: dict[str, Cell] = {}
    for name, column in columns.items():
        if column["type"] == "location":
            latitude, longitude = dice.pick(CENTRES)
            places = {"latitude": latitude, "longitude": longitude}
            steps = (Decimal("0.0123"), Decimal(0), Decimal("-0.05"), Decimal("0.09"), Decimal(3))
            found |= {
                column[part]: Decimal(str(degrees)) + dice.pick(steps) * (-1 if degrees > 0 else 1)
                for part, degrees in places.items()
                if dice.chance(90)
            }
        elif "path" not in column and dice.chance(80):
            found[name] = _cell(dice, vocabulary, column)
    for name, inside in _json_columns(columns).items():
        if dice.chance(90):
            found[name] = _document(dice, vocabulary, inside)
    return found


def entities(
    dice: Dice, vocabulary: Vocabulary, columns: Declarations, keys: Iterable[Cell], key: str
) -> Table:
    """A table of entities: their keys, and rows of which one may be there twice, and one be nobody's."""
    rows = [{"id": one, **row(dice, vocabulary, columns)} for one in keys]
    if dice.chance(30):
        rows.append(dice.pick(rows))  # a key twice is one entity
    if dice.chance(20):
        rows.append(row(dice, vocabulary, columns))  # no key is nobody
    return Table({"id": key, **column_types(columns)}, tuple(rows))


def aliases(dice: Dice, keys: list[Cell], others: list[Cell], key: str) -> Table:
    """A table of aliases, each of which stands for one of the keys; some say nothing."""
    rows: list[Row] = [
        {"old": dice.pick([*others, *others, None]), "new": dice.pick([*keys, None])}
        for _ in dice.times(0, 5)
    ]
    if dice.chance(30):
        rows.append({"old": keys[0], "new": keys[0]})
    return Table({"old": key, "new": key}, tuple(rows))


def events(
    dice: Dice, vocabulary: Vocabulary, declared: Mapping[str, Any], key: str, keys: list[Cell]
) -> Table:
    """A table of events: repeated ones, tied ones, and some of nobody."""
    properties: Declarations = declared["properties"]
    unknown: Cell = 99 if key == "integer" else "99"
    id_type = dice.pick(("string", "integer"))
    ids: tuple[Cell, ...] = ("b", "a", "B", "", "c", "ab", "10", "9", "é")
    ids = ids if id_type == "string" else (2, 10, 1, 3, 9, 100, -1, 0)
    whose = vocabulary.entity
    rows: list[dict[str, Cell]] = []
    instants: list[datetime] = []
    for _ in dice.times(0, 14 if vocabulary.only else 9, 97):
        found: dict[str, Cell] = {whose: dice.pick([*keys, *keys, *keys, unknown, None])}
        if rows and vocabulary.gaps and dice.chance(65):
            found[whose] = rows[-1][whose]
        if "id" in declared:
            found["event_id"] = dice.pick([*ids, *ids, None])
        if "name" in declared:
            found["kind"] = dice.pick((*words.EVENT_KINDS[:1] * 3, *words.EVENT_KINDS, None))
        if dice.chance(95):
            found["at"] = _moment(dice, vocabulary, at_of(declared), instants)
        found |= row(dice, vocabulary, properties)
        if rows and dice.chance(30):
            found |= {name: rows[-1][name] for name in (whose, "at") if name in rows[-1]}  # a tie
        rows.append(found)
    types = column_types({"at": at_of(declared), **properties})
    return Table({whose: key, "event_id": id_type, "kind": "string", **types}, _without_contradictions(rows))


def _without_contradictions(rows: list[dict[str, Cell]]) -> tuple[Row, ...]:
    """Rows with one id at one instant are the same: which of two different ones is meant, nothing says."""
    seen: dict[tuple[Cell, Any], Row] = {}
    found: list[Row] = []
    for one in rows:
        identity = one.get("event_id")
        found.append(one if identity is None else seen.setdefault((identity, one.get("at")), one))
    return tuple(found)
