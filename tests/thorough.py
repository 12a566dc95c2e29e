"""How thorough the tests are asked to be: `make test` is quick, `make test-engines` is not."""

from __future__ import annotations

import os

RANDOM_CRITERIA = "MUSTER_RANDOM_CRITERIA"


def thorough() -> bool:
    """Whether everything is to be asked, as `make test-engines` does."""
    return RANDOM_CRITERIA in os.environ


def examples(full: int) -> int:
    """How many examples hypothesis gives: all, or a third of them where the tests should be quick."""
    return full if thorough() else full // 3
