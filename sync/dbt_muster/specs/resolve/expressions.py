"""Expressions in SQL: their names are looked up, and their mistakes reported."""

from __future__ import annotations

from dbt_muster.specs.expressions import ExpressionError, read
from dbt_muster.specs.meaning import Attribute, Condition, Expression, Holds, TraitValue, Type
from dbt_muster.specs.names import is_name, nearest, one_of
from dbt_muster.specs.resolve.literals import TYPE_WORDS
from dbt_muster.specs.resolve.right_sides import Place
from dbt_muster.specs.yaml_tree import YamlPath


def truth(place: Place, text: str, path: YamlPath) -> list[Condition]:
    """The condition that an expression is true; nothing where it is wrong, which is reported."""
    found = expression(place, text, path)
    if found is None:
        return []
    if found.type not in (Type.BOOLEAN, Type.UNKNOWN):
        message = f"this expression is {TYPE_WORDS[found.type]}, and a condition is true or false"
        place.site.report(
            path, "expression", message, expected="a comparison, such as `lifetime_value > 100`"
        )
        return []
    return [Holds(found)]


def expression(place: Place, text: str, path: YamlPath) -> Expression | None:
    """What an expression means; None where it is wrong, which is reported."""

    def names(name: str) -> Attribute | TraitValue:
        return _named(place, name, path)

    try:
        return read(text, names)
    except ExpressionError as error:
        place.site.report(
            path, "expression", error.message, expected=error.expected, suggestion=error.suggestion
        )
        return None


def _named(place: Place, name: str, path: YamlPath) -> Attribute | TraitValue:
    """The attribute or the trait of a name, which must not be both."""
    entity = place.entity
    if entity is None:
        return Attribute(name, Type.UNKNOWN)
    if name in entity.attributes and name in entity.traits:
        message = f"`{name}` is an attribute and a trait"
        raise ExpressionError(
            message, "another name for one of them, or a condition with `attribute:` or `trait:`"
        )
    if name in entity.traits:
        return place.trait(name, path)
    undeclared = not entity.attributes_declared and is_name(name)
    excused = "attributes" in entity.open_parts or place.catalog.excused("trait", name)
    if name in entity.attributes or (undeclared and not excused):
        return place.attribute(name, path)
    if excused:
        return Attribute(name, Type.UNKNOWN)
    known = list({**entity.attributes, **entity.traits})
    message = f"the entity `{entity.name}` has no attribute and no trait `{name}`"
    raise ExpressionError(message, one_of(known) or "an attribute or a trait", nearest(name, known))
