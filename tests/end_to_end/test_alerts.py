"""Alerts of `muster sync` and `muster status`: what is told to whom, and that none stops a sync."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from dbt_muster.errors import MusterError
from tests.canaries import CANARIES
from tests.end_to_end.commands import Run
from tests.end_to_end.shop import Shop
from tests.servers.local_http import LocalServer

SECRET_PATH = "services/T000/canary-address"  # noqa: S105 - planted to be looked for


class Channel:
    """Takes messages while its `with` block lasts, and answers with `status`."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.status = 200
        channel = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                CANARIES.look(body.decode(), "an alert")
                channel.messages.append(json.loads(body))
                self.send_response(channel.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self._server = LocalServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/{SECRET_PATH}"

    def __enter__(self) -> Channel:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Iterator[Channel]:
    CANARIES.plant(SECRET_PATH)
    with Channel() as made:
        monkeypatch.setenv("ALERTS_URL", made.url)
        yield made


def alert(shop: Shop, more: str, kind: str = "slack") -> None:
    path = shop.folder / "audience_specs/destinations.yml"
    path.write_text(
        f"{path.read_text()}alerts:\n  - {{type: {kind}, url: \"{{{{ env_var('ALERTS_URL') }}}}\"{more}}}\n"
    )


def test_what_goes_well_is_told_to_nobody(run: Run, shop: Shop, channel: Channel) -> None:
    alert(shop, ", stale_after: 24 hours, size_change: 50%")
    assert run("sync").exit_code == 0
    assert run("status", "--alert").exit_code == 0
    assert channel.messages == []


def test_a_failure_is_told_in_slacks_form(
    run: Run, shop: Shop, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert(shop, "")
    monkeypatch.setenv("CRM_URL", "http://127.0.0.1:9/")
    assert run("sync").exit_code == 1
    (message,) = channel.messages
    assert list(message) == ["text"]
    assert message["text"].startswith("muster\n• fans:crm failed: ")


def test_the_projects_alerts_tell_of_every_destination_in_one_message_but_of_those_that_want_none(
    run: Run, shop: Shop, channel: Channel
) -> None:
    folder = shop.folder / "audience_specs"
    url = "\"{{ env_var('ALERTS_URL') }}\""
    (folder / "alerts.yml").write_text(f"alerts: [{{type: webhook, url: {url}, stale_after: 1 minute}}]\n")
    assert run("status", "--alert").exit_code == 0
    (message,) = channel.messages
    assert [each["destination"] for each in message["alerts"]] == ["crm", "exports"]
    destinations = folder / "destinations.yml"
    destinations.write_text(destinations.read_text() + "alerts: []\n")
    assert run("status", "--alert").exit_code == 0
    assert [each["destination"] for each in channel.messages[-1]["alerts"]] == ["exports"]


def test_a_block_is_told_and_a_dry_run_tells_nothing(run: Run, shop: Shop, channel: Channel) -> None:
    path = shop.folder / "audience_specs/destinations.yml"
    path.write_text(path.read_text() + "guard: {smallest_audience: 100000}\n")
    alert(shop, ", on: [blocked]", kind="webhook")
    assert run("sync", "--dry-run").exit_code == 3
    assert channel.messages == []
    report = json.loads(run("sync", "--output", "json").stdout)
    (message,) = channel.messages
    assert message["type"] == "muster.alert"
    (told,) = message["alerts"]
    assert (told["audience"], told["destination"], told["occasion"]) == ("fans", "crm", "blocked")
    assert told["run_id"] in {pair["run_id"] for pair in report["pairs"]}
    assert "smallest_audience is 100,000" in told["message"]


def test_only_what_is_asked_for_is_told(
    run: Run, shop: Shop, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert(shop, ", on: [blocked]")
    monkeypatch.setenv("CRM_URL", "http://127.0.0.1:9/")
    assert run("sync").exit_code == 1
    assert channel.messages == []


def test_an_audience_that_changed_its_size_is_told_although_it_was_delivered(
    run: Run, shop: Shop, channel: Channel
) -> None:
    alert(shop, ", size_change: 50%")
    assert run("sync").exit_code == 0
    before = len(shop.members)
    shop.members = set(sorted(shop.members)[:5])
    shop.write()
    assert run("sync").exit_code == 0
    (message,) = channel.messages
    assert f"from {before} to 5 members" in message["text"]


def test_of_what_the_specs_no_longer_sync_nothing_is_told(run: Run, shop: Shop, channel: Channel) -> None:
    assert run("sync").exit_code == 0
    shop.members = set(sorted(shop.members)[:5])
    shop.write()
    assert run("sync").exit_code == 0
    alert(shop, ", size_change: 50%")
    fans = shop.folder / "audience_specs/audiences/fans.yml"
    fans.write_text(fans.read_text().replace("  - {to: crm}\n", ""))
    assert run("status", "--alert").exit_code == 0
    assert channel.messages == []


def test_what_is_stale_is_told_by_the_status(run: Run, shop: Shop, channel: Channel) -> None:
    alert(shop, ", stale_after: 1 minute")
    assert run("status").exit_code == 0
    assert channel.messages == []
    assert run("status", "--alert").exit_code == 0
    assert "fans:crm is stale: nothing has ever gone through" in channel.messages[0]["text"]


def test_a_warehouse_that_cannot_be_reached_is_told(run: Run, shop: Shop, channel: Channel) -> None:
    alert(shop, "")
    (shop.folder / "warehouse.duckdb").write_text("not a database")
    result = run("sync")
    assert isinstance(result.exception, MusterError)
    assert "fans:crm failed: The warehouse (duckdb) cannot be reached" in channel.messages[0]["text"]


@pytest.mark.parametrize("broken", ["status", "address", "variable", "scheme"])
def test_an_alert_that_cannot_be_sent_is_said_and_the_sync_ends_as_it_would(
    broken: str, run: Run, shop: Shop, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert(shop, ", stale_after: 1 minute, size_change: 0%")
    assert run("sync").exit_code == 0
    shop.members = set(sorted(shop.members)[:5])
    shop.write()
    channel.status = 500
    if broken == "address":
        monkeypatch.setenv("ALERTS_URL", f"http://127.0.0.1:9/{SECRET_PATH}")
    elif broken == "variable":
        monkeypatch.delenv("ALERTS_URL")
    elif broken == "scheme":
        monkeypatch.setenv("ALERTS_URL", f"http://example.com/{SECRET_PATH}")
    result = run("sync")
    assert result.exit_code == 0
    assert "An alert (slack, of crm) could not be sent" in result.stderr
    assert SECRET_PATH not in result.output + result.stderr


def test_an_alert_whose_variable_is_not_set_is_said_though_there_is_nothing_to_tell(
    run: Run, shop: Shop, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert(shop, "")
    monkeypatch.delenv("ALERTS_URL")
    for arguments in (["--dry-run"], []):
        result = run("sync", *arguments)
        assert result.exit_code == 0
        assert "of crm) could not be sent: The environment variable ALERTS_URL is not set" in result.stderr


def test_one_address_of_many_destinations_is_complained_about_once(
    run: Run, shop: Shop, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop.folder / "audience_specs/alerts.yml"
    path.write_text("alerts:\n  - {type: slack, url: \"{{ env_var('ALERTS_URL') }}\"}\n")
    monkeypatch.delenv("ALERTS_URL")
    complaints = run("sync", "--dry-run").stderr.splitlines()
    assert [line.partition(":")[0] for line in complaints] == [
        "An alert (slack, of crm, exports) could not be sent"
    ]
