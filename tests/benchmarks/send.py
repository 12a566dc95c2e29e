"""`muster sync` to Meta and Google beside their official SDKs, which send the same people to the same server.

What muster does is the whole of a first sync: it compares, hashes in SQL, sends, asks how Google's work went,
and keeps a ledger and a state. The SDKs' side reads a table, hashes in Python and sends, and keeps nothing.
Every run is a process of its own, and runs of both sides take turns, so that whatever else the machine does
falls on both.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Figure, Scale, Usage, best, run
from tests.benchmarks.members import build
from tests.benchmarks.project import REPOSITORY, Project
from tests.benchmarks.stand_in import Arrived, StandIn, running

_AIM = 0.5
_FLAT = 1.2
_LITTLE = "200MB"
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
    few, many = sides
    return [figure for platform in _PLATFORMS for figure in _figures(platform, few, many)]


class _Side:
    """All runs with one number of members."""

    def __init__(self, members: int, folder: Path, stand_in: StandIn) -> None:
        self.members = members
        self._stand_in = stand_in
        destinations = [_destination(platform, stand_in.port) for platform in _PLATFORMS]
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
            self._muster(platform.name, memory=_LITTLE)

    def best(self, way: str) -> Usage:
        """The least that a way of sending needed."""
        return best(self.runs[way])

    def _muster(self, destination: str, memory: str | None = None) -> None:
        shutil.copy(self._people, self._project.warehouse)
        self._log.unlink(missing_ok=True)
        project = Project(self._project.folder, memory=memory)
        usage = project.muster(
            "sync",
            *("--select", f"everyone:{destination.lower()}", "--log-file", self._log.name),
            environment={_SECRET: "token"},
        )
        way = destination if memory is None else f"{destination}, {memory}"
        self._note(destination, way, usage)
        self.sending.setdefault(way, []).append(_seconds_of_sending(self._log))

    def _sdk(self, platform: str, sdk: str) -> None:
        port = self._stand_in.grpc if sdk == "google" else self._stand_in.port
        command = ["python", str(_SCRIPT), sdk, f"127.0.0.1:{port}", str(self._people)]
        self._note(platform, sdk, run(command, REPOSITORY))

    def _note(self, platform: str, way: str, usage: Usage) -> None:
        """Every way has to have sent a platform the same."""
        arrived = self._stand_in.arrived()
        expected = self._arrived.setdefault(platform, arrived)
        if arrived.values != len(_MATCH_ON) * self.members or arrived != expected:
            raise AssertionError(f"{way}: {arrived} of {self.members:,} members arrived, not {expected}")
        self.runs.setdefault(way, []).append(usage)


def _destination(platform: _Platform, port: int) -> dict[str, Any]:
    return {
        "destination": platform.name.lower(),
        **platform.settings,
        "access_token": f"{{{{ env_var('{_SECRET}') }}}}",
        "url": f"http://127.0.0.1:{port}",
    }


def _seconds_of_sending(log: Path) -> float:
    """From the plan's end to the last batch's."""
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    planned = next(event for event in events if event["event"] == "planned")
    last = [event for event in events if event["event"] == "batch"][-1]
    return (datetime.fromisoformat(last["time"]) - datetime.fromisoformat(planned["time"])).total_seconds()


def _figures(platform: _Platform, few: _Side, many: _Side) -> list[Figure]:
    ours, theirs = many.best(platform.name), many.best(platform.sdk)
    title, name = f"{many.members:,} members to {platform.name}", platform.sdk_name
    return [
        *_speed(f"{title}, muster sync", many.members, ours),
        Figure("send", f"{title}, muster sync, sending alone", min(many.sending[platform.name]), "s"),
        *_speed(f"{title}, {name}", many.members, theirs),
        Figure("send", f"{title}, muster sync / {name}", ours.seconds / theirs.seconds, "times", _AIM),
        Figure("send", f"{title}, muster sync / {name}, CPU", ours.cpu / theirs.cpu, "times"),
        Figure("send", f"{title}, peak memory, muster sync, DuckDB unlimited", ours.peak, "MiB"),
        *_memory(f"{platform.name}, muster sync", f"{platform.name}, {_LITTLE}", few, many, _FLAT),
        *_memory(f"{platform.name}, {name}", platform.sdk, few, many),
    ]


def _memory(title: str, way: str, few: _Side, many: _Side, aim: float | None = None) -> list[Figure]:
    small, large = few.best(way).peak, many.best(way).peak
    return [
        Figure("send", f"peak memory, {few.members:,} members to {title}", small, "MiB"),
        Figure("send", f"peak memory, {many.members:,} members to {title}", large, "MiB"),
        Figure("send", f"peak memory, many / few members to {title}", large / small, "times", aim),
    ]


def _speed(title: str, members: int, usage: Usage) -> list[Figure]:
    return [
        Figure("send", title, usage.seconds, "s"),
        Figure("send", f"{title}, CPU", usage.cpu, "s"),
        Figure("send", f"{title}, members a second", members / usage.seconds, "/s"),
    ]
