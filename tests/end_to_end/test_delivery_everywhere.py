"""From the specs to a platform and out of it again: the same on every warehouse, by what people run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.bakery import SCHEMA, Bakery
from tests.end_to_end.leaving import leave_and_be_erased, snapchat

pytestmark = [
    pytest.mark.dbt,
    pytest.mark.slow,
    # dbt-snowflake sets an old option of its driver, which says so.
    pytest.mark.filterwarnings("ignore:.*insecure_mode"),
]


def _duckdb(_: pytest.FixtureRequest) -> tuple[str, str]:
    target = {"type": "duckdb", "path": "warehouse.duckdb", "schema": SCHEMA, "threads": 2}
    return json.dumps({"bakery": {"target": "dev", "outputs": {"dev": target}}}), ""


def _postgres(request: pytest.FixtureRequest) -> tuple[str, str]:
    pytest.importorskip("dbt.adapters.postgres", reason="dbt-postgres is not installed")
    from tests.end_to_end.postgres_shop import profile

    return profile("bakery", request.getfixturevalue("postgres_server"), SCHEMA.title()), ""


def _snowflake(request: pytest.FixtureRequest) -> tuple[str, str]:
    server = request.getfixturevalue("snowflake_server")
    from tests.end_to_end.snowflake_shop import profile

    # What an incremental model adds goes through a temporary view or table, of which the emulator has none.
    return profile("bakery", server, SCHEMA), "\nmodels:\n  +tmp_relation_type: transient\n"


ENGINES: dict[str, Callable[[pytest.FixtureRequest], tuple[str, str]]] = {
    "duckdb": _duckdb,
    "postgres": _postgres,
    "snowflake": _snowflake,
}


@pytest.mark.parametrize("engine", ENGINES)
def test_whoever_leaves_or_is_erased_is_gone_everywhere_and_stays_out(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    profiles, more = ENGINES[engine](request)
    with snapchat() as snap:
        leave_and_be_erased(Bakery(tmp_path, profiles, snap.url, more), snap)
