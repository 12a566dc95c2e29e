"""The marker: a text that no other audience carries, so that one made before a crash is found again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from dbt_muster.destinations.answers import value_at
from dbt_muster.destinations.runs import AudienceAtPlatform

# A lookalike's marker is that of its audience, and what tells it from others.
_LOOKALIKES = re.compile(r"\[muster-[0-9a-f]+-[0-9a-f]+\]$")


def marked_name(audience: AudienceAtPlatform, longest: int = 255) -> str:
    """A name with the marker in it, for platforms that keep no other text of ours."""
    tail = f" [{audience.marker}]"
    return audience.name[: longest - len(tail)] + tail


def marked_description(audience: AudienceAtPlatform, longest: int = 500) -> str:
    """A description with the marker in it, for platforms that keep one; cut, so that none cuts the marker."""
    tail = f" [{audience.marker}]"
    return (audience.description[: longest - len(tail)] + tail).lstrip()


def is_marked(text: str, audience: AudienceAtPlatform) -> bool:
    """Whether a text is the audience's marker, or ends in it, whatever else it says by now."""
    return text == audience.marker or text.rstrip().endswith(f"[{audience.marker}]")


def is_lookalikes(text: str) -> bool:
    """Whether a text carries the marker of a lookalike that was made here, of whichever audience."""
    return _LOOKALIKES.search(text) is not None


def find_marked(
    audience: AudienceAtPlatform, found: Iterable[Mapping[str, Any]], *, text: str = "name", key: str = "id"
) -> str | None:
    """The id of the audience, out of all that a platform has, whose text carries the marker.

    Args:
        audience: whose marker is looked for.
        found: the platform's audiences as it answers them.
        text: where an answer has the text that carries the marker, as in `value_at`.
        key: where it has the id.
    """
    own = (each for each in found if is_marked(value_at(each, text) or "", audience))
    return next((str(value_at(each, key)) for each in own), None)
