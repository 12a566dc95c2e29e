"""Any HTTP address: batches of records as JSON, signed, retried, each under an id that stays the same.

The message id and headers are those of the Standard Webhooks specification, and so are the rules of delivery:
2xx is success, 410 ends it, 429 and 503 are waited for as they ask, and a redirect is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Named
from dbt_muster.destinations.authoring.bases import Delivery, Destination, RetrySettings, SafeAddress
from dbt_muster.destinations.authoring.calls import Api, Batch, BatchResult, Connection, Record, Request, Run
from dbt_muster.destinations.authoring.facts import Capabilities
from dbt_muster.destinations.authoring.helpers import send_in_parts
from dbt_muster.destinations.authoring.webhooks import BodyTemplate, BodyText, SignedSettings, batch_values

# Where a receiver names records one by one, if it does.
_REFUSED = Named("results", "index", words=("message", "code"), has={"status": "error"})


class WebhookSettings(SignedSettings):
    """Settings of a destination of type `webhook`."""

    url: SafeAddress = Field(description="Where batches are posted: https, or http to this machine.")
    headers: dict[str, SecretStr] = Field(default_factory=dict, description="Headers of your own.")
    body: BodyText | None = Field(
        default=None, description="A template of the body; expressions render as JSON."
    )
    timeout: float = Field(default=30, gt=0, le=120, description="Seconds that one attempt may take.")
    retry: RetrySettings = Field(default_factory=RetrySettings, description="How often a batch is tried.")


class Webhook(Destination):
    """Posts each batch to one address."""

    settings_model = WebhookSettings
    capabilities = Capabilities(keyed_by="entity_key", batch_size=1_000, largest_batch=10_000, creates=False)
    templates = frozenset({"body"})

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
        if self._template is not None:
            return self._template.render(values)
        data = {name: values[name] for name in ("audience", "sync", "records")}
        body = {"type": "audience.membership", "timestamp": values["timestamp"], "data": data}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    def headers(self, message_id: str, body: bytes) -> dict[str, str]:
        """The headers of one attempt; the signature carries the attempt's time."""
        own = {name: value.get_secret_value() for name, value in self.settings.headers.items()}
        return {
            "content-type": "application/json",
            "user-agent": "muster",
            **own,
            "webhook-id": message_id,
            **self.settings.signed(message_id, body),
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
