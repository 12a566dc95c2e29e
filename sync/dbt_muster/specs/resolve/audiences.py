"""Audiences: their criteria, what dbt should know of them, and where they are sent."""

from __future__ import annotations

from collections.abc import Sequence

from dbt_muster.specs.codes import ACCEPTABLE
from dbt_muster.specs.meaning import Accept, Audience, Sync
from dbt_muster.specs.models.audience import AcceptSpec, AudienceSpec, SyncSpec
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.patch import UNSAID
from dbt_muster.specs.resolve.criteria import References, criteria
from dbt_muster.specs.resolve.limits import resolve_limit
from dbt_muster.specs.resolve.names import find_entity
from dbt_muster.specs.resolve.right_sides import Place
from dbt_muster.specs.resolve.scope import Catalog, EntityScope, Site
from dbt_muster.specs.resolve.settings import plain_settings, positions, refuse_secrets
from dbt_muster.specs.resolve.splits import check_variants, resolve_split
from dbt_muster.specs.resolve.standing import resolve_length
from dbt_muster.specs.yaml_tree import YamlPath

NO_TABLE = {
    "ephemeral": "an ephemeral model has no table to read members from",
    "incremental": "who leaves an audience must leave its table, which an incremental model does not do",
}
"""dbt's materializations that an audience cannot have, and why."""


def resolve_audience(site: Site, catalog: Catalog, spec: AudienceSpec, references: References) -> Audience:
    """An audience without its digest; the audiences that it names are added to `references`."""
    entity = find_entity(site, catalog, spec.entity, ("entity",))
    if spec.audience.startswith("muster_"):
        message = "names that begin with `muster_` are those of muster's own tables"
        site.report(("audience",), "name", message, suggestion=spec.audience.removeprefix("muster_"))
    materialized = spec.materialized or "table"
    if materialized in NO_TABLE:
        site.report(("materialized",), "materialized", NO_TABLE[materialized], expected="`table` or `view`")
    split = None if spec.split is None else resolve_split(site, spec.audience, spec.split)
    for index, sync in enumerate(spec.sync or ()):
        check_variants(site, split, sync.variants or (), ("sync", index, "variants"))
    _check_once(site, [sync.to for sync in spec.sync or ()])
    place = Place(site, catalog, entity)
    whole, written = criteria(place, spec.criteria, ("criteria",), references)
    syncs = [_sync(place, sync, ("sync", index), references) for index, sync in enumerate(spec.sync or ())]
    return Audience(
        name=spec.audience,
        description=spec.description or "",
        entity=spec.entity,
        owner=spec.owner or None,
        tags=tuple(spec.tags or ()),
        meta=plain_settings(spec.meta or {}),
        enabled=spec.enabled is not False,
        materialized=materialized,
        schema=spec.schema_ or None,
        criteria=whole,
        syncs=tuple(syncs),
        position=site.document.position(),
        digest="",
        split=split,
        stay=resolve_length(site, "stay", spec.stay),
        expire=resolve_length(site, "expire", spec.expire),
        limit=None if spec.limit is None else resolve_limit(place, spec.limit),
        written=written,
        accepts=tuple(
            _accept(site, accept, ("accept", index)) for index, accept in enumerate(spec.accept or ())
        ),
    )


def _accept(site: Site, spec: AcceptSpec, path: YamlPath) -> Accept:
    if spec.finding not in ACCEPTABLE and spec.finding != UNSAID:
        site.report(
            (*path, "finding"),
            "unknown_finding",
            f"`muster check` has no finding `{spec.finding}` that can be accepted",
            expected=one_of(ACCEPTABLE),
            suggestion=nearest(spec.finding, ACCEPTABLE),
        )
    return Accept(spec.finding, spec.because, site.document.position(path))


def _sync(place: Place, spec: SyncSpec, path: YamlPath, references: References) -> Sync:
    site, entity = place.site, place.entity
    options = dict(spec.model_extra or {})
    refuse_secrets(site, options, path)
    _check_destination(site, place.catalog, entity, spec.to, (*path, "to"))
    if entity is not None and "identifiers" not in entity.open_parts:
        for index, name in enumerate(spec.match_on or ()):
            _check_identifier(site, entity, name, (*path, "match_on", index))
    return Sync(
        destination=spec.to,
        match_on=tuple(spec.match_on or ()),
        options=plain_settings(options),
        variants=tuple(spec.variants or ()),
        where=None if spec.where is None else criteria(place, spec.where, (*path, "where"), references)[0],
        position=site.document.position(path),
        positions=positions(site, options, path)
        | {"to": site.document.position((*path, "to"))}
        | {
            f"match_on.{name}": site.document.position((*path, "match_on", index))
            for index, name in enumerate(spec.match_on or ())
        },
    )


def _check_once(site: Site, destinations: Sequence[str]) -> None:
    """What a destination holds of an audience is kept under both names, so there can be one entry for it."""
    for index, name in enumerate(destinations):
        if name in destinations[:index] and name != UNSAID:
            site.report(
                ("sync", index, "to"),
                "synced_twice",
                f"the audience is synced to `{name}` already, by an entry above",
                expected="one entry for each destination, or another destination of that type",
            )


def _check_destination(
    site: Site, catalog: Catalog, entity: EntityScope | None, name: str, path: YamlPath
) -> None:
    if name not in catalog.destinations:
        if name != UNSAID and not catalog.excused("destination", name):
            site.report(
                path,
                "unknown_destination",
                f"there is no destination `{name}`",
                expected=one_of(catalog.destinations)
                or "a destination that audience_specs/destinations.yml declares",
                suggestion=nearest(name, catalog.destinations),
            )
        return
    purpose = catalog.destinations[name]
    if purpose is None or entity is None or "consent" in entity.open_parts or purpose in entity.consent:
        return
    site.report(
        path,
        "no_consent",
        f"`{name}` needs consent to `{purpose}`, and the entity `{entity.name}` does not say who gave it",
        expected=f"`{purpose}:` with a column, under `consent:` of the entity",
        suggestion=nearest(purpose, entity.consent),
    )


def _check_identifier(site: Site, entity: EntityScope, name: str, path: YamlPath) -> None:
    if name not in entity.identifiers:
        site.report(
            path,
            "unknown_identifier",
            f"the entity `{entity.name}` has no identifier `{name}`",
            expected=one_of(entity.identifiers)
            or "an identifier that the entity declares under `identifiers:`",
            suggestion=nearest(name, entity.identifiers),
        )
