"""Negated conditions on attributes that may be missing: whoever has no value counts too."""

from __future__ import annotations

from collections.abc import Iterator

from dbt_muster.lint.findings import Finding
from dbt_muster.lint.formulas import Fact
from dbt_muster.lint.logic import may_hold
from dbt_muster.lint.place import Place
from dbt_muster.specs.meaning import All, AnyOf, Attribute, Compare, Condition, During, Near, NoneOf

Around = tuple[Condition, ...]


def missing_counts(place: Place) -> Iterator[Finding]:
    """A note for each attribute that is negated where nothing says that it is set."""
    noted = set()
    for condition, attribute, around in _negated(place.audience.criteria, False, ()):
        missing = Fact(attribute, missing=True, present=False)
        if attribute.name not in noted and may_hold(around, place.known, besides=[missing]):
            noted.add(attribute.name)
            message = (
                f"whoever has no `{attribute.name}` counts here too; "
                f"add `{{attribute: {attribute.name}, is_set: true}}` where they should not"
            )
            yield place.finding("missing_counts", condition, message)


def _negated(
    condition: Condition, negated: bool, around: Around
) -> Iterator[tuple[Condition, Attribute, Around]]:
    """The comparisons of attributes that hold for a missing value, each with all that holds beside it."""
    match condition:
        case All(items) | AnyOf(items) | NoneOf(items):
            inverted = negated != isinstance(condition, NoneOf)
            together = isinstance(condition, All) != inverted
            for item in items:
                others = tuple(
                    NoneOf((other,)) if inverted else other
                    for other in items
                    if together and other is not item
                )
                yield from _negated(item, inverted, (*around, *others))
        case Compare(Attribute() as attribute, operator, _, is_not) if operator != "is_set":
            if is_not != negated:
                yield condition, attribute, around
        case During(Attribute() as attribute, _, is_not) | Near(attribute, _, _, _, is_not):
            if is_not != negated:
                yield condition, attribute, around
