"""Random worlds leave nothing of the language out that decides who is a member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from dbt_muster.specs.models import comparisons, conditions, limit, sequence, trait, where
from dbt_muster.specs.models.base import Spec
from tests.oracle.strategies import worlds
from tests.oracle.world import World

_PARTS = (comparisons, conditions, limit, sequence, trait, where)
_FOR_PEOPLE = {"description"}
_ENOUGH = 30  # tens of worlds


def test_every_key_of_conditions_and_traits_is_in_some_random_world() -> None:
    left = {key for part in _PARTS for key in keys_of(part.__name__)} - _FOR_PEOPLE
    assert len(left) > 60
    for start in range(_ENOUGH):
        for world in some_worlds(start):
            left -= set(keys_in([list(world.audiences.values()), list(world.traits.values())]))
        if not left:
            return
    raise AssertionError(f"no random world has {', '.join(sorted(left))}")


def some_worlds(start: int) -> list[World]:
    found: list[World] = []

    @seed(start)
    @settings(
        max_examples=10,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(worlds(accounts=bool(start % 2)))
    def draw(world: World) -> None:
        found.append(world)

    draw()
    return found


def keys_of(module: str, model: type[Spec] = Spec) -> Iterator[str]:
    for each in model.__subclasses__():
        if each.__module__ == module:
            yield from (field.alias or name for name, field in each.model_fields.items())
        yield from keys_of(module, each)


def keys_in(written: Any) -> Iterator[str]:
    if isinstance(written, Mapping):
        yield from written
        yield from keys_in(list(written.values()))
    elif isinstance(written, list):
        for item in written:
            yield from keys_in(item)
