"""An entity's identifiers: where their values stand, and how they are written there."""

from __future__ import annotations

from dbt_muster.specs.countries import COUNTRIES, OFTEN_MEANT
from dbt_muster.specs.meaning import Column, Identifier, Type, ValueTable
from dbt_muster.specs.models.columns import IdentifierSpec
from dbt_muster.specs.models.entity import EntitySpec
from dbt_muster.specs.resolve.relations import relation
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.yaml_tree import YamlPath

MOST = 10
"""How many of several values are sent where nobody says. Google's Data Manager takes ten for a member."""


def identifiers(site: Site, spec: EntitySpec, key: Column) -> dict[str, Identifier]:
    """The identifiers of an entity, by name; what is wrong with them is reported.

    Args:
        site: the entity's document.
        spec: the entity as written.
        key: its key, whose column a table of values has too unless it says otherwise.
    """
    found = {}
    for name, entry in (spec.identifiers or {}).items():
        path = ("identifiers", name)
        if isinstance(entry, IdentifierSpec):
            _check(site, name, entry, path)
            found[name] = _identifier(site, name, entry, key, path)
        else:
            found[name] = Identifier(name, Column(entry or name), position=site.document.position(path))
    return found


def _identifier(site: Site, name: str, spec: IdentifierSpec, key: Column, path: YamlPath) -> Identifier:
    table = None
    if spec.model is not None:
        where = relation(site, spec.model, (*path, "model"))
        table = ValueTable(where, Column(spec.key or key.column, key.type))
    in_list = bool(spec.list_) and table is None
    return Identifier(
        name,
        Column(spec.column or name, Type.LIST if in_list else Type.UNKNOWN),
        spec.default_country,
        hashed=spec.hashed is not None,
        most=(spec.most or MOST) if in_list or table else None,
        table=table,
        position=site.document.position((*path, "hashed") if spec.hashed else path),
    )


def _check(site: Site, name: str, spec: IdentifierSpec, path: YamlPath) -> None:
    _check_country(site, name, spec, (*path, "default_country"))
    if spec.model is not None and spec.list_:
        message = "values stand in a list of the entity's table, or in the rows of a `model`"
        site.report((*path, "list"), "identifier", message, expected="one of `list` and `model`", key=True)
    if spec.key is not None and spec.model is None:
        message = "a `key` is the column of a `model`'s rows that says whose they are"
        expected = "a `model`, or no `key`"
        site.report((*path, "key"), "identifier", message, expected=expected, key=True)
    if spec.most is not None and spec.model is None and not spec.list_:
        message = "`most` is for an identifier of which somebody may have several"
        expected = "`list: true`, or a `model`"
        site.report((*path, "most"), "identifier", message, expected=expected, key=True)


def _check_country(site: Site, name: str, spec: IdentifierSpec, path: YamlPath) -> None:
    code = spec.default_country
    if code is None:
        return
    if name != "phone":
        message = f"a `default_country` is for phone numbers, and this is `{name}`"
        expected = "the identifier `phone`"
        site.report(path, "identifier", message, expected=expected, key=True)
    elif spec.hashed is not None:
        message = "a number that is hashed has its country in it already"
        site.report(path, "identifier", message, expected="no `default_country`", key=True)
    elif code not in COUNTRIES:
        message = f"there is no country `{code}`"
        expected = "a country's two capital letters, such as `GB` (ISO 3166-1)"
        site.report(path, "unknown_country", message, expected=expected, suggestion=OFTEN_MEANT.get(code))
