"""Random worlds: every engine finds the members that the oracle finds.

`MUSTER_RANDOM_CRITERIA` says how many criteria each engine is asked about at least; `make test-engines` says
1,000. A criterion is a condition that an audience states, wherever it stands in a group; groups, and what
stands inside a condition, are not counted. They are the same at every run. A world in which an engine is
wrong is made smaller and printed as a case, to be kept under `cases/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from math import ceil
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from tests.engines.engines import Answer, Engine, NotEmulatedError, Oracle
from tests.engines.known import ENGINES, random_criteria
from tests.engines.smaller import smaller
from tests.engines.written import write_case
from tests.oracle.strategies import worlds
from tests.oracle.world import World

_OTHER = "other members"
_EACH = 50  # criteria that one test asks about
_MOST_TENS = 10  # of worlds: some are small, and of some an emulator cannot be asked
_ANY: tuple[str, SearchStrategy[World]] = ("worlds", worlds())
_KINDS = (
    _ANY,
    ("sequences", worlds(audiences=6, only=("sequence",))),
    ("people of accounts", worlds(audiences=6, accounts=True)),
    _ANY,
    _ANY,
)


def _tests() -> list[Any]:
    found = []
    for name in ENGINES:
        count = max(3, ceil(random_criteria(name) / _EACH))
        for number in range(count):
            kind, strategy = _KINDS[number % len(_KINDS)]
            criteria = ceil(random_criteria(name) / count)
            found.append(pytest.param(name, number, criteria, strategy, id=f"{name}-{number}-{kind}"))
    return found


@pytest.mark.parametrize(("engine", "number", "criteria", "strategy"), _tests(), indirect=["engine"])
def test_an_engine_agrees_with_the_oracle_about_random_criteria(
    engine: Engine,
    number: int,
    criteria: int,
    strategy: SearchStrategy[World],
    record_property: Callable[[str, object], None],
) -> None:
    asked = 0
    for world in drawn(strategy, number):
        if asked >= criteria:
            break
        try:
            is_wrong = mistake(engine, world) is not None
        except NotEmulatedError:
            continue
        if is_wrong:
            pytest.fail(explained(engine, world), pytrace=False)
        asked += sum(criteria_in(spec["criteria"]) for spec in world.audiences.values())
    record_property("random criteria", (engine.name, asked))
    assert asked >= criteria


def drawn(strategy: SearchStrategy[World], number: int) -> Iterator[World]:
    """Worlds, the same ones at every run; after ten, hypothesis would go on with variations of them."""
    for start in range(_MOST_TENS):
        yield from _ten(strategy, _MOST_TENS * number + start)


def _ten(strategy: SearchStrategy[World], start: int) -> list[World]:
    found: list[World] = []

    @seed(start)
    @settings(
        max_examples=10,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(strategy)
    def draw(world: World) -> None:
        found.append(world)

    draw()
    return found


def criteria_in(written: Any) -> int:
    """How many criteria an audience states, groups aside."""
    if isinstance(written, list):
        return sum(map(criteria_in, written))
    if written.keys() <= {"all", "any", "none"}:
        return sum(map(criteria_in, written.values()))
    return 1


def test_criteria_are_counted_without_the_groups_that_they_stand_in() -> None:
    event = {"event": "orders", "where": [{"property": "status", "is": "paid"}]}
    through = {"through": "account", "where": [event, event]}
    assert criteria_in([event, {"any": [event, {"all": [through]}], "none": [event]}]) == 4


def mistake(engine: Engine, world: World) -> str | None:
    """How an engine is wrong about a world, in few words; None where it is not.

    Raises:
        NotEmulatedError: the engine's emulator cannot be asked about the world.
    """
    expected = Oracle().answer(world)
    try:
        found = engine.answer(world)
    except NotEmulatedError:
        raise
    except Exception as error:  # whatever an engine raises is a mistake of its own
        return f"{type(error).__name__}: {re.sub('[0-9]+', 'N', str(error).splitlines()[0])}"
    return None if found == expected else _OTHER


def explained(engine: Engine, world: World) -> str:
    """What an engine is wrong about, in the smallest world that shows it."""
    kind = mistake(engine, world)

    def still_wrong(other: World) -> bool:
        try:
            return mistake(engine, other) == kind
        except (KeyError, ValueError, NotEmulatedError):  # it refers to what was left out
            return False

    small = smaller(world, still_wrong)
    expected = Oracle().answer(small)
    found = kind if kind != _OTHER else _sorted(engine.answer(small))
    case = write_case(small, expected.members, expected.assigned, expected.withheld)
    return f"{engine.name} finds {found}; the oracle finds what this case expects:\n\n{case}"


def _sorted(answer: Answer) -> dict[str, object]:
    found: dict[str, object] = {name: sorted(keys, key=str) for name, keys in answer.members.items()}
    return found | {name: by for name, by in (*answer.assigned.items(), *answer.withheld.items()) if by}
