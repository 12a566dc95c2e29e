"""What a destination's methods give back, and what they raise."""

from dbt_muster.destinations.records import (
    AudienceGoneError,
    BatchResult,
    JobResult,
    Refusal,
    RefusedError,
    StoppedError,
    UnknownOutcomeError,
)
from dbt_muster.errors import UsageError

__all__ = [
    "AudienceGoneError",
    "BatchResult",
    "JobResult",
    "Refusal",
    "RefusedError",
    "StoppedError",
    "UnknownOutcomeError",
    "UsageError",
]
