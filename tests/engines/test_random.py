"""Random worlds: every engine finds the members that the oracle finds.

`MUSTER_RANDOM_WORLDS` says how many worlds each engine is asked about, of several audiences each; `make
test-engines` asks about many. They are the same at every run. A world in which an engine is wrong is made
smaller and printed as a case, to be kept under `cases/`.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from tests.engines.engines import Answer, Engine, NotEmulatedError, Oracle
from tests.engines.known import ENGINES, random_worlds
from tests.engines.smaller import smaller
from tests.engines.written import write_case
from tests.oracle.strategies import worlds
from tests.oracle.world import World

_OTHER = "other members"
_EACH = 10  # after ten worlds hypothesis goes on with variations of them
_STARTS = [(name, start) for name in ENGINES for start in range(max(1, random_worlds(name) // _EACH))]


@pytest.mark.parametrize(("engine", "start"), _STARTS, indirect=["engine"])
def test_an_engine_agrees_with_the_oracle_about_random_worlds(engine: Engine, start: int) -> None:
    _assert_agrees(engine, start, worlds())


@pytest.mark.parametrize(("engine", "start"), _STARTS[::3], indirect=["engine"])
def test_an_engine_agrees_with_the_oracle_about_random_sequences(engine: Engine, start: int) -> None:
    _assert_agrees(engine, start, worlds(audiences=6, only=("sequence",)))


@pytest.mark.parametrize(("engine", "start"), _STARTS[::3], indirect=["engine"])
def test_an_engine_agrees_with_the_oracle_about_random_people_of_accounts(engine: Engine, start: int) -> None:
    _assert_agrees(engine, start, worlds(audiences=6, accounts=True))


def _assert_agrees(engine: Engine, start: int, strategy: SearchStrategy[World]) -> None:
    wrong: list[World] = []

    @seed(start)
    @settings(
        max_examples=_EACH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(strategy)
    def try_worlds(world: World) -> None:
        if not wrong and mistake(engine, world):
            wrong.append(world)

    try_worlds()
    if wrong:
        pytest.fail(explained(engine, wrong[0]), pytrace=False)


def mistake(engine: Engine, world: World) -> str | None:
    """How an engine is wrong about a world, in few words; None where it is not."""
    expected = Oracle().answer(world)
    try:
        found = engine.answer(world)
    except NotEmulatedError:
        return None
    except Exception as error:  # whatever an engine raises is a mistake of its own
        return f"{type(error).__name__}: {re.sub('[0-9]+', 'N', str(error).splitlines()[0])}"
    return None if found == expected else _OTHER


def explained(engine: Engine, world: World) -> str:
    """What an engine is wrong about, in the smallest world that shows it."""
    kind = mistake(engine, world)

    def still_wrong(other: World) -> bool:
        try:
            return mistake(engine, other) == kind
        except (KeyError, ValueError):  # it refers to what was left out
            return False

    small = smaller(world, still_wrong)
    expected = Oracle().answer(small)
    found = kind if kind != _OTHER else _sorted(engine.answer(small))
    case = write_case(small, expected.members, expected.assigned, expected.withheld)
    return f"{engine.name} finds {found}; the oracle finds what this case expects:\n\n{case}"


def _sorted(answer: Answer) -> dict[str, object]:
    found: dict[str, object] = {name: sorted(keys, key=str) for name, keys in answer.members.items()}
    return found | {name: by for name, by in (*answer.assigned.items(), *answer.withheld.items()) if by}
