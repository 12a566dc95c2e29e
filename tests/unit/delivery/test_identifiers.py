"""Identifiers as SQL normalises them, against plain Python, published vectors and Google's own library."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import re
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbt_muster.delivery.phones import country_numbers
from dbt_muster.errors import UsageError
from dbt_muster.render.renderer import RenderError
from tests.oracle.identifiers import RULES, refusal, sent, sha256
from tests.oracle.strategies.identifiers import TEXT_RULES, values
from tests.unit.delivery.kit import MemoryWarehouse, renderer
from tests.unit.delivery.rules import identifier, question

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


def answers(
    rule: str, *asked: str | None, country: str | None = None, hashed: bool = False
) -> list[tuple[str | None, str | None, str | None]]:
    """The normal form of each value, what is sent of it, and why it is not."""
    told = identifier(rule, country=country, hashed=hashed)
    rows = "select unnest(range(len($1))) as place, unnest($1) as raw_value"
    sql = question(renderer(), rows, told)
    return [row[1:] for row in WAREHOUSE.connection.execute(sql, [list(asked)]).fetchall()]


def normalised(value: str, rule: str, *, country: str | None = None) -> str | None:
    """One value's normal form."""
    ((normal, _, _),) = answers(rule, value, country=country)
    return normal


@pytest.mark.parametrize("rule", TEXT_RULES)
@given(asked=st.lists(values(), min_size=8, max_size=8))
@settings(max_examples=25, deadline=None)
def test_a_rule_writes_what_its_platform_asks_for_and_says_why_it_cannot(rule: str, asked: list[str]) -> None:
    found = answers(rule, *asked)
    expected = []
    for value in asked:
        normal = sent(rule, value)
        expected.append((normal, None if normal is None else sha256(normal), refusal(rule, value)))
    assert list(zip(asked, found, strict=True)) == list(zip(asked, expected, strict=True))


@pytest.mark.parametrize("rule", sorted(RULES))
def test_what_is_missing_stays_missing_and_is_refused_for_no_reason(rule: str) -> None:
    assert answers(rule, None, country="GB" if rule.startswith("phone") else None) == [(None, None, None)]


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_normal_form_is_its_own_normal_form(rule: str) -> None:
    given_values = [
        "Bo.b+x@gmail.com",
        "+447700900123",
        "José",
        "NY",
        "94025",
        "GB",
        "m",
        "1990-01-05",
        "ab" * 32,
    ]
    given_values += ["AEBE52E7-03EE-455A-B3C4-E57283966239"]
    country = "GB" if rule.startswith("phone") else None
    once = [normal for normal, _, _ in answers(rule, *given_values, country=country) if normal]
    assert once
    if rule != "phone_digits":
        assert [normal for normal, _, _ in answers(rule, *once, country=country)] == once


_PUBLISHED = Path(__file__).parents[2] / "oracle" / "identifier_vectors.csv"
VECTORS = list(csv.reader(_PUBLISHED.read_text(encoding="utf-8").splitlines()))[1:]
"""What platforms and their connectors publish: the rule, a value, its normal form and its hash."""


@pytest.mark.parametrize(("rule", "value", "normal", "hash_"), VECTORS)
def test_published_vectors_come_out(rule: str, value: str, normal: str, hash_: str) -> None:
    country = "US" if rule.startswith("phone") else None
    assert answers(rule, value, country=country) == [(normal, hash_, None)]
    if country is None:
        assert sent(rule, value) == normal
    assert sha256(normal) == hash_


@pytest.mark.parametrize("rule", ["email", "phone", "text", "name"])
def test_a_hash_is_taken_for_one_only_where_the_column_is_declared_so(rule: str) -> None:
    value = hashlib.sha256(b"x").hexdigest()
    assert answers(rule, value.upper(), hashed=True) == [(value, value, None)]
    short, spaced = answers(rule, value[1:], f" {value}", hashed=True)
    assert short == spaced == (None, None, "not_a_sha256")


def test_a_hash_in_a_column_that_is_not_declared_so_is_no_address_and_no_number() -> None:
    value = hashlib.sha256(b"x").hexdigest()
    assert answers("email", value) == [(None, None, "not_an_email")]
    assert answers("phone", value) == [(None, None, "not_a_phone_number")]


@pytest.mark.parametrize(
    ("value", "country", "reason"),
    [
        ("020 7946 0958", None, "no_country_code"),
        ("7946 0958 11", None, "no_country_code"),
        ("none", None, "not_a_phone_number"),
        ("0000", None, "not_a_phone_number"),
        ("+12", None, "not_a_phone_number"),
        ("020 7946 0958 11", "GB", "not_a_phone_number"),
        (" ", "GB", "empty"),
    ],
)
def test_a_phone_number_that_cannot_be_written_says_why(value: str, country: str | None, reason: str) -> None:
    assert answers("phone", value, country=country) == [(None, None, reason)]


def test_a_rule_that_there_is_not_is_an_error() -> None:
    with pytest.raises(RenderError, match="no rule 'emial'"):
        renderer().call("muster_identifier_step", identifier("emial"), "clean", "value")


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
    identifiers = [
        identifier("text") | {"name": name, "hash": False, "place": place}
        for place, name in enumerate("ab", 1)
    ]
    text = renderer().call("muster_sync_identifiers_text", identifiers)
    ((written,),) = WAREHOUSE.connection.execute(
        f"select {text} from (select ?::varchar as value_1, null::varchar as value_2)", [value]
    ).fetchall()
    assert json.loads(written, strict=False) == {"a": value, "b": None}
