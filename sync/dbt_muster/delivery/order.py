"""What one run of a pair is asked to do besides delivering what changed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    """What a run is asked.

    Attributes:
        override: why guards are set aside, where they are; kept with the run.
        anew: send everything again, whatever the destination has acknowledged.
        only: the key of somebody who is erased: nothing else is sent.
    """

    override: str | None = None
    anew: bool = False
    only: str | None = None
