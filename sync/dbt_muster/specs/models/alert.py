"""Alerts: those of the project, and those of a destination."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dbt_muster.specs.models.base import Maybe, Spec, Text
from dbt_muster.specs.models.guard import Percentage


class AlertSpec(Spec):
    """Who is told when deliveries do not go as they should."""

    type: Literal["slack", "webhook"] = Field(
        description="The form of the message: Slack's incoming webhooks, or JSON."
    )
    url: Text = Field(
        description="Where to, out of the environment.", examples=["{{ env_var('SLACK_ALERTS_URL') }}"]
    )
    on: Maybe[list[Literal["failure", "blocked"]]] = Field(
        default=None,
        description="The ends of a run that are told. Default both.",
        examples=[["failure"]],
    )
    stale_after: Maybe[Text] = Field(
        default=None,
        description="How long after the last delivery that went through it is told that it is stale.",
        examples=["24 hours"],
    )
    size_change: Maybe[Percentage] = Field(
        default=None,
        description="How much larger or smaller than before an audience may be without being told of.",
        examples=["50%"],
    )


class AlertsSpec(Spec):
    """Who is told of every destination that has no `alerts:` of its own."""

    alerts: list[AlertSpec] = Field(
        description="Who is told when deliveries fail, are blocked or stale, or an audience changes size."
    )
