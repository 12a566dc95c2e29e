"""What errors of Google's Data Manager API mean: by status, by reason, and by the fields that they name.

Reasons are those of the enum ErrorReason in google-ads-datamanager 0.9.4; how they come is in the developer
guide ("Errors", "Limits and quotas", 2026).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import httpx

from dbt_muster.destinations.answers import Meaning, by_status, plain_words

_MEMBER = re.compile(r"audience_?members\[(\d+)\]", re.IGNORECASE)

# Reasons of the enum ErrorReason that are about the list, the account or its terms rather than about members.
_STOP = {
    "INVALID_DESTINATION": "see whether `account` and `login_account` are right",
    "INVALID_USER_LIST_ID": "the list is not there any more",
    "INVALID_USER_LIST_TYPE": "the list does not take contact data",
    "DESTINATION_ACCOUNT_TYPE_MISMATCH": "see whether `account_type` is right",
    "TERMS_AND_CONDITIONS_NOT_SIGNED": "accept the customer match terms in the account",
    "ADVERTISER_TOS_NOT_ACCEPTED": "accept the customer match terms in the account",
}


def meaning(response: httpx.Response) -> Meaning:
    """What an answer means. Where members or a name are at fault, whoever called reads on."""
    plain = by_status(response)
    at_fault = plain.kind == "refused" and bad_members(response)
    if plain.kind == "taken" or at_fault or _is_name_taken(response):
        return Meaning("taken")
    if response.status_code == 404 and "/userLists/" in response.request.url.path:
        return Meaning("gone", "has no such list any more.")
    reasons, words, quota = _error(response)
    told = f"says: {words} ({', '.join(reasons) or response.status_code})"
    if response.status_code == 429 and "PerDay" in quota:
        return Meaning("stopped", "the day's quota of the Cloud project is used up; sync again tomorrow.")
    if response.status_code == 409 and not _STOP.keys() & reasons:
        return Meaning("later", told, plain.wait)
    advice = next((_STOP[reason] for reason in reasons if reason in _STOP), None)
    if advice:
        return Meaning("stopped", f"{told}; {advice}.")
    return plain._replace(words=told if plain.kind == "later" else f"{told}.")


def _details(response: httpx.Response) -> Mapping[str, Any]:
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return error if isinstance(error, dict) else {}


def bad_members(response: httpx.Response) -> dict[int, str]:
    """The places of members that an error names, each with Google's reason."""
    found = {}
    for detail in _details(response).get("details", []):
        for violation in detail.get("fieldViolations", []):
            place = _MEMBER.search(violation.get("field", ""))
            if place is not None:
                found[int(place[1])] = plain_words(
                    violation.get("reason") or violation.get("description", "")
                )
    return found


def _is_name_taken(response: httpx.Response) -> bool:
    return "DISPLAY_NAME_ALREADY_USED" in _error(response)[0]


def _error(response: httpx.Response) -> tuple[list[str], str, str]:
    """The reasons of an error, Google's words without anybody's data, and the quota that it is about."""
    error = _details(response)
    details = error.get("details", [])
    reasons = [str(detail["reason"]) for detail in details if "reason" in detail]
    quota = next(
        (detail["metadata"].get("quota_limit", "") for detail in details if "metadata" in detail), ""
    )
    return reasons, plain_words(error.get("message", "")), str(quota)
