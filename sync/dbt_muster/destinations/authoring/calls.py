"""What a destination's methods are given: what they call with, and whom they are to send."""

from dbt_muster.destinations.connection import Connection
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.records import Batch, Record, Value
from dbt_muster.destinations.runs import AudienceAtPlatform, Run
from dbt_muster.destinations.wire import Request

__all__ = [
    "Api",
    "AudienceAtPlatform",
    "Batch",
    "Connection",
    "Record",
    "Request",
    "Run",
    "Value",
]
