"""Klaviyo's profiles: a member as one, lists of them page by page, and which of them an import refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from dbt_muster.destinations.authoring.answers import plain_words
from dbt_muster.destinations.authoring.calls import Api, Record
from dbt_muster.destinations.authoring.facts import Linked

FIELDS = {"external_id": "external_id", "email": "email", "phone": "phone_number"}
"""Identifiers, by their names in entities.yml, and what a profile calls them."""


PROFILES = Linked("data", params={"page[size]": 100}, link="links.next", only="page[cursor]")
"""How profiles are listed, and what an import refused."""


def attributes(record: Record) -> dict[str, str]:
    """A member as the attributes of a profile, which has one of each."""
    pairs = ((field, record.value(name)) for name, field in FIELDS.items())
    return {field: value for field, value in pairs if value is not None}


def refused_by(api: Api, job: str, records: Sequence[Record], *, whole: bool) -> dict[int, str]:
    """The records that an import refused, found by what the error repeats of them, or else by their place."""
    places = {
        (field, value.lower()): place
        for place, record in enumerate(records)
        for field, value in attributes(record).items()
    }
    refused = {}
    path = f"/api/profile-bulk-import-jobs/{job}/import-errors"
    for error in PROFILES.read(lambda params: api.call("GET", path, params=params)):
        said = error["attributes"]
        place = next((places[pair] for pair in _pairs(said.get("original_payload")) if pair in places), None)
        pointed = re.search(r"/profiles/data/(\d+)", said["source"].get("pointer") or "")
        if place is None and whole and pointed and int(pointed[1]) < len(records):
            place = int(pointed[1])
        if place is not None:
            refused[place] = plain_words(f"{said['title']} {said['detail']}")
    return refused


def _pairs(payload: Any) -> Iterator[tuple[str, str]]:
    """Every identifier in a payload, however deep."""
    if isinstance(payload, dict):
        for key, value in payload.items():
            if key in FIELDS.values() and isinstance(value, str):
                yield key, value.lower()
            yield from _pairs(value)
    elif isinstance(payload, list):
        for value in payload:
            yield from _pairs(value)
