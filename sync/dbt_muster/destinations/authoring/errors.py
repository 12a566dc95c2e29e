"""What a destination's methods raise, where they do."""

from dbt_muster.destinations.records import (
    AudienceGoneError,
    RefusedError,
    StoppedError,
    UnknownOutcomeError,
)
from dbt_muster.errors import UsageError

__all__ = ["AudienceGoneError", "RefusedError", "StoppedError", "UnknownOutcomeError", "UsageError"]
