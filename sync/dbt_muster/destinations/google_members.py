"""Members as Google's Data Manager API takes them: `userData` with several identifiers each.

Fields as in google-ads-datamanager 0.9.4 (UserData, UserIdentifier, AddressInfo); what an address needs is in
the developer guide ("Format user data"), and the most identifiers in "Limits and quotas".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from dbt_muster.destinations.authoring.calls import Record

# Identifiers that a member may have.
_MOST = 10

# What a person is reached by, and its field.
_CONTACTS = (("email", "emailAddress"), ("phone", "phoneNumber"))

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
    # Most syncs send no addresses. That is seen once: what costs time here costs it two million times.
    addressed = all(any(record.identifiers.get(name) for record in records) for name in _ADDRESS)
    return [
        Member(owner, data)
        for owner, record in enumerate(records)
        for data in _data(record, addressed=addressed)
    ]


def _data(record: Record, *, addressed: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name, field in _CONTACTS:
        value = record.identifiers.get(name)
        if isinstance(value, str):
            found.append({field: value})
        elif value:
            found += [{field: each} for each in value]
    if addressed and all(map(record.value, _ADDRESS)):
        found.append({"address": {field: record.value(name) for name, field in _ADDRESS.items()}})
    if len(found) <= _MOST:
        return [{"userIdentifiers": found}] if found else []
    return [{"userIdentifiers": found[start : start + _MOST]} for start in range(0, len(found), _MOST)]
