"""Regular expressions: what every warehouse reads alike, and how the rest is rewritten or refused."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbt_muster.specs.patterns import PatternError, portable


@pytest.mark.parametrize(
    "pattern",
    [
        "^GB$",
        "a+b*c?",
        "(a|b)+",
        "[a-z0-9_.-]{2,5}",
        "[^,]",
        r"\.",
        r"\\",
        r"\$",
        "é|ß",
        "a{3}",
        "a{3,}",
        r"[\]]",
    ],
)
def test_what_every_warehouse_reads_alike_stays_as_it_is(pattern: str) -> None:
    assert portable(pattern) == pattern


@pytest.mark.parametrize(
    ("pattern", "rewritten"),
    [
        (r"\d+", "[0-9]+"),
        (r"\D", "[^0-9]"),
        ("a.", r"a[^\n]"),
        (r"\w", "[A-Za-z0-9_]"),
        (r"[\d.]", "[0-9.]"),
        (r"(?:a|b)", "(a|b)"),
        ("a*?b+?", "a*b+"),
        ("a{2,3}?", "a{2,3}"),
    ],
)
def test_what_could_be_read_alike_is_rewritten(pattern: str, rewritten: str) -> None:
    assert portable(pattern) == rewritten


@pytest.mark.parametrize(
    "pattern",
    [
        "", "(", ")", "[", "]", "a)", "(a", "[a", "a{", "a}", "*a", "a**", "a*+", "a{2}{3}", "a{1,256}",
        "a{3,2}", "a||b", "|a", "a|", "()", "(|a)", "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?i)a",
        "(?P<n>a)", "(?<n>a)", r"(a)\1", r"\b", r"\B", r"\A", r"\Z", r"\p{L}", r"\x41", r"\u0041", "a\\",
        "[[:alpha:]]", "[a&&b]", "[a[b]]", r"[\D]", "[z-a]",
    ],
)  # fmt: skip
def test_what_some_warehouse_reads_otherwise_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        portable(pattern)


@given(
    st.text(alphabet="ab01 .-_\\dDwsS[]^()|*+?{},$", max_size=12), st.text(alphabet="ab01 ._-", max_size=8)
)
def test_a_rewritten_pattern_finds_what_the_pattern_finds(pattern: str, text: str) -> None:
    try:
        rewritten = portable(pattern)
    except PatternError:
        return
    found = re.search(pattern, text, re.ASCII)
    assert (re.search(rewritten, text) is None) == (found is None)


@given(st.text(max_size=30))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    with suppress(PatternError):
        re.compile(portable(text))
