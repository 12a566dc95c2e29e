"""What the files of several platforms share: members as items and as rows, markers, ways to be let in."""

from dbt_muster.destinations.bisect import send_in_parts
from dbt_muster.destinations.filling import fill, secret
from dbt_muster.destinations.http import Login
from dbt_muster.destinations.login import Headers, RefreshToken, basic
from dbt_muster.destinations.markers import find_marked, marked_name
from dbt_muster.destinations.nobody import NOBODY
from dbt_muster.destinations.people import (
    Known,
    by_name,
    first_values,
    in_calls,
    known_by,
    pieces,
)
from dbt_muster.destinations.rows import tables

__all__ = [
    "NOBODY",
    "Headers",
    "Known",
    "Login",
    "RefreshToken",
    "basic",
    "by_name",
    "fill",
    "find_marked",
    "first_values",
    "in_calls",
    "known_by",
    "marked_name",
    "pieces",
    "secret",
    "send_in_parts",
    "tables",
]
