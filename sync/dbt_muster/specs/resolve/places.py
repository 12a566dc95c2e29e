"""Places on the earth: attributes of two columns, and what is near a point."""

from __future__ import annotations

import re
from decimal import Decimal

from dbt_muster.specs.expected import DISTANCE_EXPECTED, kind_of
from dbt_muster.specs.meaning import Attribute, Column, Condition, Near, Operand, Type
from dbt_muster.specs.models.columns import ValueSpec
from dbt_muster.specs.models.places import NearSpec
from dbt_muster.specs.resolve.literals import TYPE_WORDS
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.yaml_tree import YamlPath

KILOMETRES = {
    "m": Decimal("0.001"),
    "km": Decimal(1),
    "mile": Decimal("1.609344"),
    "miles": Decimal("1.609344"),
}
"""How long each unit is; a mile is the international one, of 1609.344 metres."""

FARTHEST = 20_000
"""Kilometres; nothing on the earth is much farther from anything else."""

_DISTANCE = re.compile(r"([0-9]{1,9}(?:[.][0-9]{1,9})?) ?(m|km|miles?)")
_LOCATION_EXPECTED = "`{type: location, latitude: <column>, longitude: <column>}`"


def location_column(site: Site, spec: ValueSpec, path: YamlPath) -> Column | None:
    """A location's two columns; None where the attribute or property is something else."""
    degrees = [name for name in ("latitude", "longitude") if getattr(spec, name) is not None]
    if spec.type != "location":
        for name in degrees:
            message = f"`{name}` is a part of a location"
            site.report((*path, name), "type_mismatch", message, expected="`type: location`", key=True)
        return None
    if path[0] != "attributes":
        message = "an event's property cannot be a location"
        expected = "the two numbers as properties of their own"
        site.report((*path, "type"), "type_mismatch", message, expected=expected)
    for name in ("column", "path", "timezone"):
        if getattr(spec, name) is not None:
            message = f"a location has a `latitude` and a `longitude`, and no `{name}`"
            site.report((*path, name), "unknown_key", message, expected=_LOCATION_EXPECTED, key=True)
    for name in {"latitude", "longitude"} - set(degrees):
        if (*path, name) not in site.patches.values:
            message = f"this location has no `{name}`"
            site.report(path, "missing_key", message, expected=_LOCATION_EXPECTED)
    return Column(spec.latitude or "unsaid", Type.LOCATION, longitude=spec.longitude or "unsaid")


def near(site: Site, left: Operand, spec: NearSpec, path: YamlPath, *, negated: bool) -> Condition | None:
    """A condition on the distance from a point; None where something is wrong with it, which is reported."""
    if not isinstance(left, Attribute) or left.type is not Type.LOCATION:
        message = f"`{path[-1]}` can be asked of a location, and this is {TYPE_WORDS[left.type]}"
        expected = f"an attribute that the entity declares as {_LOCATION_EXPECTED}"
        site.report(path, "type_mismatch", message, expected=expected, key=True)
        return None
    latitude = _degrees(site, spec.latitude, 90, (*path, "latitude"))
    longitude = _degrees(site, spec.longitude, 180, (*path, "longitude"))
    distance = _kilometres(site, spec.within, (*path, "within"))
    if latitude is None or longitude is None or distance is None:
        return None
    return Near(left, latitude, longitude, distance, negated)


def _degrees(site: Site, value: object, most: int, path: YamlPath) -> Decimal | None:
    expected = f"degrees: a number from -{most} to {most}"
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        site.report(path, "type_mismatch", f"{kind_of(value)} is not a number", expected=expected)
        return None
    if abs(Decimal(value)) > most:
        site.report(path, "impossible_range", f"no place has the {path[-1]} {value}", expected=expected)
        return None
    return Decimal(value)


def _kilometres(site: Site, text: str, path: YamlPath) -> Decimal | None:
    found = _DISTANCE.fullmatch(text.strip())
    if found is None:
        site.report(path, "wrong_value", f"`{text}` is not a distance", expected=DISTANCE_EXPECTED)
        return None
    distance = Decimal(found[1]) * KILOMETRES[found[2]]
    if distance > FARTHEST:
        message = f"every place on the earth is within `{text}`"
        site.report(path, "impossible_range", message, expected=f"{FARTHEST} km at most")
        return None
    return distance
