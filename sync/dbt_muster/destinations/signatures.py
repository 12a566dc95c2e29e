"""Signatures by which a webhook's receiver knows the sender."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from dbt_muster.destinations.base import DestinationSettings
from dbt_muster.destinations.filling import secret
from dbt_muster.errors import UsageError


class SignedSettings(DestinationSettings):
    """The settings of a destination that signs what it posts; each adds where to."""

    signature: Literal["standard", "hub-sha256", "none"] = Field(
        default="standard", description="How batches are signed where there is a secret."
    )
    secret: SecretStr | None = Field(
        default=None, description="What signatures are made with; whsec_<base64>."
    )

    @field_validator("secret")
    @classmethod
    def _only_secrets_that_sign(cls, given: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        # Read after `signature`, because only that of the standard wants a form.
        if given is not None and info.data.get("signature") == "standard":
            try:
                standard_webhooks(secret(given), "check", 0, b"")
            except UsageError as error:
                raise ValueError(str(error)) from None
        return given

    def signed(self, message_id: str, body: bytes) -> dict[str, str]:
        """The headers that sign an attempt made now; none where there is no secret.

        Args:
            message_id: the same for every attempt at one message.
            body: the bytes that are sent.
        """
        text = secret(self.secret)
        if not text or self.signature == "none":
            return {}
        if self.signature == "hub-sha256":
            return hub_sha256(text, body)
        return standard_webhooks(text, message_id, int(time.time()), body)


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


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise UsageError(
            "The webhook's secret is not of the form whsec_<base64>. Make one with: "
            "python -c \"import base64, os; print('whsec_' + base64.b64encode(os.urandom(32)).decode())\""
        ) from None
