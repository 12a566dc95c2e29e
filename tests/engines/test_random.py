"""Random worlds: every engine finds the members that the oracle finds.

`MUSTER_RANDOM_WORLDS` says how many worlds are tried; a thousand and more before a release. They are the same
ones at every run.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.engines.cases import write_case
from tests.engines.engines import ENGINES, Oracle
from tests.oracle.strategies import worlds
from tests.oracle.world import World

_EACH = 10  # hypothesis varies the tenth example on, rather than drawing it afresh
_WORLDS = int(os.environ.get("MUSTER_RANDOM_WORLDS", "150"))


@settings(
    max_examples=_EACH,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    print_blob=False,
)
@given(worlds())
def _the_engines_agree(world: World) -> None:
    expected = Oracle().members(world)
    for engine in ENGINES:
        found = engine.members(world)
        wrong = {name: found[name] for name in expected if found[name] != expected[name]}
        if wrong:
            kept = {name: expected[name] for name in wrong}
            members = {name: sorted(members, key=str) for name, members in wrong.items()}
            raise AssertionError(
                f"{engine.name} finds {members}; as a case, with the members that the oracle finds:\n\n"
                + write_case(world, kept)
            )


@pytest.mark.parametrize("start", range(max(1, _WORLDS // _EACH)))
def test_the_engines_agree_with_the_oracle_about_random_worlds(start: int) -> None:
    seed(start)(_the_engines_agree)()
