"""Sequences against a search of every choice of events, over random events that tie, repeat and lack values.

The search is written here, from docs/semantics.md, and shares nothing with the macros: it knows no running
maximum, no join, and keeps whole events.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.engines.cases import read_case
from tests.engines.engines import Engine
from tests.engines.known import skip_most

AS_OF = datetime(2026, 3, 3)
PEOPLE = range(1, 101)
HOURS = {"1 hour": 1, "3 hours": 3, "6 hours": 6, "1 day": 24}
WORDS = ["x", "y", "Y", "", None]
KINDS = ["a", "b", "c"]
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda own, other: own == other,
    "is_not": lambda own, other: own == other,
    "at_least": lambda own, other: own >= other,
    "less_than": lambda own, other: own < other,
    "in": lambda own, others: own in [other for other in others if other is not None],
    "contains": lambda own, other: other in own,
    "starts_with": lambda own, other: own.startswith(other),
    "not_ends_with": lambda own, other: own.endswith(other),
    "before": lambda own, other: own < other,
    "includes": lambda own, other: other in own,
}
NEGATED = {"is_not", "not_ends_with"}
OF = {
    "word": ["is", "is", "is_not", "in", "contains", "starts_with", "not_ends_with"],
    "size": ["is", "at_least", "less_than", "is_not"],
    "day": ["is", "before", "is_not"],
    "words": ["includes"],
}
PROPERTIES = {
    "word": {"type": "string"},
    "size": {"type": "integer"},
    "day": {"type": "timestamp"},
    "words": {"type": "list"},
}

Row = Mapping[str, Any]
Spec = dict[str, Any]


@pytest.mark.parametrize("seed", range(6))
def test_an_engine_and_a_search_of_every_choice_find_the_same_keys(engine: Engine, seed: int) -> None:
    skip_most(engine, seed, 6)
    draw = random.Random(seed)  # noqa: S311 - nothing is secret
    rows = list(_rows(draw))
    sequences = {f"sequence_{number}": _sequence(draw) for number in range(16)}
    events = {"name": "kind", "id": "id", "properties": PROPERTIES, "rows": rows}
    case = {
        "case": "random",
        "as_of": AS_OF.isoformat(),
        "people": [{"id": key} for key in PEOPLE],
        "events": {"app": events},
        "audiences": {name: [spec] for name, spec in sequences.items()},
        "expect": {},
    }
    members = engine.answer(read_case(json.dumps(case), "random").world).members
    earliest = _one_an_id(rows)
    for name, spec in sequences.items():
        expected = {
            key for key in PEOPLE if _Search(spec, [row for row in earliest if row["person"] == key]).holds()
        }
        assert members[name] == expected, spec


def test_the_search_finds_some_and_not_all() -> None:
    """Else the agreement would mean nothing."""
    found = []
    for seed in range(6):
        draw = random.Random(seed)  # noqa: S311 - nothing is secret
        rows = _one_an_id(list(_rows(draw)))
        for _ in range(16):
            spec = _sequence(draw)
            mine = ([row for row in rows if row["person"] == key] for key in PEOPLE)
            found.append(sum(_Search(spec, each).holds() for each in mine))
    telling = [count for count in found if 0 < count < len(PEOPLE)]
    assert len(telling) > len(found) / 2


def _rows(draw: random.Random) -> Iterator[Row]:
    for key in PEOPLE:
        for _ in range(draw.randint(0, 12)):
            at = AS_OF - timedelta(hours=draw.choice([1, 2, 3, 5, 6, 12, 26]))
            yield {
                "person": key,
                "kind": draw.choice(KINDS),
                "at": at.isoformat(),
                "id": draw.choice([None, draw.randint(1, 2000)]),
                "word": draw.choice(WORDS),
                "size": draw.choice([None, 1, 2, 3]),
                "day": draw.choice([None, "2026-01-01T00:00:00", "2026-01-02T00:00:00"]),
                "words": draw.choice([None, [], ["x"], ["x", "y"]]),
            }


def _one_an_id(rows: Sequence[Row]) -> list[Row]:
    """Two events with one id are one, the earliest; of one time, the one that sorts first by its columns."""

    def order(row: Row) -> Any:
        columns = ("person", "at", "kind", "day", "size", "word")
        return row["at"], [(row[name] is None, row[name] or 0) for name in columns if name != "at"]

    kept: dict[object, Row] = {}
    for number, row in enumerate(rows):
        identity = ("none", number) if row["id"] is None else row["id"]
        if identity not in kept or order(row) < order(kept[identity]):
            kept[identity] = row
    return list(kept.values())


def _sequence(draw: random.Random) -> Spec:
    steps: list[Spec] = []
    names: list[str] = []
    for number in range(draw.choice([2, 3, 3, 3, 4])):
        absent = number > 0 and "event" in steps[-1] and draw.random() < 0.45
        step: Spec = {"without" if absent else "event": f"app.{draw.choice(KINDS)}"}
        if number and draw.random() < 0.8:
            step["where"] = [_condition(draw, names) for _ in range(draw.choice([1, 1, 2]))]
        if not absent and number and draw.random() < 0.6:
            step["within"] = draw.choice(list(HOURS))
        if not absent:
            step["as"] = f"step_{number}"
            names.append(step["as"])
        steps.append(step)
    if "without" in steps[-1]:
        steps[-1]["within"] = draw.choice(list(HOURS))
    if len(steps) < 2:
        return _sequence(draw)
    return {"sequence": steps, **draw.choice([{}, {"within": "1 day"}, {"before": "3 hours ago"}])}


def _condition(draw: random.Random, names: list[str]) -> Spec:
    own = draw.choice(["word", "word", "size", "day", "words"])
    operator = draw.choice(OF[own])
    other = {"step": draw.choice(names), "property": "word" if own == "words" else own}
    condition = {"property": own, operator: [other, "y"] if operator == "in" else other}
    return {"any": [condition, {"property": "size", "is": 3}]} if draw.random() < 0.1 else condition


@dataclass(frozen=True)
class _Search:
    spec: Spec
    events: list[Row]

    def holds(self) -> bool:
        return self._from(0, None, {})

    def _from(self, number: int, before: datetime | None, chosen: dict[str, Row]) -> bool:
        steps = self.spec["sequence"]
        if number == len(steps):
            return True
        step = steps[number]
        if "event" in step:
            return any(
                self._from(number + 1, _at(event), {**chosen, step["as"]: event})
                for event in self._next(step, before, chosen)
            )
        assert before is not None
        forbidden = [_at(row) for row in self._of(step["without"], step, chosen) if _at(row) > before]
        if number == len(steps) - 1:
            end = before + timedelta(hours=HOURS[step["within"]])
            return end <= AS_OF and not any(at <= end for at in forbidden)
        following = steps[number + 1]
        return any(
            not any(at < _at(event) for at in forbidden)
            and self._from(number + 2, _at(event), {**chosen, following["as"]: event})
            for event in self._next(following, before, chosen)
        )

    def _next(self, step: Spec, before: datetime | None, chosen: dict[str, Row]) -> Iterator[Row]:
        start = AS_OF - timedelta(days=1) if "within" in self.spec else datetime.min
        end = AS_OF - timedelta(hours=3) if "before" in self.spec else AS_OF
        for row in self._of(step["event"], step, chosen):
            late = "within" in step and before and _at(row) > before + timedelta(hours=HOURS[step["within"]])
            if start <= _at(row) < end and not late and (before is None or _at(row) > before):
                yield row

    def _of(self, name: str, step: Spec, chosen: dict[str, Row]) -> Iterator[Row]:
        for row in self.events:
            of_kind = f"app.{row['kind']}" == name and _at(row) < AS_OF
            if of_kind and all(self._true(each, row, chosen) for each in step.get("where", [])):
                yield row

    def _true(self, condition: Spec, row: Row, chosen: dict[str, Row]) -> bool:
        if "any" in condition:
            return any(self._true(each, row, chosen) for each in condition["any"])
        own = row[condition["property"]]
        ((operator, right),) = [item for item in condition.items() if item[0] != "property"]
        values = [self._value(each, chosen) for each in (right if isinstance(right, list) else [right])]
        present = own is not None and (operator == "in" or values[0] is not None)
        found = present and COMPARISONS[operator](own, values if operator == "in" else values[0])
        return found != (operator in NEGATED)

    def _value(self, right: Any, chosen: dict[str, Row]) -> Any:
        return chosen[right["step"]][right["property"]] if isinstance(right, dict) else right


def _at(row: Row) -> datetime:
    return datetime.fromisoformat(row["at"])
