"""What is Reddit's own: rows that all have the same columns."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from dbt_muster.destinations import Record
from dbt_muster.destinations.types.reddit import Reddit, _tables
from tests.destinations.standins.reddit import RedditStandIn
from tests.destinations.trying import AUDIENCE, opened, trying

EMAILS = [hashlib.sha256(f"{number}@example.com".encode()).hexdigest() for number in range(4)]
DEVICES = [hashlib.sha256(f"device {number}".encode()).hexdigest() for number in range(4)]


def test_people_with_and_without_a_device_go_in_calls_of_their_own() -> None:
    people: list[dict[str, str | None]] = [
        {"email": EMAILS[0], "mobile_advertising_id": DEVICES[0]},
        {"email": EMAILS[1], "mobile_advertising_id": None},
        {"email": None, "mobile_advertising_id": DEVICES[2]},
    ]
    with trying(RedditStandIn) as tried:
        tried.send("add", people)
        columns = [tuple(body["data"]["column_order"]) for body in tried.bodies("/users")]
        assert sorted(columns) == [("EMAIL_SHA256",), ("EMAIL_SHA256", "MAID_SHA256"), ("MAID_SHA256",)]
        assert len(tried.held()) == 4


values = st.one_of(st.none(), st.lists(st.sampled_from("abcdef"), max_size=3))


@given(st.lists(st.tuples(values, values), max_size=20))
def test_every_identifier_is_in_one_cell_under_its_column(
    people: list[tuple[list[str] | None, list[str] | None]],
) -> None:
    records = [
        Record("add", str(place), {"email": emails, "mobile_advertising_id": devices})
        for place, (emails, devices) in enumerate(people)
    ]
    cells = []
    for columns, rows in _tables(records, Reddit.capabilities.called):
        assert all(len(row) == len(columns) for row in rows)
        cells += [(column, cell) for row in rows for column, cell in zip(columns, row, strict=True)]
    expected = [("EMAIL_SHA256", email) for emails, _ in people for email in emails or ()]
    expected += [("MAID_SHA256", device) for _, devices in people for device in devices or ()]
    assert sorted(cells) == sorted(expected)


def test_an_audience_on_a_later_page_is_found() -> None:
    at = RedditStandIn()
    for number in range(5):
        at.members[str(number)], at.names[str(number)] = set(), f"Other {number}"
    with at.running():
        own = opened(at).ensure(AUDIENCE, None)
        assert opened(at).ensure(AUDIENCE, None) == own
        assert len(at.audience_ids()) == 6
