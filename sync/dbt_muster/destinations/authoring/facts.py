"""What a platform's file states as data: what it takes, how it keeps audiences, its jobs."""

from dbt_muster.destinations.capabilities import Capabilities, Form, parts
from dbt_muster.destinations.filling import Proof, Seconds
from dbt_muster.destinations.jobs import Jobs
from dbt_muster.destinations.kept import Call, Kept
from dbt_muster.destinations.pages import Bookmarked, Linked, Numbered, Offset, Pages

__all__ = [
    "Bookmarked",
    "Call",
    "Capabilities",
    "Form",
    "Jobs",
    "Kept",
    "Linked",
    "Numbered",
    "Offset",
    "Pages",
    "Proof",
    "Seconds",
    "parts",
]
