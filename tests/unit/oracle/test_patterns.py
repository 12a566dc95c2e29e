"""Patterns as the oracle reads them, worked out by hand."""

from __future__ import annotations

import pytest

from tests.oracle import patterns


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("b", "abc", True),
        ("^b", "abc", False),
        ("c$", "abc", True),
        ("c$", "abc\n", False),  # the end of the text, not of its last line
        ("a$|b", "a$", False),
        (r"a\$", "a$", True),
        ("[$]", "a$", True),
        ("^.$", "😀", True),
        ("a.b", "a\nb", False),
        (r"\d", "٣", False),  # a digit, but not of ASCII
        (r"\w", "é", False),
        (r"[\w-]", "-", True),
        (r"\S", " \t", False),
        (r"a\\b", "a\\b", True),
    ],
)
def test_a_pattern_is_found_where_the_language_says(pattern: str, text: str, expected: bool) -> None:
    assert patterns.found(pattern, text, ignore_case=False) is expected


def test_a_pattern_may_be_found_whatever_the_case() -> None:
    assert patterns.found("É", "é", ignore_case=True)
    assert not patterns.found("É", "é", ignore_case=False)
    assert not patterns.found(r"^\S$", " ", ignore_case=True)
