"""Traits: calculated attributes."""

from __future__ import annotations

from collections.abc import Sequence

from dbt_muster.specs.meaning import Calculation, Call, Computed, Trait, Type
from dbt_muster.specs.models.trait import TraitSpec
from dbt_muster.specs.names import one_of
from dbt_muster.specs.resolve.calculations import CALCULATIONS, calculation
from dbt_muster.specs.resolve.names import find_entity
from dbt_muster.specs.resolve.right_sides import Place
from dbt_muster.specs.resolve.scope import Catalog, Site

_KEYS = (*CALCULATIONS, "expression")
"""The keys that say what a trait is."""


def resolve_trait(site: Site, catalog: Catalog, spec: TraitSpec) -> Trait | None:
    """A trait; None where its aggregate is not said or its entity is not known, which is reported."""
    entity = find_entity(site, catalog, spec.entity, ("entity",))
    given = [name for name in _KEYS if name in spec.model_fields_set]
    if len(given) != 1:
        _report_number(site, given)
    place = Place(site, catalog, entity)
    values = [_value(place, spec, name) for name in given]
    if not values or values[0] is None or entity is None:
        return None
    if spec.trait.lower() == entity.key.column.lower():
        message = f"`{spec.trait}` is the key of `{entity.name}`, beside which a trait is a column"
        site.report(("trait",), "name", message, expected="another name")
    sql = site.document.sql(("expression",), spec.expression) if spec.expression else None
    return Trait(spec.trait, entity.name, spec.description or "", values[0], site.document.position(), sql)


def _value(place: Place, spec: TraitSpec, name: str) -> Calculation | None:
    if name != "expression":
        return calculation(place, name, getattr(spec, name), (name,))
    # it needs sqlglot, which is slow to import and which most projects do not need
    from dbt_muster.specs.resolve.expressions import expression

    found = expression(place, spec.expression or "", ("expression",))
    if (
        found is not None
        and found.type is Type.UNKNOWN
        and isinstance(found, Call)
        and found.function == "null"
    ):
        place.site.report(("expression",), "expression", "nobody has a value by this", expected="a value")
        return None
    return None if found is None else Computed(found, found.type)


def _report_number(site: Site, given: Sequence[str]) -> None:
    if given:
        keys = " and ".join(f"`{name}`" for name in given)
        message = f"{keys} stand in one trait, and a trait is one of them"
        site.report((given[1],), "aggregate", message, expected="a file of its own for each trait", key=True)
    elif () not in site.patches:
        message = "this trait does not say what it calculates"
        site.report((), "aggregate", message, expected=one_of(_KEYS))
