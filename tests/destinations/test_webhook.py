"""Batches by HTTP: bodies, signatures, retries, and what each answer means."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from dbt_muster.destinations import (
    Batch,
    Record,
    Refusal,
    RefusedError,
    Run,
    StoppedError,
    UnknownOutcomeError,
)
from dbt_muster.destinations.signatures import hub_sha256, standard_webhooks
from dbt_muster.destinations.types.webhook import Webhook, WebhookSettings
from tests.servers.local_http import LocalServer

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the specification's own test vector
RUN = Run("r1", "fans", "customer", 4, "delta", datetime(2026, 11, 23, 12), ("email",), batches=3)
BATCH = Batch(2, [Record("add", "1", {"email": "a@example.com"}), Record("remove", "2", {"email": None})])


@dataclass
class Server:
    """Answers as its list of answers says, the last one for ever, and keeps what it was sent."""

    url: str = ""
    answers: list[tuple[int, dict[str, str], str]] = field(default_factory=lambda: [(200, {}, "")])
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hang_up_first: int = 0


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            state.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if len(state.requests) <= state.hang_up_first:
                self.close_connection = True
                return
            place = min(len(state.requests) - 1 - state.hang_up_first, len(state.answers) - 1)
            status, headers, text = state.answers[place]
            self.send_response(status)
            for name, value in {"content-length": str(len(text.encode())), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            return

    http = LocalServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{http.server_port}/hook"
    threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
    yield state
    http.shutdown()
    http.server_close()


def webhook(server: Server, **settings: Any) -> Webhook:
    quick = {"url": server.url, "retry": {"attempts": 3, "first_wait": 0}}
    return Webhook("crm", WebhookSettings.model_validate({**quick, **settings}), root=Path())


def send(destination: Webhook) -> Any:
    with destination.deliver(RUN) as delivery:
        return delivery.send(BATCH)


def test_the_default_body_names_the_audience_the_run_and_each_record(server: Server) -> None:
    send(webhook(server))
    assert json.loads(server.requests[0][1]) == {
        "type": "audience.membership",
        "timestamp": "2026-11-23T12:00:00Z",
        "data": {
            "audience": {"key": "fans", "entity": "customer"},
            "sync": {"run_id": "r1", "sequence": 4, "batch": 2, "batches": 3, "mode": "delta"},
            "records": [
                {"action": "add", "key": "1", "identifiers": {"email": "a@example.com"}},
                {"action": "remove", "key": "2", "identifiers": {"email": None}},
            ],
        },
    }


def test_the_signature_is_that_of_the_specifications_own_vector() -> None:
    headers = standard_webhooks(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_give_two_signatures_while_keys_rotate() -> None:
    headers = standard_webhooks(f"{SECRET} {SECRET}", "id", 1, b"{}")
    assert len(headers["webhook-signature"].split(" ")) == 2


def test_the_bytes_that_are_sent_are_the_bytes_that_are_signed(server: Server) -> None:
    send(webhook(server, secret=SECRET))
    headers, body = server.requests[0]
    again = standard_webhooks(SECRET, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
    assert headers["webhook-signature"] == again["webhook-signature"]


def test_a_hub_signature_is_over_the_body_alone(server: Server) -> None:
    send(webhook(server, signature="hub-sha256", secret=SECRET))
    headers, body = server.requests[0]
    assert headers["x-hub-signature-256"] == hub_sha256(SECRET, body)["x-hub-signature-256"]


def test_a_secret_that_is_not_base64_is_refused_before_anything_is_sent(server: Server) -> None:
    with pytest.raises(ValidationError, match="whsec_<base64>"):
        webhook(server, secret=SECRET + "!")


def test_every_attempt_at_a_batch_carries_the_same_id(server: Server) -> None:
    server.answers = [(503, {}, ""), (429, {}, ""), (200, {}, "")]
    result = send(webhook(server))
    assert result.attempts == 3
    assert {headers["webhook-id"] for headers, _ in server.requests} == {"msg_r1_2"}


def test_retry_after_is_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    server.answers = [(429, {"retry-after": "7"}, ""), (503, {"retry-after": "9000"}, ""), (200, {}, "")]
    send(webhook(server, retry={"attempts": 3, "first_wait": 0, "longest_wait": 60}))
    assert waits == [7.0, 60.0]


@pytest.mark.parametrize(
    ("status", "kind", "attempts"),
    [
        (301, StoppedError, 1),
        (304, StoppedError, 1),
        (400, RefusedError, 3),
        (401, StoppedError, 1),
        (403, StoppedError, 1),
        (410, StoppedError, 1),
        (422, RefusedError, 3),
        (429, StoppedError, 3),
        (500, UnknownOutcomeError, 3),
        (503, UnknownOutcomeError, 3),
    ],
)
def test_each_answer_means_one_thing(
    server: Server, status: int, kind: type[Exception], attempts: int
) -> None:
    server.answers = [(status, {"location": "/elsewhere"}, "")]
    with pytest.raises(kind) as raised:
        send(webhook(server))
    assert type(raised.value) is kind
    assert len(server.requests) == attempts


def test_a_refusal_after_an_attempt_without_an_answer_leaves_the_outcome_unknown(server: Server) -> None:
    server.hang_up_first = 1
    server.answers = [(400, {}, "")]
    with pytest.raises(UnknownOutcomeError, match="no answer"):
        send(webhook(server))


def test_an_address_where_nobody_listens_is_known_not_to_have_taken_anything(server: Server) -> None:
    destination = webhook(server, url="http://127.0.0.1:9/", retry={"attempts": 2, "first_wait": 0})
    with pytest.raises(StoppedError, match="no connection"):
        send(destination)


def test_a_batch_that_is_refused_is_halved_to_the_record_at_fault(server: Server) -> None:
    server.answers = [(422, {}, ""), (200, {}, ""), (422, {}, "")]
    result = send(webhook(server))
    assert [refusal.index for refusal in result.refusals] == [1]
    assert "HTTP 422" in result.refusals[0].reason
    sent = [[record["key"] for record in json.loads(body)["data"]["records"]] for _, body in server.requests]
    assert sent == [["1", "2"], ["1"], ["2"]]
    assert len({headers["webhook-id"] for headers, _ in server.requests}) == 3


def test_records_that_the_receiver_refuses_one_by_one_are_told_apart(server: Server) -> None:
    answer = {
        "results": [
            {"index": 0, "status": "ok"},
            {"index": 1, "status": "error", "message": "who is a@b.c ?"},
        ]
    }
    server.answers = [(200, {"content-type": "application/json"}, json.dumps(answer))]
    assert send(webhook(server)).refusals == [Refusal(1, "who is … ?")]


@pytest.mark.parametrize("place", [9, -1, "second", None])
def test_an_error_that_names_no_record_is_found_by_halves(server: Server, place: object) -> None:
    error = json.dumps({"results": [{"index": place, "status": "error", "message": "odd"}]})
    server.answers = [(200, {}, error), (200, {}, ""), (200, {}, error)]
    assert send(webhook(server)).refusals == [Refusal(1, "odd")]


@pytest.mark.parametrize("answer", ["[]", "{", '{"results": 3}'])
def test_an_answer_of_another_shape_means_that_all_were_taken(server: Server, answer: str) -> None:
    server.answers = [(200, {"content-type": "application/json"}, answer)]
    assert send(webhook(server)).refusals == []


def test_a_template_makes_the_body_and_no_value_breaks_out_of_its_place(server: Server) -> None:
    body = (
        '{"list": {{ audience.key }}, "emails": ['
        "{% for record in records %}{% if not loop.first %},{% endif %}"
        "{{ record.identifiers.email }}{% endfor %}]}"
    )
    destination = webhook(server, body=body)
    hostile = 'x"], "admin": true, "y": ["'
    with destination.deliver(RUN) as delivery:
        delivery.send(Batch(1, [Record("add", "1", {"email": hostile}), Record("add", "2", {"email": None})]))
    assert json.loads(server.requests[0][1]) == {"list": "fans", "emails": [hostile, None]}


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('{"a": "{{ audience.key }}"}', "put no quotes"),
        ("{{ nothing }}", "undefined"),
        ("{{ audience.kee }}", "no attribute 'kee'"),
        ("{% for each in records %}{{ each.actoin }}{% endfor %}", "no attribute 'actoin'"),
        ("{{ audience.__class__ }}", "unsafe"),
    ],
)
def test_a_template_that_goes_wrong_says_how_before_anything_is_sent(
    server: Server, body: str, complaint: str
) -> None:
    with pytest.raises(ValidationError, match=complaint):
        webhook(server, body=body)
    assert server.requests == []


def test_a_template_may_reckon_with_identifiers_that_nobody_made_up_has(server: Server) -> None:
    body = "{% for each in records %}{{ each.identifiers.score / 2 > 3 }}{% endfor %}"
    assert webhook(server, body=body).name == "crm"


def test_headers_of_ones_own_are_sent_whole(server: Server) -> None:
    send(webhook(server, headers={"authorization": "Basic a:b:c", "x-from": "http://me:80"}))
    assert server.requests[0][0]["authorization"] == "Basic a:b:c"
    assert server.requests[0][0]["x-from"] == "http://me:80"


@pytest.mark.parametrize("value", ["Bearer ", "Bearer abc\n", "Bearer a\nb", "Bearer \u00e9"])
def test_a_header_that_cannot_be_written_stops_the_run_before_any_call(server: Server, value: str) -> None:
    with pytest.raises(StoppedError, match="the header 'authorization' cannot be written") as raised:
        send(webhook(server, headers={"authorization": value}))
    assert value.strip() not in str(raised.value)
    assert not server.requests


@pytest.mark.parametrize("url", ["http://example.com/", "ftp://example.com", "example.com", "https://"])
def test_an_address_that_is_not_safe_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        WebhookSettings(url=url)


def test_a_redirect_is_never_followed(server: Server) -> None:
    server.answers = [(307, {"location": server.url + "/2"}, ""), (200, {}, "")]
    with pytest.raises(StoppedError, match="redirects are not followed"):
        send(webhook(server))
