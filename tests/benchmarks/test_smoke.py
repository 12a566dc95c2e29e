"""The benchmarks run, at a size that measures nothing; and what they compare is equal.

The one of dbt's overhead is left out: it starts dbt often, and is made of what the others are made of.
"""

from __future__ import annotations

import pytest

from tests.benchmarks import send
from tests.benchmarks.measure import SMALL
from tests.benchmarks.run import CASES, measure


@pytest.mark.dbt
@pytest.mark.slow
@pytest.mark.parametrize("case", sorted(CASES.keys() - {"overhead"}))
def test_a_benchmark_runs(case: str) -> None:
    if case == "send" and not send.has_sdks():
        pytest.skip("the official SDKs are not installed: pip install -e '.[bench]'")
    assert {figure.case for figure in measure(case, SMALL)} == {case}
