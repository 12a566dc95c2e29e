"""What a country's phone numbers look like, for the SQL that writes them in E.164."""

from __future__ import annotations

from typing import Any

from dbt_muster.errors import UsageError


def country_numbers(country: str) -> dict[str, str | None]:
    """A country's calling code, trunk prefix, prefix for calls abroad, and the pattern of a national number.

    The facts are those of Google's libphonenumber (the `phonenumbers` package); the pattern is rewritten to
    what every warehouse's regular expressions know.

    Args:
        country: ISO 3166-1 alpha-2, such as GB.

    Raises:
        UsageError: there is no such country.
    """
    from phonenumbers import PhoneMetadata

    metadata: Any = PhoneMetadata.metadata_for_region(country.upper(), None)
    if metadata is None:
        raise UsageError(f"default_country: {country!r} is not a two-letter country code, such as GB.")
    abroad = metadata.preferred_international_prefix or metadata.international_prefix or ""
    return {
        "code": str(metadata.country_code),
        "trunk": _digits_only(metadata.national_prefix or ""),
        "abroad": _digits_only(abroad),
        "pattern": _portable(metadata.general_desc.national_number_pattern),
    }


def _digits_only(prefix: str) -> str | None:
    """Some prefixes are patterns (a choice of carriers); those are left to numbers written with a plus."""
    return prefix if prefix.isdigit() else None


def _portable(pattern: str) -> str:
    """Groups that do not capture and `\\d` are not known everywhere; plain groups and `[0-9]` are."""
    inside_class = pattern.replace("(?:", "(")
    parts = []
    in_class = False
    position = 0
    while position < len(inside_class):
        character = inside_class[position]
        if inside_class.startswith("\\d", position):
            parts.append("0-9" if in_class else "[0-9]")
            position += 2
            continue
        in_class = character == "[" or (in_class and character != "]")
        parts.append(character)
        position += 1
    return "".join(parts)
