"""What a platform's file states as data: what it takes, and how it keeps audiences."""

from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.kept import Kept
from dbt_muster.destinations.pages import Bookmarked, Linked, Numbered, Offset, Pages

__all__ = [
    "Bookmarked",
    "Capabilities",
    "Form",
    "Kept",
    "Linked",
    "Numbered",
    "Offset",
    "Pages",
]
