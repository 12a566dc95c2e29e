"""Makes a world in which an engine is wrong as small as it can be, so that a person sees why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tests.oracle.world import Spec, Table, World

_HEADS = {"audience", "attribute", "trait", "property", "event", "of", "entity", "criteria", "group", "step"}


def smaller(world: World, still_wrong: Callable[[World], bool]) -> World:
    """The world without whatever can be left out of it.

    Args:
        world: the one to start from, which is wrong.
        still_wrong: whether another world is wrong in the same way; false where it is not a valid one.
    """
    shrunk = True
    while shrunk:
        shrunk = False
        for candidate in _smaller_by_one(world):
            if still_wrong(candidate):
                world, shrunk = candidate, True
                break
    return world


def _smaller_by_one(world: World) -> Iterator[World]:
    if len(world.audiences) > 1:
        yield from (replace(world, audiences={name: spec}) for name, spec in world.audiences.items())
    yield from (replace(world, audiences=left) for left in _without_one(world.audiences) if left)
    yield from (replace(world, traits=left) for left in _without_one(world.traits))
    yield from (replace(world, groups=left) for left in _without_one(world.groups))
    yield from (replace(world, before=left) for left in _halves(world.before))
    for number in range(len(world.others)):
        yield replace(world, others=(*world.others[:number], *world.others[number + 1 :]))
    for name, table in world.tables.items():
        yield from (_with_rows(world, name, rows) for rows in _halves(table.rows))
    for name, spec in world.audiences.items():
        yield from (
            replace(world, audiences={**world.audiences, name: left}) for left in _smaller_specs(spec)
        )
    for name, spec in world.traits.items():
        yield from (replace(world, traits={**world.traits, name: left}) for left in _smaller_specs(spec))
    for name, spec in world.groups.items():
        yield from (replace(world, groups={**world.groups, name: left}) for left in _smaller_specs(spec))
    yield from (replace(world, entity=left) for left in _smaller_entities(world.entity))
    for name, table in world.tables.items():
        for number, row in enumerate(table.rows):
            for left in _without_one(row):
                rows = (*table.rows[:number], left, *table.rows[number + 1 :])
                yield _with_rows(world, name, rows)


def _without_one(mapping: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name in mapping:
        yield {other: value for other, value in mapping.items() if other != name}


def _with_rows(world: World, name: str, rows: tuple[Any, ...]) -> World:
    return replace(world, tables={**world.tables, name: Table(world.tables[name].columns, rows)})


def _halves(rows: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Without all, without half, without one."""
    if len(rows) > 2:
        yield from ((), rows[: len(rows) // 2], rows[len(rows) // 2 :])
    for number in range(len(rows)):
        yield (*rows[:number], *rows[number + 1 :])


def _smaller_entities(entity: Spec) -> Iterator[Spec]:
    """Without what an entity need not have; the tables stay."""
    for name in ("aliases", "through"):
        if name in entity:
            yield {key: value for key, value in entity.items() if key != name}


def _smaller_specs(spec: Any) -> Iterator[Any]:
    """A spec with one part less, at any depth."""
    if isinstance(spec, list):
        for number, item in enumerate(spec):
            before, after = spec[:number], spec[number + 1 :]
            if len(spec) > 1:
                yield [*before, *after]
            yield from ([*before, left, *after] for left in _smaller_specs(item))
            yield from ([*before, *inner, *after] for inner in _inner(item))
    elif isinstance(spec, Mapping):
        yield from (inner for inner in _inner(spec))
        for name, value in spec.items():
            if name not in _HEADS and len(spec) > 1:
                yield {other: kept for other, kept in spec.items() if other != name}
            yield from ({**spec, name: left} for left in _smaller_specs(value))


def _inner(group: Spec) -> Iterator[list[Any]]:
    """What stands in a group, without the group."""
    if isinstance(group, Mapping):
        yield from (group[name] for name in ("all", "any", "none") if name in group)
