"""The beginnings of a test: the tables and columns that an audience reads, a row of each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from dbt_muster.errors import UsageError
from dbt_muster.plan.links import linked
from dbt_muster.specs.files import FOLDER
from dbt_muster.specs.meaning import (
    Aggregate,
    All,
    AnyOf,
    Audience,
    Column,
    Compare,
    Condition,
    During,
    Entity,
    EventSource,
    NoneOf,
    Periods,
    Project,
    Sequence,
    Step,
    Type,
    aggregates_of,
)
from dbt_muster.specs.names import LONGEST_NAME, NAME_EXPECTED, is_name, nearest, one_of
from dbt_muster.specs.resolve.digests import Uses
from dbt_muster.specs.scalars import plain_scalar
from dbt_muster.testing.guesses import Guesses, guesses
from dbt_muster.testing.needed import needed

_SAMPLES = {
    Type.STRING: "text",
    Type.INTEGER: "1",
    Type.NUMBER: "1.5",
    Type.BOOLEAN: "true",
    Type.DATE: "30 days ago",
    Type.TIMESTAMP: "30 days ago",
    Type.TIMESTAMPTZ: "30 days ago",
    Type.LIST: "[text]",
    Type.UNKNOWN: "text",
}
_JSON_SAMPLES = {
    Type.STRING: "text",
    Type.INTEGER: 1,
    Type.NUMBER: 1.5,
    Type.BOOLEAN: True,
    Type.DATE: "2026-01-31",
    Type.TIMESTAMP: "2026-01-31T09:00:00",
    Type.TIMESTAMPTZ: "2026-01-31T09:00:00Z",
    Type.LIST: ["text"],
}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*(?: [A-Za-z0-9_.-]+)*")


def scaffold(project: Project, audience: str, name: str | None, today: date) -> Path:
    """Write the beginnings of a test, and say where.

    Args:
        project: the specs.
        audience: the audience that is to be tested.
        name: the test's name; by default the audience's.
        today: what the test's instant is set to.

    Raises:
        UsageError: there is no such audience, the name cannot be one, or the file is there already.
    """
    if audience not in project.audiences:
        near = nearest(audience, project.audiences)
        meant = f" Did you mean `{near}`?" if near else ""
        raise UsageError(f"There is no audience `{audience}`; expected {one_of(project.audiences)}.{meant}")
    name = name or audience
    if not is_name(name):
        raise UsageError(f"`{name}` cannot be a test's name; expected {NAME_EXPECTED}.")
    file = Path(FOLDER) / "tests" / f"{name}.yml"
    path = project.root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as new:
            new.write("\n".join(_lines(project, audience, name, today)) + "\n")
    except FileExistsError as error:
        raise UsageError(
            f"{file.as_posix()} is there already, and was left as it is.\n"
            f"Give the test a name of its own: muster test --new {audience} {_other(name)}"
        ) from error
    return file


def _other(name: str) -> str:
    return f"{name[: LONGEST_NAME - 2]}_2"


def _lines(project: Project, audience: str, name: str, today: date) -> Iterator[str]:
    part = needed(project, project.audiences[audience])
    entity = part.entities[part.audiences[audience].entity]
    guessed = guesses(part)
    yield f"test: {name}"
    if name != audience:
        yield f"audience: {audience}"
    yield f"as_of: {today.isoformat()}"
    yield "given:"
    yield from _tables(part, entity, "", guessed)
    for other in part.entities.values():
        if other is not entity:
            yield from _tables(part, other, f"{other.name}.", guessed)
    yield f"expect: [{_key(entity)}]  # the keys of the members"


def _tables(part: Project, entity: Entity, prefix: str, guessed: Guesses) -> Iterator[str]:
    """The tables of one entity; `prefix` is what comes before the names of its event sources."""
    uses = Uses()
    uses.walk(tuple(each.criteria for each in _audiences(part) if each.entity == entity.name))
    uses.walk(tuple(trait.value for trait in part.traits[entity.name].values()))
    yield f"  {entity.name if f'{entity.name}s' in entity.events else f'{entity.name}s'}:"
    ways = [way for way in entity.through if way.entity in part.entities]
    columns = [entity.attributes[each] for each in sorted(uses.attributes)] + [way.key for way in ways]
    fixed = {way.key.column: _key(part.entities[way.entity]) for way in ways}
    yield _row([entity.key, *columns], entity, "", guessed, fixed)
    for source_name in sorted(uses.properties):
        yield f"  {prefix}{source_name}:"
        source = entity.events[source_name]
        columns = [source.properties.get(each, Column(each)) for each in sorted(uses.properties[source_name])]
        for number, kind in enumerate(sorted(_kinds(part, entity, source_name), key=str), start=1):
            yield _event(entity, source, columns, kind, number, guessed)


def _audiences(project: Project) -> list[Audience]:
    """A project's audiences, and the conditions about other entities within them."""
    return [*project.audiences.values(), *linked(project.audiences.values())[1]]


