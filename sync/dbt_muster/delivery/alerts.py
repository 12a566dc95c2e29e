"""Alerts: tells people of deliveries that failed, were blocked or are stale, and of audiences' sizes.

An alert that cannot be sent never fails a sync: it is said on standard error. No alert holds a row, an
identifier or an address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from dbt_muster.delivery.status import PairStatus
from dbt_muster.errors import MusterError
from dbt_muster.render.settings import SettingsError, render_settings
from dbt_muster.specs.meaning import Alert
from dbt_muster.specs.meaning.alerts import Occasion

_SECONDS = 10.0
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Told:
    """One thing that people are told.

    Attributes:
        message: a sentence, with the audience and the destination in it.
    """

    audience: str
    destination: str
    occasion: Occasion
    message: str
    run_id: str | None = None


def occasions(alert: Alert, status: PairStatus, now: datetime) -> Iterator[Told]:
    """What an alert tells of a delivery; of what the specs no longer sync, nothing.

    Args:
        alert: what is asked to be told.
        status: how the delivery stands.
        now: naive, in UTC.
    """
    if not status.in_specs:
        return

    def told(occasion: Occasion, what: str) -> Told:
        return Told(status.audience, status.destination, occasion, f"{status.name} {what}", status.run_id)

    why = f": {status.reason}" if status.reason else ""
    if "failure" in alert.on and status.failed:
        yield told("failure", f"failed{why}")
    if "blocked" in alert.on and status.status == "blocked":
        yield told("blocked", f"was held back by a guard{why}")
    if alert.stale_after is not None and status.is_stale(alert.stale_after, now):
        yield told("stale", f"is stale: {status.silence(now)}")
    if alert.size_change is not None and status.members is not None and status.size_before:
        change = (status.members - status.size_before) / status.size_before
        if abs(change) > alert.size_change:
            sizes = f"from {status.size_before:,} to {status.members:,} members"
            yield told("size_change", f"changed its size by {change:+.0%}, {sizes}")


def send_alerts(
    alerts: Mapping[str, Sequence[Alert]],
    statuses: Iterable[PairStatus],
    now: datetime,
    complain: Callable[[str], None],
) -> None:
    """Send what there is to tell, one message an address.

    Args:
        alerts: by destination.
        statuses: how deliveries stand.
        now: naive, in UTC.
        complain: called with a sentence for every message that cannot be sent.
    """
    messages: dict[tuple[str, str], dict[Told, None]] = {}
    for status in statuses:
        for alert in alerts.get(status.destination, ()):
            for told in occasions(alert, status, now):
                messages.setdefault((alert.type, alert.url), {})[told] = None
    for (kind, url), each in messages.items():
        try:
            _post(kind, url, list(each), now)
        except MusterError as error:
            destinations = ", ".join(sorted({told.destination for told in each}))
            complain(f"An alert ({kind}, of {destinations}) could not be sent: {error}")


def address(template: str) -> str:
    """Where an alert goes.

    Args:
        template: as it is written.

    Raises:
        MusterError: a variable is not set, or what comes out is no address that may be called.
    """
    try:
        url = str(render_settings(template))
    except SettingsError as error:
        raise MusterError(str(error)) from None
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise MusterError("its address has to start with https:// (http:// is for localhost alone).")
    return url


def _post(kind: str, template: str, told: Sequence[Told], now: datetime) -> None:
    url = address(template)
    body = _slack(told) if kind == "slack" else _plain(told, now)
    try:
        answer = httpx.post(url, json=body, timeout=_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise MusterError(f"{type(error).__name__}.") from None
    if not answer.is_success:
        raise MusterError(f"the answer was {answer.status_code}.")


def _slack(told: Sequence[Told]) -> dict[str, object]:
    """What Slack's incoming webhooks take (docs.slack.dev, "Sending messages using incoming webhooks").

    `&`, `<` and `>` are written as entities, as its "Formatting message text" asks for.
    """
    lines = "\n".join(f"• {each.message}" for each in told)
    return {
        "text": f"muster\n{lines}".replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
    }


def _plain(told: Sequence[Told], now: datetime) -> dict[str, object]:
    return {
        "type": "muster.alert",
        "timestamp": f"{now.isoformat(timespec='seconds')}Z",
        "alerts": [asdict(each) for each in told],
    }
