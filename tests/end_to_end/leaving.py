"""Somebody leaves, somebody withdraws consent, somebody is erased: a bakery's syncs from first to last."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tests.canaries import CANARIES
from tests.destinations.standins.base import Holding
from tests.destinations.standins.snapchat import SnapchatStandIn
from tests.end_to_end.bakery import Bakery, Customer

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


@contextmanager
def snapchat() -> Iterator[SnapchatStandIn]:
    """Snapchat's stand-in, with its secrets where the bakery's destination looks for them."""
    stand_in = SnapchatStandIn()
    secrets = {f"BAKERY_{name}".upper(): secret for name, secret in stand_in.secrets.items()}
    os.environ.update({name: CANARIES.plant(secret) for name, secret in secrets.items()})
    try:
        with stand_in.running():
            yield stand_in
        assert stand_in.violations == []
    finally:
        for name in secrets:
            del os.environ[name]


def leave_and_be_erased(bakery: Bakery, snap: SnapchatStandIn) -> None:
    """Sync through it all, and compare what Snapchat and the warehouse hold after each step."""
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
    assert result.exit_code == 0, f"{result.output} {result.exception!r}"
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
