"""Points and windows of time in specs, with their mistakes reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from dbt_muster.specs.expected import kind_of
from dbt_muster.specs.points import NotATimeError
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.yaml_tree import YamlPath

Parsed = TypeVar("Parsed")


def parse_time(
    site: Site, parse: Callable[[str], Parsed], value: object, path: YamlPath, expected: str
) -> Parsed | None:
    """What `parse` makes of a text; None where it is no time, which is reported."""
    if not isinstance(value, str):
        message = f"{kind_of(value)} is not a time"
        site.report(path, "wrong_time", message, expected=expected)
        return None
    try:
        return parse(value)
    except NotATimeError as error:
        suggestion = error.suggestion.strip("`") if error.suggestion else None
        site.report(path, "wrong_time", error.message, expected=error.expected, suggestion=suggestion)
        return None


def report_empty(site: Site, ends: Sequence[object], path: YamlPath) -> None:
    """Reports a window that ends before it starts."""
    first, second = ends
    site.report(
        path,
        "impossible_window",
        f"nothing can happen from {first} to {second}: the end is not after the start",
        expected="the earlier point in time first",
        suggestion=f"between: [{second}, {first}]" if first != second else None,
    )
