"""`muster sync` to Meta and Google beside their official SDKs, which send the same people to the same server.

What muster does is the whole of a first sync: it compares, hashes in SQL, sends, asks how Google's work went,
and keeps a ledger and a state. The SDKs' side reads a table, hashes in Python and sends, and keeps nothing.
Every run is a process of its own, and runs of both sides take turns, so that whatever else the machine does
falls on both. Before each, what is still on its way to the disk is waited for.

DuckDB lives in the process that uses it and keeps in memory what it may. What a sync itself needs is seen
where the warehouse is another process, so that is measured with PostgreSQL.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Figure, Scale, Usage, best, run
from tests.benchmarks.members import build, build_in_postgres
from tests.benchmarks.project import REPOSITORY, Project
from tests.benchmarks.stand_in import Arrived, StandIn, running
from tests.servers.postgres import PostgresServer

_AIM = 0.5
_FLAT = 1.2
_SECRET = "MUSTER_BENCHMARK_TOKEN"  # noqa: S105 - a variable's name
_MATCH_ON = ("email", "phone")
_SCRIPT = Path(__file__).parent / "with_sdk.py"


@dataclass(frozen=True)
class _Platform:
    """A platform, its destination, and its SDK: as with_sdk.py calls it, and as people know it."""

    name: str
    settings: Mapping[str, Any]
    sdk: str
    sdk_name: str


_PLATFORMS = (
    _Platform(
        "Meta",
        {"type": "meta_custom_audiences", "ad_account": "1"},
        "facebook",
        "facebook-business",
    ),
    _Platform(
        "Google",
        # The stand-in has no quota, and the SDK does not keep to one, so muster does not either.
        {
            "type": "google_data_manager",
            "account": "1234567890",
            "customer_match_terms": "accepted",
            "rate": 1_000,
        },
        "google",
        "google-ads-datamanager",
    ),
)


def has_sdks() -> bool:
    """Whether what is compared with is installed."""
    modules = ("facebook_business", "google.ads.datamanager_v1", "google.ads.datamanager_util")
    try:
        return all(find_spec(module) for module in modules)
    except ModuleNotFoundError:
        return False


def measure(scale: Scale, folder: Path) -> list[Figure]:
    """Send few and many members, each from a fresh warehouse.

    Raises:
        RuntimeError: the SDKs are not installed.
    """
    if not has_sdks():
        raise RuntimeError("The official SDKs are not installed: pip install -e '.[bench]'.")
    with running(folder) as stand_in:
        sides = [_Side(size, folder / str(size), stand_in) for size in scale.delivered]
        for _ in range(scale.sent):
            for side in sides:
                side.take_turns()
        in_postgres = {
            members: _peaks_in_postgres(members, folder / f"{members} in postgres", stand_in)
            for members in scale.delivered
        }
    few, many = sides
    return [figure for platform in _PLATFORMS for figure in _figures(platform, few, many, in_postgres)]


class _Side:
    """All runs with one number of members."""

    def __init__(self, members: int, folder: Path, stand_in: StandIn) -> None:
        self.members = members
        self._stand_in = stand_in
        destinations = [_destination(platform, stand_in) for platform in _PLATFORMS]
        self._project = build(folder, members, destinations, _MATCH_ON)
        self._people = folder / "people.duckdb"
        self._log = folder / "events.jsonl"
        shutil.copy(self._project.warehouse, self._people)
        self.runs: dict[str, list[Usage]] = {}
        self.sending: dict[str, list[float]] = {}
        self._arrived: dict[str, Arrived] = {}

    def take_turns(self) -> None:
        """Run each way of sending once."""
        for platform in _PLATFORMS:
            self._muster(platform.name)
            self._sdk(platform.name, platform.sdk)

    def best(self, way: str) -> Usage:
        """The least that a way of sending needed."""
        return best(self.runs[way])

    def _muster(self, destination: str) -> None:
        shutil.copy(self._people, self._project.warehouse)
        self._log.unlink(missing_ok=True)
        os.sync()
        usage = _sync(self._project, destination, "--log-file", self._log.name)
        self._note(destination, destination, usage)
        self.sending.setdefault(destination, []).append(_seconds_of_sending(self._log))

    def _sdk(self, platform: str, sdk: str) -> None:
        address = f"127.0.0.1:{_port(self._stand_in, platform)}"
        command = ["python", str(_SCRIPT), sdk, address, str(self._people)]
        os.sync()
        self._note(platform, sdk, run(command, REPOSITORY))

    def _note(self, platform: str, way: str, usage: Usage) -> None:
        """Every way has to have sent a platform the same."""
        arrived = _all_arrived(self._stand_in, self.members, way)
        expected = self._arrived.setdefault(platform, arrived)
        if arrived != expected:
            raise AssertionError(f"{way}: {arrived} arrived, not {expected}")
        self.runs.setdefault(way, []).append(usage)


def _sync(project: Project, destination: str, *options: str) -> Usage:
    selected = f"everyone:{destination.lower()}"
    return project.muster("sync", "--select", selected, *options, environment={_SECRET: "token"})


def _all_arrived(stand_in: StandIn, members: int, way: str) -> Arrived:
    arrived = stand_in.arrived()
    if arrived.values != len(_MATCH_ON) * members:
        raise AssertionError(f"{way}: {arrived} of {members:,} members arrived")
    return arrived


def _peaks_in_postgres(members: int, folder: Path, stand_in: StandIn) -> dict[str, float]:
    """The memory of syncs out of another process, in MiB, by platform."""
    destinations = [_destination(platform, stand_in) for platform in _PLATFORMS]
    peaks = {}
    with closing(PostgresServer()) as server:
        project = build_in_postgres(folder, server, members, destinations, _MATCH_ON)
        for platform in _PLATFORMS:
            peaks[platform.name] = _sync(project, platform.name).peak
            _all_arrived(stand_in, members, f"{platform.name} out of PostgreSQL")
    return peaks


def _port(stand_in: StandIn, platform: str) -> int:
    return stand_in.grpc if platform == "Google" else stand_in.port


def _destination(platform: _Platform, stand_in: StandIn) -> dict[str, Any]:
    return {
        "destination": platform.name.lower(),
        **platform.settings,
        "access_token": f"{{{{ env_var('{_SECRET}') }}}}",
        "url": f"http://127.0.0.1:{_port(stand_in, platform.name)}",
    }


def _seconds_of_sending(log: Path) -> float:
    """From the plan's end to the last batch's."""
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    planned = next(event for event in events if event["event"] == "planned")
    last = [event for event in events if event["event"] == "batch"][-1]
    return (datetime.fromisoformat(last["time"]) - datetime.fromisoformat(planned["time"])).total_seconds()


def _figures(
    platform: _Platform, few: _Side, many: _Side, in_postgres: Mapping[int, Mapping[str, float]]
) -> list[Figure]:
    ours, theirs = many.best(platform.name), many.best(platform.sdk)
    title, name = f"{many.members:,} members to {platform.name}", platform.sdk_name
    peaks = {members: found[platform.name] for members, found in in_postgres.items()}
    of_sdk = {side.members: side.best(platform.sdk).peak for side in (few, many)}
    return [
        *_speed(f"{title}, muster sync", many.members, ours),
        Figure("send", f"{title}, muster sync, sending alone", min(many.sending[platform.name]), "s"),
        *_speed(f"{title}, {name}", many.members, theirs),
        Figure("send", f"{title}, muster sync / {name}", ours.seconds / theirs.seconds, "times", _AIM),
        Figure("send", f"{title}, muster sync / {name}, CPU", ours.cpu / theirs.cpu, "times"),
        Figure("send", f"{title}, peak memory, muster sync with DuckDB inside", ours.peak, "MiB"),
        *_memory(f"{platform.name}, muster sync out of PostgreSQL", peaks, _FLAT),
        *_memory(f"{platform.name}, {name}", of_sdk),
    ]


def _memory(title: str, peaks: Mapping[int, float], aim: float | None = None) -> list[Figure]:
    few, many = peaks.values()
    return [
        *(
            Figure("send", f"peak memory, {members:,} members to {title}", peak, "MiB")
            for members, peak in peaks.items()
        ),
        Figure("send", f"peak memory, many / few members to {title}", many / few, "times", aim),
    ]


def _speed(title: str, members: int, usage: Usage) -> list[Figure]:
    return [
        Figure("send", title, usage.seconds, "s"),
        Figure("send", f"{title}, CPU", usage.cpu, "s"),
        Figure("send", f"{title}, members a second", members / usage.seconds, "/s"),
    ]
