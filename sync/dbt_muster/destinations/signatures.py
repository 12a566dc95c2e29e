"""Signatures by which a webhook's receiver knows the sender."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time

from dbt_muster.destinations.authoring.errors import UsageError


def standard_webhooks(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of the Standard Webhooks specification: HMAC-SHA256 over id, time and the exact body.

    Args:
        secret: `whsec_` and the key in base64; several separated by spaces while keys rotate.
        message_id: the same for every attempt at one message.
        timestamp: seconds since 1970, of this attempt.
        body: the bytes that are sent.

    Raises:
        UsageError: a secret is not of that form.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = [
        "v1," + base64.b64encode(hmac.digest(_key(part), signed, hashlib.sha256)).decode()
        for part in secret.split()
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def hub_sha256(secret: str, body: bytes) -> dict[str, str]:
    """The header that GitHub's and Meta's receivers know: HMAC-SHA256 over the body, in hex."""
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def signature(kind: str, secret: str, message_id: str, body: bytes) -> dict[str, str]:
    """The headers that sign an attempt made now.

    Args:
        kind: `standard`, `hub-sha256` or `none`.
        secret: what is signed with; nothing is where it is empty.
        message_id: as in `standard_webhooks`.
        body: the bytes that are sent.
    """
    if not secret or kind == "none":
        return {}
    if kind == "hub-sha256":
        return hub_sha256(secret, body)
    return standard_webhooks(secret, message_id, int(time.time()), body)


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise UsageError(
            "The webhook's secret is not of the form whsec_<base64>. Make one with: "
            "python -c \"import base64, os; print('whsec_' + base64.b64encode(os.urandom(32)).decode())\""
        ) from None
