"""Identifiers as SQL normalises them, against plain Python and Google's own library."""

from __future__ import annotations

import hashlib
import json
import random
import re
from typing import Any

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbt_muster.delivery.phones import country_numbers
from dbt_muster.errors import UsageError
from tests.unit.delivery.kit import MemoryWarehouse, renderer

WAREHOUSE = MemoryWarehouse()
COUNTRIES = [
    "GB",
    "IE",
    "US",
    "CA",
    "DE",
    "FR",
    "IT",
    "ES",
    "NL",
    "RU",
    "HU",
    "IN",
    "AU",
    "JP",
    "ZA",
    "PL",
    "SE",
]


def normalised(
    value: str | None, kind: str, *, hashed: bool = False, country: str | None = None
) -> str | None:
    """One value taken through the three steps that a sync takes it through."""
    identifier = {
        "name": "it",
        "kind": kind,
        "hash": hashed,
        "country": country_numbers(country) if country else None,
    }
    cleaned = renderer().call("muster_sync_cleaned", identifier, "value")
    second = renderer().call("muster_sync_normalised", identifier, "value")
    third = renderer().call("muster_sync_sent", identifier, "value")
    sql = (
        f"select {third} from (select {second} as value from (select {cleaned} as value from "
        "(select ?::varchar as value)))"
    )
    ((result,),) = WAREHOUSE.connection.execute(sql, [value]).fetchall()
    return None if result is None else str(result)


def email_in_python(value: str) -> str | None:
    bare = value.strip(" \t\n\r\f").lower()
    return bare if re.fullmatch(r"[^@ \t\n\r\f]+@[^@ \t\n\r\f]+\.[^@ \t\n\r\f]+", bare) else None


@given(st.text("aB9.+@ \t\n-_é", max_size=12) | st.emails())
@settings(max_examples=60, deadline=None)
def test_an_e_mail_address_is_trimmed_and_lower_case_or_not_usable(value: str) -> None:
    assert normalised(value, "email") == email_in_python(value)


@pytest.mark.parametrize(
    ("value", "sha256"),
    [
        ("  Test@Example.COM ", "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"),
        (" Person@Example.com ", "542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345"),
        (" Test@Contoso.com ", "f25ad364d33972379a7a4f4df33db142205f5c40eb19cfdb2fc5aaf117e10101"),
    ],
)
def test_hashes_of_e_mail_addresses_are_those_that_platforms_publish(value: str, sha256: str) -> None:
    assert normalised(value, "email", hashed=True) == sha256


def test_hashes_of_phone_numbers_are_those_that_platforms_publish() -> None:
    google = "fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30"
    assert normalised("1 800 555 0100", "phone", hashed=True, country="US") == google


def test_what_is_a_hash_already_is_sent_as_it_is_where_hashes_are_sent_and_nowhere_else() -> None:
    value = hashlib.sha256(b"x").hexdigest()
    assert normalised(f" {value.upper()} ", "email", hashed=True) == value
    assert normalised(value.upper(), "phone", hashed=True) == value
    assert normalised(value, "email") is None
    assert normalised(value + "0", "email", hashed=True) is None


@pytest.mark.parametrize(
    ("value", "country", "expected"),
    [
        ("+44 20 7946 0958", None, "+442079460958"),
        ("0044 20 7946 0958", None, "+442079460958"),
        ("020 7946 0958", None, None),
        ("020 7946 0958", "GB", "+442079460958"),
        ("2079460958", "GB", "+442079460958"),
        ("44 20 7946 0958", "GB", "+442079460958"),
        ("+44 (0)20 7946 0958", "GB", "+442079460958"),
        ("+44 (0)20 7946 0958", None, "+442079460958"),
        ("+44 020 7946 0958", "GB", "+442079460958"),
        ("020 7946 0958 ext. 12", "GB", "+442079460958"),
        ("07700 900123", "GB", "+447700900123"),
        ("+1 (650) 555-1212", "GB", "+16505551212"),
        ("011 44 20 7946 0958", "US", "+442079460958"),
        ("1 650 555 1212", "US", "+16505551212"),
        ("(650) 555-1212", "US", "+16505551212"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("+39 (0)6 1234 5678", "IT", "+390612345678"),
        ("8 (495) 123-45-67", "RU", "+74951234567"),
        ("+0000000000", "GB", None),
        ("+123", None, None),
        ("+44 20 7946 0958 0000 0000", None, None),
        ("none", "GB", None),
        ("", "GB", None),
    ],
)
def test_a_phone_number_is_written_in_e164(value: str, country: str | None, expected: str | None) -> None:
    assert normalised(value, "phone", country=country) == expected


def writings(chance: random.Random, country: str) -> list[str]:
    """One of a country's example numbers, with some last digits changed, as people write it."""
    kinds = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
    number: Any = phonenumbers.example_number_for_type(country, chance.choice(kinds))
    digits = str(number.national_number)
    number.national_number = int(digits[:-2] + f"{chance.randint(0, 99):02}")
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    international = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return [national, international, e164, e164[1:], national.replace(" ", "-"), f" {national} "]


@pytest.mark.parametrize("country", COUNTRIES)
def test_phone_numbers_come_out_as_googles_library_has_them(country: str) -> None:
    chance = random.Random(country)  # noqa: S311 - tests repeat
    for _ in range(4):
        for written in writings(chance, country):
            parsed = phonenumbers.parse(written, country)
            expected = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
            assert normalised(written, "phone", country=country) == expected, (written, country)


@pytest.mark.parametrize("country", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_every_countrys_pattern_needs_nothing_that_a_warehouse_lacks(country: str) -> None:
    numbers = country_numbers(country)
    pattern = str(numbers["pattern"])
    assert re.fullmatch(r"[0-9\[\]{}(),|?-]+", pattern), pattern
    example: Any = phonenumbers.example_number(country)
    if example is not None:
        assert re.fullmatch(pattern, phonenumbers.national_significant_number(example))


def test_a_country_that_is_none_is_an_error() -> None:
    with pytest.raises(UsageError, match="two-letter"):
        country_numbers("XX")


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20))
@settings(max_examples=60, deadline=None)
def test_the_text_of_identifiers_is_json_of_exactly_the_values(value: str) -> None:
    identifiers = [{"name": name, "kind": "text", "hash": False} for name in ("a", "b")]
    text = renderer().call("muster_sync_identifiers_text", identifiers)
    ((written,),) = WAREHOUSE.connection.execute(
        f"select {text} from (select ?::varchar as a, null::varchar as b)", [value]
    ).fetchall()
    assert json.loads(written, strict=False) == {"a": value, "b": None}
