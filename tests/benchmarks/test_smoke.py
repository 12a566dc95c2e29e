"""The benchmarks run, at a size that measures nothing; and what they compare is equal."""

from __future__ import annotations

import pytest

from tests.benchmarks.measure import SMALL
from tests.benchmarks.run import CASES, measure


@pytest.mark.dbt
@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_benchmark_runs(case: str) -> None:
    assert {figure.case for figure in measure(case, SMALL)} == {case}
