"""Any HTTP address: batches of records as JSON, signed, retried, each under an id that stays the same.

The message id and headers are those of the Standard Webhooks specification, and so are the rules of delivery:
2xx is success, 410 ends it, 429 and 503 are waited for as they ask, and a redirect is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from dbt_muster.destinations.authoring.answers import Named
from dbt_muster.destinations.authoring.bases import (
    Delivery,
    Destination,
    DestinationSettings,
    RetrySettings,
    SafeAddress,
)
from dbt_muster.destinations.authoring.calls import Api, Batch, BatchResult, Connection, Record, Request, Run
from dbt_muster.destinations.authoring.errors import UsageError
from dbt_muster.destinations.authoring.facts import Capabilities
from dbt_muster.destinations.authoring.helpers import secret, send_in_parts
from dbt_muster.destinations.body import BodyTemplate, batch_values, default_body
from dbt_muster.destinations.signatures import signature, standard_webhooks

# Where a receiver names records one by one, if it does.
_REFUSED = Named("results", "index", words=("message", "code"), has={"status": "error"})


class WebhookSettings(DestinationSettings):
    """Settings of a destination of type `webhook`."""

    url: SafeAddress = Field(description="Where batches are posted: https, or http to this machine.")
    signature: Literal["standard", "hub-sha256", "none"] = Field(
        default="standard", description="How batches are signed where there is a secret."
    )
    secret: SecretStr | None = Field(
        default=None, description="What signatures are made with; whsec_<base64>."
    )
    headers: dict[str, SecretStr] = Field(default_factory=dict, description="Headers of your own.")
    body: str | None = Field(default=None, description="A template of the body; expressions render as JSON.")
    timeout: float = Field(default=30, gt=0, le=120, description="Seconds that one attempt may take.")
    retry: RetrySettings = Field(default_factory=RetrySettings, description="How often a batch is tried.")

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

    @field_validator("body")
    @classmethod
    def _only_bodies_that_render(cls, body: str | None) -> str | None:
        if body is not None:
            try:
                BodyTemplate(body).try_out()
            except UsageError as error:
                raise ValueError(str(error)) from None
        return body


class Webhook(Destination):
    """Posts each batch to one address."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="entity_key", batch_size=1_000, largest_batch=10_000, creates=False
    )
    settings_model: ClassVar[type[DestinationSettings]] = WebhookSettings
    templates: ClassVar[frozenset[str]] = frozenset({"body"})

    def __init__(self, name: str, settings: WebhookSettings, *, root: Path) -> None:
        super().__init__(name, settings, root=root)
        self._template = BodyTemplate(settings.body) if settings.body else None
        self._connection = Connection(
            lambda: Api(settings.url, timeout=settings.timeout, retry=settings.retry)
        )

    def connected(self) -> AbstractContextManager[None]:
        """Keep the connection over all that is done meanwhile."""
        return self._connection.kept()

    @contextmanager
    def deliver(self, run: Run) -> Iterator[Delivery]:
        """Open one run's delivery."""
        with self._connection.open() as api:
            yield _WebhookDelivery(self, api, run)

    def body(self, run: Run, batch: Batch) -> bytes:
        """The body of a batch, by the template where there is one."""
        values = batch_values(run, batch)
        return self._template.render(values) if self._template else default_body(values)

    def headers(self, message_id: str, body: bytes) -> dict[str, str]:
        """The headers of one attempt; the signature carries the attempt's time."""
        settings = self.settings
        own = {name: value.get_secret_value() for name, value in settings.headers.items()}
        return {
            "content-type": "application/json",
            "user-agent": "muster",
            **own,
            "webhook-id": message_id,
            **signature(settings.signature, secret(settings.secret), message_id, body),
        }


class _WebhookDelivery(Delivery):
    def __init__(self, webhook: Webhook, api: Api, run: Run) -> None:
        self._webhook = webhook
        self._api = api
        self._run = run

    def send(self, batch: Batch) -> BatchResult:
        """Post one batch, and where it is refused each half by itself, down to the records that are bad."""
        parts = count()
        return send_in_parts(lambda records: self._post(batch.number, next(parts), records), batch.records)

    def _post(self, number: int, part: int, records: Sequence[Record]) -> BatchResult:
        """Post some records; their id stays the same over attempts, so that a receiver can drop repeats."""
        body = self._webhook.body(self._run, Batch(number, records))
        message_id = f"msg_{self._run.id}_{number}" + (f"_{part}" if part else "")

        def sign(request: Request) -> Request:
            return replace(request, headers=self._webhook.headers(message_id, body))

        response, attempts = self._api.send(Request("POST", content=body), sign)
        refused = _REFUSED.refused(response, records, removing=records[0].action == "remove")
        told = sorted(refused, key=lambda each: each.index)
        return BatchResult([replace(each, reason=each.reason or "refused") for each in told], attempts)
