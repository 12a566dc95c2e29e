"""Meta's Graph API, whichever of its objects is called: proofs, what errors mean, and how fast.

Sources: the guides "Rate Limiting" (August 2026) and "Marketing API error codes", and the facebook-business
SDK 26.0.3; what is done about an error is what RudderStack's and Segment's connectors do.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from dbt_muster.destinations.authoring.answers import Code, Codes, plain_words
from dbt_muster.destinations.authoring.helpers import refusals
from dbt_muster.destinations.authoring.results import Refusal

CODES = Codes(
    known=(
        # After these, what was asked may have been done: Meta's "unknown error" and "temporary issue".
        Code("1|2", "later", "Meta is in trouble", doubtful=True),
        Code("341|368|2650|5000|21009", "later", "Meta is in trouble"),
        Code(r"4|17|32|613|800(0\d|1[0-4])", "later", "too many calls"),
        Code("102|190", "stopped", "make a new access token and set its variable anew"),
        Code("10|294", "stopped", "the token may not do this"),
        Code(r"2\d\d", "stopped", "the token may not do this, or terms are not accepted"),
        Code("2655", "stopped", "the person or system user that owns the token has to accept the terms"),
        Code("100/33", "gone", "it is not there, or the token has no access to it"),
        Code("100/1487366", "gone", "it was deleted"),
        Code("100/1487301", "stopped", "the audience is not shared with this ad account"),
        Code("100/1713230", "stopped", "Meta has flagged the audience, often for its name"),
    ),
    other="refused",
    errors=("error",),
    subcode="error_subcode",
    words=("error_user_msg", "message"),
    passes="is_transient",
    gateway=True,
)
"""Error codes, with their subcodes. Any other is about what was sent."""

# Seconds. Who waits longer than this would count as dead; the run ends instead, and the next one goes on.
_LONGEST_WAIT = 600.0


def proof(app_secret: str, token: str) -> dict[str, str]:
    """The parameter that proves that the caller knows the app's secret: HMAC-SHA256 of the token, in hex."""
    return {"appsecret_proof": hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()}


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


def refusals_of(
    answer: Mapping[str, Any],
    data: Sequence[Sequence[object]],
    owners: Sequence[int],
    *,
    removing: bool = False,
) -> list[Refusal]:
    """Who was refused, as far as is told: `invalid_entry_samples` has rows as JSON, each with a message.

    A person is refused where all rows of theirs are, or where they are to be removed, one. Entries beyond the
    samples are only counted by Meta.

    Args:
        answer: to a call that sent a table.
        data: the table's rows, as they were sent.
        owners: whose each row is.
        removing: whether they were to be removed.
    """
    samples = answer.get("invalid_entry_samples") or {}
    if not samples:
        return []
    reasons = {_compact(text): plain_words(message) for text, message in dict(samples).items()}
    rows = (reasons.get(json.dumps(cells, separators=(",", ":"))) for cells in data)
    failed = {place: reason for place, reason in enumerate(rows) if reason}
    return refusals(owners, failed, removing=removing)


def _compact(text: str) -> str:
    try:
        return json.dumps(json.loads(text), separators=(",", ":"))
    except ValueError:
        return text
