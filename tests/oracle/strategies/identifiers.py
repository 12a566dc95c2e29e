"""Values of identifiers as people write them, and as nobody should."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.oracle.identifiers import RULES

_LETTERS = "aB9zZ.+@-_'&()/\\\"éÉßñÅ東\x01\x1b\x1f\x7f\x9f\t \n\v\xa0\u2003\u200b"
_WHITE = st.text(" \x02\x1c\t\n\v\f\r\x85\xa0\u2003\u200b\u3000\ufeff", max_size=2)
_MAILBOXES = ["a", "Bo.b", "x+y", "A.b+c.d", "+x", "...", "é", "o'neil", "a b"]
_DOMAINS = [
    "gmail.com",
    "Gmail.com",
    "googlemail.com",
    "GMail.org",
    "Example.co.uk",
    "x",
    ".b",
    "b.",
    "mail.gmail.com",
]
_PLACES = [
    "CA",
    "california",
    "New York",
    "Québec",
    "São Paulo",
    "Île-de-France",
    "東京",
    "SW1A 1AA",
    "94025-3215",
    "940253215",
]
_DAYS = [
    "1990-01-05",
    "1990/1/5",
    "19900105",
    "2000-02-30",
    "2000-02-29 10:00:00+00",
    "2000-02-29T00:00Z",
    "1990",
    "05",
    "5",
    "31",
    "32",
    "january",
    "Feb",
    "0999-01-01",
]
_CODES = [
    "GB",
    "uk",
    "el",
    "xx",
    "us ",
    "USA",
    "m",
    "F",
    "Male",
    "other",
    "AEBE52E7-03EE-455A-B3C4-E57283966239",
    "00000000-0000-0000-0000-000000000000",
    "0-0",
    "a" * 64,
    "AB" * 32,
    "g" * 64,
]


def values() -> SearchStrategy[str]:
    """Values that fit some rule, nearly fit it, or fit none."""
    written = st.one_of(
        st.text(_LETTERS, max_size=12),
        st.builds("{}@{}".format, st.sampled_from(_MAILBOXES), st.sampled_from(_DOMAINS)),
        st.sampled_from([*_PLACES, *_DAYS, *_CODES]),
        st.dates().map(str),
        st.uuids().map(str),
        st.emails(),
    )
    return st.builds("{}{}{}".format, _WHITE, written, _WHITE)


TEXT_RULES = sorted(rule for rule in RULES if not rule.startswith("phone"))
"""The rules that any text can be asked about; of what is no phone number, libraries think differently."""
