"""A platform: what every destination that is an HTTP interface has in common.

A platform's own file states facts as data: what it takes (`Capabilities`), where it is and what its answers
mean (`Interface`), how it keeps audiences (`Kept`). It writes the calls that carry members (`SendsMembers`).
Retries, rates, finding the bad records of a batch that was refused, and making the audience once are the
engine's.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from dbt_muster.destinations.base import DestinationSettings
from dbt_muster.destinations.http import RetrySettings, SafeAddress
from dbt_muster.destinations.likening import MakesLookalikes
from dbt_muster.destinations.sending import SendsMembers

Digits = Annotated[str, AfterValidator(lambda written: re.sub(r"\D", "", written))]
"""A setting that is a number, of which nothing else counts, such as dashes in it or letters before it."""


class PlatformSettings(DestinationSettings):
    """The settings that every platform has; each adds its account and how to log in."""

    url: SafeAddress | None = Field(
        default=None, description="Another address of the interface than the public one."
    )
    timeout: float = Field(default=60, gt=0, le=300, description="Seconds that one attempt may take.")
    retry: RetrySettings = Field(default_factory=RetrySettings, description="How often a call is tried.")
    rate: float | None = Field(default=None, gt=0, description="Calls a second, where fewer are to be made.")


class RegionSettings(PlatformSettings):
    """The settings of a platform that has one address in the United States and another in Europe."""

    region: Literal["us", "eu"] = Field(default="us", description="Where the account is: `us` or `eu`.")


class Platform(MakesLookalikes, SendsMembers):
    """A destination that is an HTTP interface with audiences, lists or tags of its own.

    The facts to state are the class attributes of `Interface` (interface.py), `SendsMembers` (sending.py) and
    `KeepsAudiences` (audiences.py). Methods to write: `change`, or `add` and `remove` where these have little
    in common; `replace`, `finish` and `lookalike` where the platform can do what they are for; and those of
    `KeepsAudiences` for a call that no `Kept` can state.

    Every method that calls gets the open `Api`. What is raised there tells the engine what became of a call;
    a platform's file seldom raises anything itself.
    """

    settings_model: ClassVar[type[PlatformSettings]]
