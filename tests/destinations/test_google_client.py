"""Calls through an official client of Google's: what becomes a method, what an answer, and what an error."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dbt_muster.destinations import StoppedError, UnknownOutcomeError
from dbt_muster.destinations.google_client import method_of
from dbt_muster.errors import UsageError
from tests.destinations.standins import google_grpc
from tests.destinations.standins.base import Answer
from tests.destinations.standins.google_data_manager import GoogleDataManagerStandIn
from tests.destinations.trying import AUDIENCE, adding, opened, run_of, send, standing_in

PACKAGE = "google.ads.datamanager_v1"
_PARENT = "accountTypes/GOOGLE_ADS/accounts/1"
_LISTS = f"{_PARENT}/userLists"


@pytest.fixture
def google() -> Iterator[GoogleDataManagerStandIn]:
    with standing_in(GoogleDataManagerStandIn) as stand_in:
        yield stand_in


# --- methods -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "path", "fields", "method", "asked"),
    [
        ("POST", "/v1/audienceMembers:ingest", {"a": 1}, "ingest_audience_members", {"a": 1}),
        ("POST", "/v1/audienceMembers:removeAll", {}, "remove_all_audience_members", {}),
        (
            "GET",
            "/v1/requestStatus:retrieve",
            {"request_id": "1"},
            "retrieve_request_status",
            {"request_id": "1"},
        ),
        ("GET", f"/v1/{_LISTS}", {"filter": "x"}, "list_user_lists", {"parent": _PARENT, "filter": "x"}),
        (
            "POST",
            f"/v1/{_LISTS}",
            {"a": 1},
            "create_user_list",
            {"parent": _LISTS[:-10], "user_list": {"a": 1}},
        ),
        ("GET", f"/v1/{_LISTS}/7", {}, "get_user_list", {"name": f"{_LISTS}/7"}),
        ("DELETE", f"/v1/{_LISTS}/7", {}, "delete_user_list", {"name": f"{_LISTS}/7"}),
        (
            "PATCH",
            f"/v1/{_LISTS}/7",
            {"a": 1, "b_c_d": 2},
            "update_user_list",
            {"user_list": {"a": 1, "b_c_d": 2, "name": f"{_LISTS}/7"}, "update_mask": "a,bCD"},
        ),
    ],
)
def test_a_call_by_http_is_the_method_that_the_client_has_for_it(
    verb: str, path: str, fields: dict[str, Any], method: str, asked: dict[str, Any]
) -> None:
    assert method_of(verb, path, fields) == (method, asked)


# --- answers -------------------------------------------------------------------------------------------


def test_lists_that_come_in_pages_are_read_to_the_end(google: GoogleDataManagerStandIn) -> None:
    pages = [Answer(200, {"nextPageToken": "2"}), Answer(200, {"userLists": [{"id": "7"}, {"id": "8"}]})]
    google.faults = [lambda _, call: pages.pop(0) if call.path.endswith("/userLists") else None]
    assert opened(google).look_up(AUDIENCE) is None
    assert pages == []


def test_a_wait_that_google_asks_for_is_kept(
    google: GoogleDataManagerStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waited.append)
    busy = google.throttled()
    wait = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2.5s"}
    busy.body["error"]["details"].append(wait)
    answers = [busy]
    google.faults = [lambda _, call: answers.pop() if answers and call.path != "/token" else None]
    opened(google, retry={"first_wait": 0, "longest_wait": 60}).look_up(AUDIENCE)
    assert waited[0] == 3


def test_nobody_is_written_down_at_the_most_talkative_level(
    google: GoogleDataManagerStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("google", "google.ads", PACKAGE):
        caplog.set_level(logging.DEBUG, name)
    destination = opened(google)
    run = run_of(destination, destination.ensure(AUDIENCE, None))
    logging.getLogger(PACKAGE).addHandler(caplog.handler)
    try:
        send(destination, run, [adding(email="0" * 64)])
    finally:
        logging.getLogger(PACKAGE).removeHandler(caplog.handler)
    assert "0" * 64 not in str([vars(record) for record in caplog.records])


# --- connections ---------------------------------------------------------------------------------------


def _certificate() -> tuple[bytes, bytes]:
    """A key and a certificate for this machine, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private, made.public_bytes(pem)