def _event(
    entity: Entity,
    source: EventSource,
    columns: list[Column],
    kind: str | None,
    number: int,
    guessed: Guesses,
) -> str:
    """A row of one kind of event, with an id of its own."""
    read = [source.key, *([source.id] if source.id else []), source.at]
    fixed = {source.key.column: _key(entity)}
    if source.id:
        is_text = source.id.type in (Type.STRING, Type.UNKNOWN)
        fixed.setdefault(source.id.column, f"{source.name}_{number}" if is_text else str(number))
    if source.event_name:
        read.append(source.event_name)
        fixed[source.event_name.column] = _text(kind or "text")
    return _row([*read, *columns], entity, source.name, guessed, fixed)


def _row(
    columns: Iterable[Column],
    entity: Entity,
    source: str,
    guessed: Guesses,
    fixed: dict[str, str] | None = None,
) -> str:
    cells = {} if source else {entity.key.column: _key(entity)}
    cells |= fixed or {}
    columns = list(columns)
    cells |= _documents(columns)
    columns = [stored for column in columns for stored in column.stored]
    for column in columns:
        guess = guessed.get((entity.name, source, column.column), Type.UNKNOWN)
        kind = guess if column.type is Type.UNKNOWN else column.type
        cells.setdefault(column.column, _SAMPLES[kind])
    ordered = dict.fromkeys(column.column for column in columns)
    return "    - {" + ", ".join(f"{_text(name)}: {cells[name]}" for name in ordered) + "}"


def _documents(columns: list[Column]) -> dict[str, str]:
    """Columns of JSON, with a value at the end of every path."""
    documents: dict[str, dict[str, Any]] = {}
    for column in columns:
        if column.path:
            inner = documents.setdefault(column.column, {})
            for key in column.path[:-1]:
                inner = inner.setdefault(key, {})
            inner[column.path[-1]] = _JSON_SAMPLES[column.type]
    return {name: json.dumps(document, ensure_ascii=False) for name, document in documents.items()}


def _key(entity: Entity) -> str:
    return "a" if entity.key.type is Type.STRING else "1"


def _text(value: str) -> str:
    """A text as YAML: bare where it reads as itself, else in quotes."""
    bare = _PLAIN.fullmatch(value) and plain_scalar(value) == value
    return value if bare else json.dumps(value, ensure_ascii=False)


def _kinds(project: Project, entity: Entity, source: str) -> set[str | None]:
    """The kinds of events of a source that a project's specs are about; None is any."""
    found = {each.event for each in _events_asked_of(project, entity) if each.source == source}
    return found - {None} or {None}


def _events_asked_of(project: Project, entity: Entity) -> Iterator[Aggregate | Step]:
    for trait in project.traits[entity.name].values():
        yield from aggregates_of(trait.value)
    for audience in _audiences(project):
        if audience.entity == entity.name:
            yield from _in(audience.criteria)


def _in(condition: Condition) -> Iterator[Aggregate | Step]:
    match condition:
        case All(items) | AnyOf(items) | NoneOf(items):
            for item in items:
                yield from _in(item)
        case Compare(left, _, right):
            if isinstance(left, Periods):
                yield from _in(All(left.holding))
            yield from (operand for operand in (left, *right) if isinstance(operand, Aggregate))
        case During(Aggregate() as left):
            yield left
        case Sequence(steps):
            yield from steps
