"""From the specs to a platform and out of it again: the same on every warehouse, by what people run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.canaries import CANARIES
from tests.destinations.standins.base import Holding
from tests.destinations.standins.snapchat import SnapchatStandIn
from tests.end_to_end.bakery import SCHEMA, Bakery, Customer

pytestmark = [
    pytest.mark.dbt,
    pytest.mark.slow,
    # dbt-snowflake sets an old option of its driver, which says so.
    pytest.mark.filterwarnings("ignore:.*insecure_mode"),
]

_HOME = "+441632960042"
_TABLET = "AEBE52E7-03EE-455A-B3C4-000000000012"
STAYS = Customer("ann", 1, "+441632960001", devices=("AEBE52E7-03EE-455A-B3C4-000000000001", _TABLET))
LEAVES = Customer("bob", 2, "+441632960002", devices=(_TABLET,))
SHARES, SHARES_TOO = Customer("cem", 3, _HOME), Customer("dora", 4, _HOME)
WITHDRAWS = Customer("eve", 5, "+441632960005")
ELSEWHERE = Customer("finn", 6, "+441632960006", town="York")
ERASED = Customer(
    'Mary "O\'Hara"',
    7,
    "+441632960007",
    devices=tuple(f"AEBE52E7-03EE-455A-B3C4-00000000007{n}" for n in (1, 2)),
    told_twice=True,
    old_key="mary o'hara's till card",
)
EVERYBODY = [STAYS, LEAVES, SHARES, SHARES_TOO, WITHDRAWS, ELSEWHERE, ERASED]


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


@pytest.fixture
def snap(monkeypatch: pytest.MonkeyPatch) -> Iterator[SnapchatStandIn]:
    stand_in = SnapchatStandIn()
    for name, secret in stand_in.secrets.items():
        monkeypatch.setenv(f"BAKERY_{name}".upper(), CANARIES.plant(secret))
    with stand_in.running():
        yield stand_in
    assert stand_in.violations == []


@pytest.mark.parametrize("engine", ENGINES)
def test_whoever_leaves_or_is_erased_is_gone_everywhere_and_stays_out(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, snap: SnapchatStandIn
) -> None:
    profiles, more = ENGINES[engine](request)
    bakery = Bakery(tmp_path, profiles, snap.url, more)
    bakery.create()
    bakery.write(EVERYBODY)
    bakery.do(["dbt", "deps"])
    assert bakery.muster("compile").exit_code == 0
    bakery.build()

    assert bakery.sync()["exports"]["adds"] == len(EVERYBODY)
    assert held(snap) == sent(STAYS, LEAVES, SHARES, SHARES_TOO, WITHDRAWS, ERASED)
    assert bakery.found({ERASED.key.lower()})

    away = [replace(each, town="Bath", visits=0) for each in (LEAVES, SHARES)]
    bakery.write([STAYS, *away, SHARES_TOO, replace(WITHDRAWS, ads=False), ELSEWHERE, ERASED])
    bakery.make_older()
    # Whoever left stays for 60 days; nobody stays at Snapchat whom the sync's own `where` no longer has.
    bakery.build("2026-01-21")
    reports = bakery.sync()
    assert (reports["snap"]["removes"], reports["exports"]["removes"]) == (3, 1)
    assert held(snap) == sent(STAYS, SHARES_TOO, ERASED)
    assert bakery.muster("status").exit_code == 0
    bakery.look_for_canaries()

    shown = json.loads(bakery.muster("erase", "customer", ERASED.key, "--dry-run", "--output", "json").stdout)
    result = bakery.muster("erase", "customer", str(ERASED.old_key), "--output", "json")
    assert result.exit_code == 0, result.output
    receipt = json.loads(result.stdout)
    assert receipt["tables"] == shown["tables"]
    assert (receipt["keys"], receipt["key_hash"]) == (2, shown["key_hash"])
    assert {each["destination"]: each["status"] for each in receipt["destinations"]} == {
        "exports": "removed",
        "snap": "removed",
    }
    assert held(snap) == sent(STAYS, SHARES_TOO)
    assert bakery.found(ERASED.traces) == {}

    bakery.build("2026-01-22")
    assert bakery.found(ERASED.traces) == {}
    bakery.sync("--anew")
    assert bakery.found(ERASED.traces) == {}
    assert held(snap) == sent(STAYS, SHARES_TOO)

    erased, left = (bakery.explained("regulars", each.key, "2026-01-22") for each in (ERASED, LEAVES))
    assert (erased["in_population"], erased["erased_at"]) == (False, receipt["erased_at"])
    assert (left["member"], left["standing"]) == (
        False,
        "at its last evaluation, 2026-01-22, it was a member, since 2026-01-20: "
        "it last qualified 2026-01-20, and `stay` kept it",
    )

    bakery.end_at_snapchat()
    assert bakery.sync()["snap"]["status"] == "applied"
    assert snap.audience_ids() == []
    assert "snap" not in {row[0] for row in bakery.rows()["muster_sync_state"]}


def held(snap: SnapchatStandIn) -> set[Holding]:
    (audience,) = snap.audience_ids()
    return snap.held(audience)


def sent(*people: Customer) -> set[Holding]:
    return set().union(*(somebody.sent for somebody in people))
