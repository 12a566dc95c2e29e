"""Traits that are made of other traits: in which order they can be resolved, and circles among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dbt_muster.specs.models.trait import TraitSpec
from dbt_muster.specs.resolve.cycles import cycles, in_order
from dbt_muster.specs.resolve.scope import Catalog, Site
from dbt_muster.specs.yaml_tree import YamlPath

Document = tuple[Site, TraitSpec]


def traits_in_order(catalog: Catalog, documents: Iterable[Document]) -> Iterator[Document]:
    """Every trait after those that it is made of; circles are reported, and come in any order."""
    by_entity: dict[str, dict[str, Document]] = {}
    for site, spec in documents:
        if site.is_named("trait"):
            by_entity.setdefault(spec.entity, {})[spec.trait] = (site, spec)
        else:
            yield site, spec
    for of_entity in by_entity.values():
        references = {name: trait_references(site) for name, (site, _) in of_entity.items()}
        for circle in list(cycles(references)):
            _report(of_entity[circle[0]][0], circle, references)
            catalog.broken["trait"].update(circle)
            references |= {name: {} for name in circle}
        yield from (of_entity[name] for name in in_order(references) if name in of_entity)


def trait_references(site: Site) -> dict[str, YamlPath]:
    """The traits that a trait's document names, each with the place where it is first named."""
    found: dict[str, YamlPath] = {}
    for key, value in site.document.data.items():
        if key == "expression" and isinstance(value, str):
            # it needs sqlglot, which is slow to import and which most projects do not need
            from dbt_muster.specs.expressions import names_in

            found |= dict.fromkeys(names_in(value), (key,))
        elif key != "trait":
            _named(value, (key,), found)
    return found


def _named(value: object, path: YamlPath, found: dict[str, YamlPath]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "trait" and isinstance(item, str):
                found.setdefault(item, (*path, key))
            else:
                _named(item, (*path, key), found)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _named(item, (*path, index), found)


def _report(site: Site, circle: list[str], references: dict[str, dict[str, YamlPath]]) -> None:
    first, second = circle[0], circle[1 % len(circle)]
    members = " → ".join([*circle, first])
    site.report(
        references[first].get(second, ()),
        "cycle",
        f"these traits are made of each other in a circle: {members}",
        expected="no way back to the same trait",
    )