def test_a_connection_is_encrypted_and_the_other_side_has_to_be_trusted(
    google: GoogleDataManagerStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = _certificate()
    trusting = grpc.ssl_channel_credentials
    with google_grpc.serving(google, grpc.ssl_server_credentials([(key, certificate)])) as url:
        strict = opened(google, url=url, retry={"attempts": 1})
        with pytest.raises(StoppedError, match="no connection"):
            strict.look_up(AUDIENCE)
        monkeypatch.setattr(grpc, "ssl_channel_credentials", lambda: trusting(certificate))
        assert opened(google, url=url).look_up(AUDIENCE) is None


# --- what goes wrong on the way ------------------------------------------------------------------------


@contextmanager
def _cut_off_after(received: int, url: str) -> Iterator[str]:
    """The way to an address; each connection on it ends as soon as it has carried so many bytes there."""
    parts = urlsplit(url)
    listener = socket.create_server(("127.0.0.1", 0))

    def forward(caller: socket.socket) -> None:
        with caller, socket.create_connection((str(parts.hostname), int(parts.port or 0))) as server:
            back = threading.Thread(target=_copy, args=(server, caller, None), daemon=True)
            back.start()
            _copy(caller, server, received)
            for each in (caller, server):
                each.shutdown(socket.SHUT_RDWR)
            back.join()

    def accept() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=forward, args=(caller,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _copy(source: socket.socket, target: socket.socket, most: int | None) -> None:
    carried = 0
    try:
        while (most is None or carried < most) and (content := source.recv(65_536)):
            carried += len(content)
            target.sendall(content)
    except OSError:
        return


def test_a_connection_that_ends_in_the_midst_of_a_call_leaves_it_in_doubt(
    google: GoogleDataManagerStandIn,
) -> None:
    straight = opened(google)
    run = run_of(straight, straight.ensure(AUDIENCE, None))
    with _cut_off_after(20_000, google.url) as url:
        destination = opened(google, url=url)
        many = [adding(email=f"{number:064x}") for number in range(1_000)]
        with pytest.raises(UnknownOutcomeError, match="gave no good answer in 5 attempts"):
            send(destination, run, many)


def test_where_nobody_answers_nothing_was_sent_and_that_is_known(google: GoogleDataManagerStandIn) -> None:
    straight = opened(google)
    run = run_of(straight, straight.ensure(AUDIENCE, None))
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    destination = opened(google, url=f"http://127.0.0.1:{port}")
    with pytest.raises(StoppedError, match="no connection") as caught:
        send(destination, run, [adding(email="0" * 64)])
    assert not isinstance(caught.value, UnknownOutcomeError)


def test_an_answer_that_takes_too_long_leaves_the_call_in_doubt(google: GoogleDataManagerStandIn) -> None:
    straight = opened(google)
    run = run_of(straight, straight.ensure(AUDIENCE, None))
    ends = threading.Event()

    def slow(_stand_in: object, call: Any) -> None:
        if call.path.endswith(":ingest"):
            google.lock.release()
            ends.wait(5)
            google.lock.acquire()

    google.faults = [slow]
    destination = opened(google, timeout=0.2, retry={"attempts": 1})
    with pytest.raises(UnknownOutcomeError, match=r"no answer \(ReadTimeout\)"):
        send(destination, run, [adding(email="0" * 64)])
    ends.set()


# --- what is needed ------------------------------------------------------------------------------------


def test_without_the_client_the_error_says_how_to_get_it(
    google: GoogleDataManagerStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dbt_muster.destinations.google_client.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'dbt-muster\[google\]'"):
        opened(google)


def test_an_address_with_a_path_is_refused(google: GoogleDataManagerStandIn) -> None:
    with pytest.raises(UsageError, match="takes no path in `url`"):
        opened(google, url=f"{google.url}/v2")


def test_what_the_definition_does_not_have_is_a_violation() -> None:
    broken = GoogleDataManagerStandIn()
    unknown = bytes([0xFA, 0x7F, 0x01, 0x41])
    google_grpc.read(broken, "ListUserListsRequest", unknown)
    assert broken.violations == ["ListUserListsRequest has fields that are not in the definition"]
