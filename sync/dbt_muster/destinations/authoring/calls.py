"""What a destination's methods are given and give back: the interface, members, and what became of these."""

from httpx import Response

from dbt_muster.destinations.connection import Connection
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.records import Batch, BatchResult, JobResult, Record, Refusal, Value
from dbt_muster.destinations.rows import Table
from dbt_muster.destinations.runs import AudienceAtPlatform, Run
from dbt_muster.destinations.wire import Request

__all__ = [
    "Api",
    "AudienceAtPlatform",
    "Batch",
    "BatchResult",
    "Connection",
    "JobResult",
    "Record",
    "Refusal",
    "Request",
    "Response",
    "Run",
    "Table",
    "Value",
]
