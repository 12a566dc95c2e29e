"""What errors of Google's interfaces mean, and whom they name: all of these tell of them in one way.

As in the API Improvement Proposal 193 ("Errors") and the messages ErrorInfo and BadRequest of google.rpc.
"""

from __future__ import annotations

from dbt_muster.destinations.codes import Code, Codes
from dbt_muster.destinations.named import Named


def google_codes(*known: Code) -> Codes:
    """What errors mean, by their reasons, and by the limits that were reached.

    Args:
        known: what is an interface's own. Any other reason is about what was sent, or what its status says.
    """
    of_a_day = Code(".*PerDay.*", "stopped", "the project's quota of the day is used up; sync again tomorrow")
    reasons = ("details.reason", "details.metadata.quota_limit")
    return Codes((*known, of_a_day), errors=("error",), code=reasons)


def violations(place: str) -> Named:
    """Whom an answer that refuses a call names.

    Args:
        place: a regular expression for what an item is called there, with its place from 0 as its only group.
    """
    return Named("error.details.field_violations", "field", place, ("reason", "description"))
