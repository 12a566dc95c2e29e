"""Two syncs of one audience and destination at once, each a process of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.end_to_end.crm import Crm
from tests.end_to_end.shop import Shop
from tests.end_to_end.two_processes import ended, start_sync

if TYPE_CHECKING:
    from tests.end_to_end.postgres_shop import PostgresShop

pytestmark = pytest.mark.slow


class HeldCrm(Crm):
    """Takes a batch, and then no other until it is released, so that a sync is surely still at work."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def take(self, body: dict[str, Any]) -> None:
        super().take(body)
        self.released.wait(120)

    def until_a_batch_arrived(self) -> None:
        deadline = time.monotonic() + 60
        while not self.batches and time.monotonic() < deadline:
            time.sleep(0.005)
        assert self.batches


@pytest.fixture
def crm() -> Iterator[HeldCrm]:
    with HeldCrm() as server:
        yield server
        server.released.set()


def test_the_second_leaves_at_once_and_says_who_is_at_work(postgres_shop: PostgresShop, crm: HeldCrm) -> None:
    first = start_sync(postgres_shop.folder, crm.url)
    crm.until_a_batch_arrived()
    code, report, _ = ended(start_sync(postgres_shop.folder, crm.url))
    assert (code, report["status"]) == (1, "failed")
    assert f"another sync is running (process {first.pid} on" in report["reason"]
    crm.released.set()
    assert ended(first)[0] == 0
    assert crm.held == postgres_shop.expected_at_crm()


def test_the_second_waits_as_long_as_it_is_told_to_and_then_finds_nothing_to_do(
    postgres_shop: PostgresShop, crm: HeldCrm
) -> None:
    first = start_sync(postgres_shop.folder, crm.url)
    crm.until_a_batch_arrived()
    second = start_sync(postgres_shop.folder, crm.url, "--wait", "2m")
    assert second.stderr is not None
    assert "fans:crm: another sync is running; waiting" in second.stderr.readline()
    crm.released.set()
    code, report, _ = ended(second)
    assert (code, report["status"], report["sent"]) == (0, "applied", 0)
    assert ended(first)[0] == 0
    assert crm.held == postgres_shop.expected_at_crm()
    runs = postgres_shop.query("select status from muster_sync_runs order by sequence")
    assert runs == [("applied",), ("applied",)]


def test_the_second_takes_over_when_the_first_is_killed_while_it_waits(
    postgres_shop: PostgresShop, crm: HeldCrm
) -> None:
    first = start_sync(postgres_shop.folder, crm.url)
    crm.until_a_batch_arrived()
    second = start_sync(postgres_shop.folder, crm.url, "--wait", "2m")
    assert second.stderr is not None
    assert "waiting" in second.stderr.readline()
    with first:
        first.kill()
    crm.released.set()
    code, report, _ = ended(second)
    assert (code, report["status"]) == (0, "applied")
    assert crm.held == postgres_shop.expected_at_crm()
    assert postgres_shop.query("select count(*) from muster_sync_state where not confirmed") == [(0,)]
    assert postgres_shop.query("select count(*) from muster_sync_runs where finished_at is null") == [(0,)]


def test_three_that_start_at_once_deliver_once_and_all_end_well_when_they_may_wait(
    postgres_shop: PostgresShop, crm: HeldCrm
) -> None:
    crm.released.set()
    started = [start_sync(postgres_shop.folder, crm.url, "--wait", "2m") for _ in range(3)]
    reports = [ended(one) for one in started]
    assert [(code, report["status"]) for code, report, _ in reports] == [(0, "applied")] * 3, reports
    assert sorted(report["sent"] for _, report, _ in reports) == [0, 0, len(crm.held)]
    assert crm.held == postgres_shop.expected_at_crm()
    assert postgres_shop.query("select count(*) from muster_sync_runs where finished_at is null") == [(0,)]


def test_a_duckdb_file_that_another_process_has_is_said_so_and_nothing_is_sent(
    shop: Shop, crm: HeldCrm
) -> None:
    first = start_sync(shop.folder, crm.url)
    crm.until_a_batch_arrived()
    code, report, errors = ended(start_sync(shop.folder, crm.url))
    assert (code, report) == (1, {})
    assert f"in use by another process (process {first.pid})" in errors
    assert "Traceback" not in errors
    crm.released.set()
    assert ended(first)[0] == 0
    assert crm.held == shop.expected_at_crm()


def test_a_duckdb_file_is_waited_for_as_long_as_one_says(shop: Shop, crm: HeldCrm) -> None:
    first = start_sync(shop.folder, crm.url)
    crm.until_a_batch_arrived()
    second = start_sync(shop.folder, crm.url, "--wait", "2m")
    assert second.stderr is not None
    assert "the warehouse: another process uses it; waiting" in second.stderr.readline()
    crm.released.set()
    code, report, _ = ended(second)
    assert (code, report["status"], report["sent"]) == (0, "applied", 0)
    assert ended(first)[0] == 0
    assert crm.held == shop.expected_at_crm()
