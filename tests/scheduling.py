"""Which tests go to which of the processes that run the suite, and in which order."""

from __future__ import annotations

import re
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

_STARTS_SLOWLY = re.compile(r"^tests/engines/.*\[(spark|snowflake)\b")
_SHARED = {"tests/end_to_end/test_starter_library.py": "tests/end_to_end/test_seeing.py"}
"""Files whose tests look at one thing that takes long to make."""


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist says nothing of types
    """A file's tests go to one process; so do all questions to an engine that takes long to start."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # the order is the one below, not by the number of tests

    def _split_scope(self, nodeid: str) -> str:
        found = _STARTS_SLOWLY.match(nodeid)
        if found:
            return found[1]
        scope = str(super()._split_scope(nodeid))
        return _SHARED.get(scope, scope)


def longest_first(items: list[pytest.Item]) -> None:
    """Put first what takes long, so that no process is left with it when the others are done."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    if _STARTS_SLOWLY.match(item.nodeid):
        return 0
    if item.get_closest_marker("slow"):
        return 1
    return 2 if item.nodeid.startswith("tests/engines/") else 3
