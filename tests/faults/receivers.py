"""What reads the destinations that are no platforms: a webhook's receiver, and a reader of files."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from tests.destinations.replay import replay
from tests.destinations.standins.base import Answer, Call, Holding, StandIn

AUDIENCE = "fans"


class _Reader(StandIn):
    """Reads one audience, of which nobody tells it to be made and which nobody can take away."""

    match_on: ClassVar[tuple[str, ...]] = ("email",)
    in_tags: ClassVar[bool] = True

    def audience_ids(self) -> list[str]:
        return [AUDIENCE]

    def lose(self, audience: str) -> None:
        raise NotImplementedError

    def throttled(self) -> Answer:
        return Answer(429, None, {"retry-after": "0"})

    def unauthorised(self) -> Answer:
        return Answer(401)

    def is_write(self, call: Call) -> bool:
        return True


class WebhookReceiver(_Reader):
    """Holds members by key, as batches say."""

    type: ClassVar[str] = "webhook"

    def __init__(self) -> None:
        super().__init__()
        self.members: dict[str, Mapping[str, Any]] = {}

    def handle(self, call: Call) -> Answer:
        """Do what a batch says."""
        for record in call.json["data"]["records"]:
            if record["action"] == "remove":
                self.members.pop(record["key"], None)
            else:
                self.members[record["key"]] = record["identifiers"]
        return Answer(200)

    def held(self, audience: str) -> set[Holding]:
        return {_holding(key, identifiers) for key, identifiers in self.members.items()}


class FilesReader(_Reader):
    """Reads a folder by its manifests; no call is made, so none can fail."""

    type: ClassVar[str] = "files"

    @property
    def settings(self) -> Mapping[str, Any]:  # type: ignore[override]  # its folder is made when it runs
        return {"path": self._folder, "format": "jsonl"}

    @contextmanager
    def running(self) -> Iterator[StandIn]:
        """Have a folder."""
        with tempfile.TemporaryDirectory() as self._folder:
            yield self

    def handle(self, call: Call) -> Answer:
        raise NotImplementedError

    def held(self, audience: str) -> set[Holding]:
        return {_holding(key, row) for key, row in replay(Path(self._folder), audience).items()}


def _holding(key: str, identifiers: Mapping[str, Any]) -> Holding:
    values = ((name, value) for name, given in identifiers.items() for value in _listed(given))
    return frozenset([("key", key), *values])


def _listed(given: Any) -> list[str]:
    """A value, several, or none; in files several are a text of JSON."""
    if isinstance(given, str):
        return json.loads(given) if given.startswith("[") else [given]
    return given or []
