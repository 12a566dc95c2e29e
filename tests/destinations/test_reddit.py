"""What is Reddit's own: rows that all have the same columns."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from dbt_muster.destinations.reddit import _tables
from tests.destinations.opened import AUDIENCE, opened, record, send
from tests.destinations.standins.reddit import RedditStandIn

EMAILS = [hashlib.sha256(f"{number}@example.com".encode()).hexdigest() for number in range(4)]
DEVICES = [hashlib.sha256(f"device {number}".encode()).hexdigest() for number in range(4)]


def test_people_with_and_without_a_device_go_in_calls_of_their_own() -> None:
    with RedditStandIn().running() as reddit:
        destination = opened(reddit)
        own = destination.ensure(AUDIENCE, None)
        people = [
            record("add", "1", email=EMAILS[0], mobile_advertising_id=DEVICES[0]),
            record("add", "2", email=EMAILS[1], mobile_advertising_id=None),
            record("add", "3", email=None, mobile_advertising_id=DEVICES[2]),
        ]
        send(destination, own, *people)
        columns = [tuple(call.json["data"]["column_order"]) for call in reddit.calls if reddit.is_write(call)]
        assert sorted(columns) == [("EMAIL_SHA256",), ("EMAIL_SHA256", "MAID_SHA256"), ("MAID_SHA256",)]
        assert len(reddit.held(own)) == 4
        assert reddit.violations == []


values = st.one_of(st.none(), st.lists(st.sampled_from("abcdef"), max_size=3))


@given(st.lists(st.tuples(values, values), max_size=20))
def test_every_identifier_is_in_one_cell_under_its_column(people: list[tuple[list[str], list[str]]]) -> None:
    records = [
        record("add", str(place), email=emails, mobile_advertising_id=devices)
        for place, (emails, devices) in enumerate(people)
    ]
    cells = []
    for columns, rows in _tables(records):
        assert all(len(row) == len(columns) for row in rows)
        cells += [(column, cell) for row in rows for column, cell in zip(columns, row, strict=True)]
    expected = [("EMAIL_SHA256", email) for emails, _ in people for email in emails or ()]
    expected += [("MAID_SHA256", device) for _, devices in people for device in devices or ()]
    assert sorted(cells) == sorted(expected)


def test_an_audience_on_a_later_page_is_found() -> None:
    with RedditStandIn().running() as reddit:
        assert isinstance(reddit, RedditStandIn)
        for number in range(5):
            reddit.members[str(number)], reddit.names[str(number)] = set(), f"Other {number}"
        destination = opened(reddit)
        own = destination.ensure(AUDIENCE, None)
        assert destination.ensure(AUDIENCE, None) == own
