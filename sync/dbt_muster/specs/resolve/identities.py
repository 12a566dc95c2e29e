"""Identities: the kinds of identifiers, and the tables that link them."""

from __future__ import annotations

from collections.abc import Iterator

from dbt_muster.specs.meaning.conditions import Column
from dbt_muster.specs.meaning.identities import IdentifierKind, Identity, Link
from dbt_muster.specs.meaning.values import Type
from dbt_muster.specs.models.identity import (
    LARGEST_CLUSTER,
    IdentifierKindSpec,
    IdentitySpec,
    LinkSpec,
)
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.patterns import PatternError, portable
from dbt_muster.specs.resolve.entities import column
from dbt_muster.specs.resolve.relations import relation
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.yaml_tree import YamlPath


def resolve_identity(site: Site, spec: IdentitySpec) -> Identity:
    """An identity; what is wrong with it is reported."""
    links = tuple(_links(site, spec))
    if len(links) == len(spec.links):
        _check_use(site, spec, links)
    return Identity(
        name=spec.identity,
        description=spec.description or "",
        identifiers=tuple(
            _kind(site, name, kind or IdentifierKindSpec(), ("identifiers", name))
            for name, kind in spec.identifiers.items()
        ),
        links=links,
        largest_cluster=spec.largest_cluster or LARGEST_CLUSTER,
        position=site.document.position(),
    )


def _links(site: Site, spec: IdentitySpec) -> Iterator[Link]:
    """The links that are right; what is wrong with the others has been or is reported."""
    for index, link in enumerate(spec.links):
        patched = any(path[:1] == ("links",) and path[1:2] in ((), (index,)) for path in site.patches.values)
        found = None if patched else _link(site, spec, link, ("links", index))
        if found is not None:
            yield found


def _kind(site: Site, name: str, spec: IdentifierKindSpec, path: YamlPath) -> IdentifierKind:
    return IdentifierKind(
        name=name,
        include=_patterns(site, spec.include or [], (*path, "include")),
        exclude=_patterns(site, spec.exclude or [], (*path, "exclude")),
        ignore_case=spec.ignore_case is True,
    )


def _patterns(site: Site, patterns: list[str], path: YamlPath) -> tuple[str, ...]:
    found = []
    for index, pattern in enumerate(patterns):
        try:
            found.append(portable(pattern))
        except PatternError as error:
            site.report((*path, index), "pattern", error.message, expected=error.expected)
    return tuple(found)


def _link(site: Site, identity: IdentitySpec, spec: LinkSpec, path: YamlPath) -> Link | None:
    source = relation(site, spec.model, (*path, "model"))
    ends = [_end(site, identity, end, (*path, "link", index)) for index, end in enumerate(spec.link)]
    at = None if spec.at is None else column(site, spec.at, "at", (*path, "at"))
    if at is not None and at.type is Type.UNKNOWN:
        at = Column(at.column, Type.TIMESTAMP, at.timezone)
    elif at is not None and at.type not in (Type.TIMESTAMP, Type.TIMESTAMPTZ, Type.DATE):
        message = f"the time of a row is declared as {at.type}"
        expected = "`timestamp`, `timestamptz` or `date`"
        site.report((*path, "at", "type"), "type_mismatch", message, expected=expected)
    first, second = ends
    if first is None or second is None:
        return None
    if first == second:
        message = f"`{first[1]}` is linked with itself, which says nothing"
        site.report((*path, "link", 1), "link", message, expected="another column")
    return Link(source, (first, second), at)


def _end(site: Site, identity: IdentitySpec, end: dict[str, str], path: YamlPath) -> tuple[str, str] | None:
    if len(end) != 1:
        message = "each side of a link is one identifier"
        site.report(path, "link", message, expected="`link: [user: user_id, device: device_id]`")
        return None
    name, of = next(iter(end.items()))
    if name in identity.identifiers:
        return name, of
    if ("identifiers",) not in site.patches and ("identifiers",) not in site.patches.values:
        site.report(
            (*path, name),
            "unknown_identifier",
            f"this identity has no identifier `{name}`",
            expected=one_of(identity.identifiers),
            suggestion=nearest(name, identity.identifiers),
            key=True,
        )
    return None


def _check_use(site: Site, spec: IdentitySpec, links: tuple[Link, ...]) -> None:
    used = {name for link in links for name, _ in link.ends}
    for name in spec.identifiers:
        if name not in used:
            message = f"no link holds the identifier `{name}`"
            expected = f"a `link:` with `{name}`, or no such identifier"
            site.report(("identifiers", name), "unused", message, expected=expected, key=True)
