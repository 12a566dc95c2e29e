"""Guards of destinations: percentages, numbers and lengths of time become limits."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from dbt_muster.specs.meaning import Guard
from dbt_muster.specs.models.guard import GuardSpec, LargestChangeSpec
from dbt_muster.specs.points import EXACT_UNITS, MINUTES, NotATimeError, parse_duration
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.resolve.times import parse_time
from dbt_muster.specs.yaml_tree import YamlPath

FRESHNESS_EXPECTED = "a length of time, such as `24 hours` or `2 days`"


def resolve_guard(site: Site, spec: GuardSpec | None) -> Guard:
    """The limits of a destination; what cannot be one is reported."""
    if spec is None:
        return Guard()
    path: YamlPath = ("guard", "largest_change")
    share, members = _largest_change(site, spec, path)
    smallest, largest = spec.smallest_audience, spec.largest_audience
    if smallest is not None and largest is not None and smallest > largest:
        message = f"no audience has {smallest} members or more and {largest} or fewer"
        site.report(
            ("guard", "largest_audience"), "guard", message, expected="a number above `smallest_audience`"
        )
    freshness = (
        None
        if spec.freshness is None
        else parse_time(site, exact_length, spec.freshness, ("guard", "freshness"), FRESHNESS_EXPECTED)
    )
    return Guard(share, members, smallest, largest, freshness, spec.failed_tests or "block")


def _largest_change(site: Site, spec: GuardSpec, path: YamlPath) -> tuple[float | None, int | None]:
    change = spec.largest_change
    if isinstance(change, LargestChangeSpec):
        if not site.document.data["guard"]["largest_change"]:
            site.report(path, "guard", "this says no limit", expected="`share:`, `members:`, or both")
        share = None if change.share is None else _share(site, change.share, (*path, "share"))
        return share, change.members
    if isinstance(change, str):
        return _share(site, change, path), None
    return None, change


def _share(site: Site, text: str, path: YamlPath) -> float:
    percent = Decimal(text.removesuffix("%"))
    if percent > 100:
        site.report(path, "guard", f"{text} is more than all members", expected="100% at most")
    return float(percent / 100)


def exact_length(text: str) -> timedelta:
    """A length of time that is always as long.

    Raises:
        NotATimeError: it is none, or longer in some months or on some days than in others.
    """
    length = parse_duration(text)
    if length.calendar or length.unit not in EXACT_UNITS:
        message = f"`{text}` is longer in some months or on some days than in others"
        raise NotATimeError(message, FRESHNESS_EXPECTED)
    return timedelta(minutes=length.count * MINUTES[length.unit])
