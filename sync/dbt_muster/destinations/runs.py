"""One delivery of one audience, and the audience as a platform shows it."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

Mode = Literal["delta", "full"]


@dataclass(frozen=True)
class AudienceAtPlatform:
    """An audience as a platform is to show it.

    Attributes:
        name: what people at the platform see.
        marker: a text that no other audience carries. It stands where the platform keeps a text of ours, so
            that an audience that was made just before a crash is found again, and nobody else's is taken.
        options: what the entry of `sync:` says besides, as the destination's `options_model`.
    """

    name: str
    description: str
    marker: str
    options: Any = None


@dataclass(frozen=True)
class Run:
    """One delivery of one audience to one destination.

    Attributes:
        id: unique; letters, digits and underscores.
        sequence: counts up over the runs of this audience and destination, with gaps.
        started_at: when it began, once what earlier runs had left was settled.
        previous: the id of the last run that went through, or None.
        batches: how many batches there are to send.
        remote: what the platform calls the audience, where audiences are made there.
        options: what the entry of `sync:` says besides, as the destination's `options_model`.
        consent: the purpose that everybody who is sent has agreed to; None where none was asked for.
        numbers: 1, 2 and so on, for a platform that counts the calls of a run.
    """

    id: str
    audience: str
    entity: str
    sequence: int
    mode: Mode
    started_at: datetime
    identifiers: tuple[str, ...] = ()
    previous: str | None = None
    batches: int = 0
    remote: str | None = None
    options: Any = None
    consent: str | None = None
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1), compare=False, repr=False)

    @property
    def number(self) -> int:
        """A number that stands for it, of 63 bits, for a platform that knows no texts as ids."""
        return int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:8]) >> 1

    @property
    def began(self) -> str:
        """When it began, as RFC 3339 has it, in UTC; a moment without an offset is one."""
        moment = self.started_at.replace(tzinfo=self.started_at.tzinfo or UTC).astimezone(UTC)
        return moment.isoformat().replace("+00:00", "Z")
