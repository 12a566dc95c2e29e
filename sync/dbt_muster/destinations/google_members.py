"""Members as Google's Data Manager API takes them: `userData` with several identifiers each.

Fields as in google-ads-datamanager 0.9.4 (UserData, UserIdentifier, AddressInfo); what an address needs is in
the developer guide ("Format user data"), and the most identifiers in "Limits and quotas".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dbt_muster.destinations.authoring.calls import Record
from dbt_muster.destinations.authoring.facts import Form

# Identifiers that a member may have.
_MOST = 10


class Member(NamedTuple):
    """A member of a request.

    Attributes:
        owner: the record's place, from 0.
        data: `userData`.
    """

    owner: int
    data: dict[str, Any]


def members_of(records: Sequence[Record], forms: Mapping[str, Form]) -> list[Member]:
    """Records as members.

    One with more identifiers than a member may have becomes several; one with nothing to match on none.

    Args:
        records: a batch.
        forms: the identifiers. What leads to a person by itself is a contact, and all others make an address;
            one that lacks any of its parts is not taken ("Format user data").
    """
    contacts = [(name, form.called) for name, form in forms.items() if form.alone]
    parts = {name: form.called for name, form in forms.items() if not form.alone}
    # Most syncs send no addresses. That is seen once: what costs time here costs it two million times.
    addressed = all(any(record.identifiers.get(name) for record in records) for name in parts)
    return [
        Member(owner, {"userIdentifiers": found[start : start + _MOST]})
        for owner, record in enumerate(records)
        if (found := _identifiers(record, contacts, parts if addressed else {}))
        for start in range(0, len(found), _MOST)
    ]


def _identifiers(
    record: Record, contacts: Sequence[tuple[str, str]], parts: Mapping[str, str]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name, field in contacts:
        value = record.identifiers.get(name)
        if isinstance(value, str):
            found.append({field: value})
        elif value:
            found += [{field: each} for each in value]
    if parts and all(map(record.value, parts)):
        found.append({"address": {field: record.value(name) for name, field in parts.items()}})
    return found
