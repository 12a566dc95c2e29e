"""Members as Google's Data Manager API takes them: `userData` with several identifiers each.

Fields as in google-ads-datamanager 0.9.4 (UserData, UserIdentifier, AddressInfo); what an address needs is in
the developer guide ("Format user data"), and the most identifiers in "Limits and quotas".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from dbt_muster.destinations.records import Record

# Identifiers that a member may have.
_MOST = 10

# Parts of an address; one that lacks any of them is not taken ("Format user data").
_ADDRESS = {
    "first_name": "givenName",
    "last_name": "familyName",
    "country": "regionCode",
    "postcode": "postalCode",
}


class Member(NamedTuple):
    """A member of a request.

    Attributes:
        owner: the record's place, from 0.
        data: `userData`.
    """

    owner: int
    data: dict[str, Any]


def members_of(records: Sequence[Record]) -> list[Member]:
    """Records as members.

    One with more identifiers than a member may have becomes several; one with nothing to match on none.
    """
    return [Member(owner, data) for owner, record in enumerate(records) for data in _data(record)]


def _data(record: Record) -> Iterator[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"emailAddress": value} for value in record.values("email")]
    found += [{"phoneNumber": value} for value in record.values("phone")]
    if all(map(record.value, _ADDRESS)):
        found.append({"address": {field: record.value(name) for name, field in _ADDRESS.items()}})
    for start in range(0, len(found), _MOST):
        yield {"userIdentifiers": found[start : start + _MOST]}
