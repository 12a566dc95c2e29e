"""The starter library's own tests, run the way that `muster test` runs them."""

from __future__ import annotations

import pytest

from dbt_muster.specs import load
from dbt_muster.specs.meaning import Case
from dbt_muster.testing.report import explanation
from dbt_muster.testing.run import run
from tests.end_to_end.commands import REPOSITORY

PROJECT = load(REPOSITORY)


@pytest.mark.parametrize("case", PROJECT.tests.values(), ids=PROJECT.tests)
def test_a_test_of_the_starter_library_passes(case: Case) -> None:
    (found,) = run(PROJECT, [case])
    assert found.passed, "\n".join(explanation(found))


def test_every_audience_of_the_starter_library_has_a_test() -> None:
    assert {case.audience for case in PROJECT.tests.values()} == set(PROJECT.audiences)
