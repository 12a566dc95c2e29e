"""Errors of Microsoft Advertising: an answer of HTTP 200 may hold some too, and codes say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from dbt_muster.destinations.answers import Meaning, by_status, plain_words
from dbt_muster.destinations.records import RefusedError

_NAMES = ("Errors", "OperationErrors", "BatchErrors", "PartialErrors")

# The page "Campaign Management error codes", and for 8003 the page "CustomerListUserData" (August 2026).
_MEANINGS: Mapping[str, Meaning] = {
    "105": Meaning("login", "does not accept the login (105)."),
    "106": Meaning("stopped", "says that this user may not use the account (106); ask for access to it."),
    "109": Meaning("login", "says that the access token has ended (109)."),
    "117": Meaning("later", "asks for fewer calls (117)", 60.0),
    "8003": Meaning(
        "stopped",
        "asks for its terms for customer lists to be accepted (8003): accept them at Microsoft Advertising, "
        "or set `accept_customer_match_terms: true`.",
    ),
}


def by_codes(response: httpx.Response) -> Meaning:
    """What an answer means by the codes of the errors in it, else by its status."""
    errors = _errors(response)
    for error in errors:
        meaning = _MEANINGS.get(str(error.get("Code")))
        if meaning is not None:
            return meaning
    about_all = next((error for error in errors if not _is_about_one(error)), None)
    if about_all is not None and (response.is_success or response.status_code == 400):
        return Meaning("refused", f"refused the call: {reason(about_all)}")
    return by_status(response)


def place_of(error: Mapping[str, Any], size: int) -> int:
    """Which of so many items an error is about.

    Raises:
        RefusedError: none of them, so that it cannot be said what arrived.
    """
    index = int(error["Index"])
    if index >= size:
        raise RefusedError(f"Microsoft Advertising refused item {index} of {size}: {reason(error)}")
    return index


def reason(error: Mapping[str, Any]) -> str:
    """An error in words, without anybody's data."""
    return plain_words(f"{error.get('ErrorCode') or error.get('Code')}: {error.get('Message') or ''}")


def first_reason(answer: Mapping[str, Any]) -> str:
    """The first of an answer's errors in words."""
    errors = answer.get("PartialErrors") or []
    return reason(errors[0]) if errors else "no reason was given"


def _is_about_one(error: Mapping[str, Any]) -> bool:
    return isinstance(error.get("Index"), int) and error["Index"] >= 0


def _errors(response: httpx.Response) -> list[Mapping[str, Any]]:
    """All errors of an answer, whichever of the names they stand under."""
    try:
        content = response.json()
    except ValueError:
        return []
    lists = [content.get(name) or [] for name in _NAMES] if isinstance(content, dict) else []
    return [error for errors in lists for error in errors if isinstance(error, dict)]
