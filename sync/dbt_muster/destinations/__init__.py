"""Where members are sent: one file a platform. Destinations know nothing about warehouses."""

from dbt_muster.destinations.base import Delivery, Destination, SyncOptions
from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.records import (
    AudienceGoneError,
    Batch,
    BatchResult,
    JobResult,
    Record,
    Refusal,
    RefusedError,
    StoppedError,
    UnknownOutcomeError,
)
from dbt_muster.destinations.registry import destination_types, find_type
from dbt_muster.destinations.runs import AudienceAtPlatform, Run
from dbt_muster.destinations.settings import open_destination

__all__ = [
    "AudienceAtPlatform",
    "AudienceGoneError",
    "Batch",
    "BatchResult",
    "Capabilities",
    "Delivery",
    "Destination",
    "Form",
    "JobResult",
    "Record",
    "Refusal",
    "RefusedError",
    "Run",
    "StoppedError",
    "SyncOptions",
    "UnknownOutcomeError",
    "destination_types",
    "find_type",
    "open_destination",
]
