"""What the search says about random criteria is so in random worlds."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings

from dbt_muster.lint.formulas import Known
from dbt_muster.lint.logic import follows, may_hold
from dbt_muster.specs import load
from tests.engines.engines import write_specs
from tests.oracle.evaluate import Evaluation
from tests.oracle.strategies import worlds
from tests.oracle.world import World


@settings(
    max_examples=25,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(worlds())
def test_what_surely_fails_has_no_member_and_what_surely_follows_has_them_all(world: World) -> None:
    with TemporaryDirectory() as folder:
        write_specs(world, Path(folder))
        project = load(Path(folder))
    evaluation = Evaluation(world)
    members = {name: evaluation.members_of(name) for name in project.audiences}
    criteria = {
        name: audience.criteria
        for name, audience in project.audiences.items()
        if audience.limit is None and audience.stay is None and audience.expire is None
    }
    for name, condition in criteria.items():
        entity = project.audiences[name].entity
        known = Known(project.traits.get(entity, {}), project.audiences)
        if not may_hold([condition], known):
            assert not members[name], name
        if follows(condition, (), known):
            assert members[name] >= frozenset(evaluation.entity(entity).population), name
    for one, other in permutations(criteria, 2):
        known = Known(project.traits.get(project.audiences[one].entity, {}), project.audiences)
        if project.audiences[one].entity != project.audiences[other].entity:
            continue
        if not may_hold([criteria[one], criteria[other]], known):
            assert not members[one] & members[other], f"{one} and {other}"
        if follows(criteria[other], [criteria[one]], known):
            assert members[one] <= members[other], f"{one} and {other}"
