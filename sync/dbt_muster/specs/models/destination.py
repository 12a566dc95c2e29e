"""A destination: where members of audiences are sent."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from dbt_muster.specs.models.alert import AlertSpec
from dbt_muster.specs.models.base import Maybe, Name, Spec
from dbt_muster.specs.models.guard import GuardSpec


class DestinationSpec(Spec):
    """Where members are sent. Other keys are the type's own; secrets only ever come from the environment."""

    model_config = ConfigDict(extra="allow")

    destination: Name = Field(description="The destination's name.", examples=["files"])
    type: Name = Field(description="The kind of destination.", examples=["files", "webhook"])
    description: Maybe[str] = Field(default=None, description="What is there, for people.")
    consent: Maybe[Name] = Field(
        default=None,
        description="The purpose that a member must have agreed to before it is sent.",
        examples=["advertising"],
    )
    guard: Maybe[GuardSpec] = Field(
        default=None, description="Limits; beyond them nothing is sent, and a person is asked to look."
    )
    alerts: Maybe[list[AlertSpec]] = Field(
        default=None,
        description="Who is told when deliveries fail, are blocked or stale, or an audience changes size. "
        "Default those of alerts.yml; an empty list is nobody.",
    )
