"""Meta's Graph API, whichever of its objects is called: proofs, what errors mean, and how fast.

Sources: the guides "Rate Limiting" (August 2026) and "Marketing API error codes", and the facebook-business
SDK 26.0.3; what is done about an error is what RudderStack's and Segment's connectors do.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import httpx

from dbt_muster.destinations.answers import Meaning, by_status, plain_words
from dbt_muster.destinations.records import Refusal
from dbt_muster.destinations.rows import Row

# Error codes, alone or with their subcode. Any other is about what was sent.
_CODES: Mapping[str, tuple[Literal["later", "stopped", "gone"], str]] = {
    **dict.fromkeys(("1", "2", "341", "368", "2650", "5000", "21009"), ("later", "Meta is in trouble")),
    **dict.fromkeys(("4", "17", "32", "613"), ("later", "too many calls")),
    **dict.fromkeys(map(str, range(80_000, 80_015)), ("later", "too many calls")),
    **dict.fromkeys(("102", "190"), ("stopped", "make a new access token and set its variable anew")),
    **dict.fromkeys(("10", "294"), ("stopped", "the token may not do this")),
    **dict.fromkeys(
        map(str, range(200, 300)), ("stopped", "the token may not do this, or terms are not accepted")
    ),
    "2655": ("stopped", "the person or system user that owns the token has to accept the terms"),
    "100/33": ("gone", "it is not there, or the token has no access to it"),
    "100/1487366": ("gone", "it was deleted"),
    "100/1487301": ("stopped", "the audience is not shared with this ad account"),
    "100/1713230": ("stopped", "Meta has flagged the audience, often for its name"),
}

# After these, what was asked may have been done: Meta's "unknown error" and "temporary issue".
_DOUBTFUL = ("1", "2")

# Seconds. Who waits longer than this would count as dead; the run ends instead, and the next one goes on.
_LONGEST_WAIT = 600.0


def proof(app_secret: str, token: str) -> dict[str, str]:
    """The parameter that proves that the caller knows the app's secret: HMAC-SHA256 of the token, in hex."""
    return {"appsecret_proof": hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()}


def meaning(response: httpx.Response) -> Meaning:
    """What an answer means: an error is told by its code, whatever the status is."""
    error = _error(response)
    if error is None:
        plain = by_status(response)
        return plain._replace(wait=usage_wait(response)) if plain.kind == "taken" else plain
    code, sub = str(error.get("code", "")), str(error.get("error_subcode", ""))
    words = f"{plain_words(error.get('error_user_msg') or error.get('message', ''))} (code {code}/{sub})"
    kind, advice = _CODES.get(f"{code}/{sub}") or _CODES.get(code) or ("refused", "")
    if response.status_code >= 500 or error.get("is_transient"):
        kind = "later"
    # An account is no audience: where it cannot be seen, no audience is to be made anew.
    if kind == "gone" and "/act_" in response.request.url.path:
        kind = "stopped"
    told = f"says: {words}{f'; {advice}' if advice else ''}."
    return Meaning(kind, told, usage_wait(response), doubtful=code in _DOUBTFUL)


def _error(response: httpx.Response) -> Mapping[str, Any] | None:
    """The error of an answer; a page in place of JSON comes from a gateway, and passes."""
    try:
        content = response.json()
    except ValueError:
        return {"code": 2, "message": f"HTTP {response.status_code} without JSON"}
    error = content.get("error") if isinstance(content, dict) else None
    return error if isinstance(error, dict) else None


def usage_wait(response: httpx.Response) -> float | None:
    """Seconds before the next call, by X-Business-Use-Case-Usage: percentages of an hour's use, and minutes.

    From 75 % on, calls are spread more the nearer the limit is; at 100 % they wait until access is regained.
    """
    try:
        told = json.loads(response.headers.get("x-business-use-case-usage", "{}"))
        entries = [each for own in told.values() for each in own if each.get("type") == "custom_audience"]
        parts = ("call_count", "total_cputime", "total_time")
        used = max((float(each.get(part, 0)) for each in entries for part in parts), default=0.0)
        minutes = max(
            (float(each.get("estimated_time_to_regain_access", 0)) for each in entries), default=0.0
        )
    except (ValueError, TypeError, AttributeError):
        return None
    if used >= 100 or minutes:
        return min(max(minutes, 1) * 60, _LONGEST_WAIT)
    return used - 74 if used >= 75 else None


def refusals(
    answer: Mapping[str, Any], data: Sequence[Sequence[object]], rows: Sequence[Row]
) -> list[Refusal]:
    """Who was refused, as far as is told: `invalid_entry_samples` has rows as JSON, each with a message.

    A person is refused where all rows of theirs are. Entries beyond the samples are only counted by Meta.

    Args:
        answer: to a call that sent a table.
        data: the table's rows, as they were sent.
        rows: the same rows, with whose each is.
    """
    samples = answer.get("invalid_entry_samples") or {}
    if not samples:
        return []
    reasons = {_compact(text): plain_words(message) for text, message in dict(samples).items()}
    found: dict[int, str | None] = {}
    for cells, row in zip(data, rows, strict=True):
        reason = reasons.get(json.dumps(cells, separators=(",", ":")))
        found[row.owner] = reason if found.get(row.owner, reason) else None
    return [Refusal(owner, reason) for owner, reason in found.items() if reason]


def _compact(text: str) -> str:
    try:
        return json.dumps(json.loads(text), separators=(",", ":"))
    except ValueError:
        return text
