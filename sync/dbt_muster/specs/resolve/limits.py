"""Limits: what members are ordered by."""

from __future__ import annotations

from dbt_muster.specs.meaning import Attribute, Limit, TraitValue, Type
from dbt_muster.specs.models.comparisons import AttributeOperand, TraitOperand
from dbt_muster.specs.models.limit import LimitSpec
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.resolve.literals import NUMBERS, TIMES, TYPE_WORDS
from dbt_muster.specs.resolve.right_sides import Place

_PATH = ("limit", "by")
_SORTED = NUMBERS | TIMES | {Type.UNKNOWN}


def resolve_limit(place: Place, spec: LimitSpec) -> Limit:
    """A limit; a value that is not known, or that has no order that people mean, is reported."""
    by = _value(place, spec.by)
    if by.type not in _SORTED:
        message = f"`{by.name}` is {TYPE_WORDS[by.type]}, and a limit goes by a number or a time"
        place.site.report(_PATH, "type_mismatch", message, expected="a number or a time")
    return Limit(spec.top, by, ascending=spec.order == "ascending")


def _value(place: Place, by: str | AttributeOperand | TraitOperand) -> Attribute | TraitValue:
    if isinstance(by, AttributeOperand):
        return place.attribute(by.attribute, (*_PATH, "attribute"))
    if isinstance(by, TraitOperand):
        return place.trait(by.trait, (*_PATH, "trait"))
    return _named(place, by)


def _named(place: Place, name: str) -> Attribute | TraitValue:
    """A bare name is a trait's or an attribute's, and must not be both."""
    entity = place.entity
    if entity is None or place.catalog.excused("trait", name):
        return TraitValue(name, Type.UNKNOWN)
    declared = entity.attributes if entity.attributes_declared else {}
    if name in entity.traits and name in declared:
        message = f"`{name}` is a trait and an attribute"
        expected = f"`by: {{trait: {name}}}` or `by: {{attribute: {name}}}`"
        place.site.report(_PATH, "ambiguous", message, expected=expected)
    if name in entity.traits:
        return place.trait(name, _PATH)
    if name in declared or not entity.attributes_declared or "attributes" in entity.open_parts:
        return place.attribute(name, _PATH)
    known = {*entity.traits, *declared}
    message = f"the entity `{entity.name}` has no trait and no attribute `{name}`"
    place.site.report(
        _PATH, "unknown_trait", message, expected=one_of(known), suggestion=nearest(name, known)
    )
    return TraitValue(name, Type.UNKNOWN)
