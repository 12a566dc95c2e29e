"""Entities and their event sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo, available_timezones

from dbt_muster.specs.meaning import Aliases, Column, Entity, EventSource, Point, Type
from dbt_muster.specs.models.columns import ColumnSpec, ValueSpec
from dbt_muster.specs.models.entity import AliasesSpec, EntitySpec
from dbt_muster.specs.models.event_source import EventSourceSpec
from dbt_muster.specs.names import nearest
from dbt_muster.specs.points import DURATION_EXPECTED
from dbt_muster.specs.resolve.identifiers import identifiers
from dbt_muster.specs.resolve.paths import json_column
from dbt_muster.specs.resolve.places import location_column
from dbt_muster.specs.resolve.relations import relation
from dbt_muster.specs.resolve.scope import EntityScope, Site, SourceScope
from dbt_muster.specs.resolve.through import ways
from dbt_muster.specs.resolve.times import parse_time
from dbt_muster.specs.windows import within
from dbt_muster.specs.yaml_tree import YamlPath

_UNQUOTABLE = re.compile(r"[\"`\\{}\n\t]")
_TIMES = (Type.TIMESTAMP, Type.TIMESTAMPTZ, Type.DATE)

_LIKELY_ZONES = {
    "GMT": "Etc/GMT",
    "PST": "America/Los_Angeles",
    "EST": "America/New_York",
    "CET": "Europe/Paris",
}


def resolve_entity(site: Site, spec: EntitySpec) -> EntityScope:
    """An entity's scope; what is wrong with it is reported."""
    key = _key(site, spec.key)
    return EntityScope(
        name=spec.entity,
        relation=relation(site, spec.model, ("model",)),
        key=key,
        timezone=_timezone(site, spec.timezone, ("timezone",)) or "UTC",
        attributes=_columns(site, spec.attributes or {}, ("attributes",)),
        attributes_declared=spec.attributes is not None,
        identifiers=identifiers(site, spec, key),
        consent=_consent(site, spec),
        sources={
            name: _source(site, name, source, ("events", name))
            for name, source in (spec.events or {}).items()
        },
        position=site.document.position(),
        positions={
            name: site.document.position(("attributes", name), key=True) for name in spec.attributes or {}
        },
        aliases=None if spec.aliases is None else _aliases(site, spec.aliases, key.type),
        through=ways(site, spec),
        mistaken=("through",) in site.patches or ("through",) in site.patches.values,
        open_parts=frozenset(
            part for part in ("attributes", "identifiers", "consent", "events") if _is_open(site, part)
        ),
    )


def _key(site: Site, spec: ColumnSpec | str) -> Column:
    """An entity's key: every audience has that column, and dbt's own tests must be able to name it."""
    key = column(site, spec, "key", ("key",))
    at = ("key", "column") if isinstance(spec, ColumnSpec) and spec.column else ("key",)
    if found := _UNQUOTABLE.search(key.column):
        message = f"dbt's data tests cannot name a column with {found[0]!r} in it"
        site.report(
            at, "key", message, expected="a column without quotes, backslashes and braces in its name"
        )
    if key.type not in (Type.STRING, Type.INTEGER, Type.UNKNOWN):
        expected = "`string` or `integer`, or no type at all"
        site.report(("key", "type"), "type_mismatch", f"a key is declared as {key.type}", expected=expected)
    return key


def _aliases(site: Site, spec: AliasesSpec, key: Type) -> Aliases:
    """The table of aliases; both of its columns hold keys, so they are of the key's type."""
    if spec.from_ == spec.to:
        message = f"`{spec.to}` is the column of the alias and of the key that it means"
        site.report(("aliases", "to"), "aliases", message, expected="two columns")
    return Aliases(
        relation(site, spec.model, ("aliases", "model")), Column(spec.from_, key), Column(spec.to, key)
    )


def _is_open(site: Site, part: str) -> bool:
    return (part,) in site.patches or (() in site.patches and part not in (site.document.data or {}))


def _source(site: Site, name: str, spec: EventSourceSpec, path: YamlPath) -> SourceScope:
    at = _time(site, spec.at, "at", (*path, "at"))
    loaded_at = None
    if spec.loaded_at is not None:
        loaded_at = _time(site, spec.loaded_at, "loaded_at", (*path, "loaded_at"))
    properties = (*path, "properties")
    return SourceScope(
        name=name,
        relation=relation(site, spec.model, (*path, "model")),
        key=column(site, spec.key, "key", (*path, "key")),
        at=at,
        id=None if spec.id is None else column(site, spec.id, "id", (*path, "id")),
        event_name=None if spec.name is None else column(site, spec.name, "name", (*path, "name")),
        properties=_columns(site, spec.properties or {}, properties),
        declared=spec.properties is not None,
        open=path in site.patches or properties in site.patches,
        loaded_at=loaded_at,
        history=_history(site, spec.history, (*path, "history")),
    )


def _time(site: Site, spec: ColumnSpec | str, name: str, path: YamlPath) -> Column:
    """A column of times; a `timestamp` where it does not say what it holds."""
    found = column(site, spec, name, path)
    if found.type is Type.UNKNOWN:
        return Column(found.column, Type.TIMESTAMP, found.timezone)
    if found.type not in _TIMES:
        what = "the time of an event" if name == "at" else "when a row arrived"
        expected = "`timestamp`, `timestamptz` or `date`"
        message = f"{what} is declared as {found.type}"
        site.report((*path, "type"), "type_mismatch", message, expected=expected)
    return found


def _history(site: Site, written: str | None, path: YamlPath) -> Point | None:
    window = None if written is None else parse_time(site, within, written, path, DURATION_EXPECTED)
    return None if window is None else window.start


def column(site: Site, spec: ColumnSpec | str | None, name: str, path: YamlPath) -> Column:
    """A column as written: its name alone, a mapping, or nothing where it has the entry's name."""
    if not isinstance(spec, ColumnSpec):
        return Column(spec or name)
    place = location_column(site, spec, path) if isinstance(spec, ValueSpec) else None
    if place is not None:
        return place
    declared = Type(spec.type) if spec.type else Type.UNKNOWN
    if declared is Type.LOCATION:
        message = "one column cannot hold a location"
        site.report((*path, "type"), "type_mismatch", message, expected="an attribute of the entity")
    if spec.timezone is not None and declared not in (Type.TIMESTAMP, Type.UNKNOWN):
        message = f"a `timezone` says how a timestamp without a zone is read, and this is a {declared}"
        site.report((*path, "timezone"), "type_mismatch", message, expected="`type: timestamp`", key=True)
    elif spec.timezone is not None:
        declared = Type.TIMESTAMP
    zone = _timezone(site, spec.timezone, (*path, "timezone"))
    if isinstance(spec, ValueSpec) and spec.path is not None:
        return json_column(site, spec, declared, zone, path)
    return Column(spec.column or name, declared, zone)


def _columns(site: Site, specs: Mapping[str, ColumnSpec | str | None], path: YamlPath) -> dict[str, Column]:
    return {name: column(site, spec, name, (*path, name)) for name, spec in specs.items()}


def _consent(site: Site, spec: EntitySpec) -> dict[str, Column]:
    found = {}
    for name, entry in (spec.consent or {}).items():
        path = ("consent", name)
        declared = column(site, entry, name, path)
        if declared.type not in (Type.UNKNOWN, Type.BOOLEAN):
            message = f"consent is a column of true and false, and this is {declared.type}"
            site.report((*path, "type"), "type_mismatch", message, expected="`boolean`")
        found[name] = Column(declared.column, Type.BOOLEAN)
    return found


def _timezone(site: Site, name: str | None, path: YamlPath) -> str | None:
    if name is None or _is_zone(name):
        return name
    suggestion = _LIKELY_ZONES.get(name.upper()) or nearest(name, available_timezones())
    if suggestion is None:
        cities = {zone.rsplit("/", 1)[-1]: zone for zone in sorted(available_timezones())}
        near = nearest(name.replace(" ", "_"), cities)
        suggestion = cities[near] if near else None
    message = f"there is no time zone `{name}`"
    site.report(
        path,
        "unknown_timezone",
        message,
        expected="an IANA name, such as `Europe/London`",
        suggestion=suggestion,
    )
    return None


def _is_zone(name: str) -> bool:
    if name.startswith(("posix/", "right/")) or name in ("Factory", "localtime", "posixrules"):
        return False  # these are files of one machine and no zones of any warehouse
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def finish_entity(scope: EntityScope) -> Entity:
    """The entity; where it declares no attributes, with those that specs name."""
    attributes = scope.attributes
    if not scope.attributes_declared:
        attributes = {name: Column(name) for name in sorted(scope.used)}
    return Entity(
        name=scope.name,
        relation=scope.relation,
        key=scope.key,
        timezone=scope.timezone,
        attributes=attributes,
        attributes_declared=scope.attributes_declared,
        identifiers=scope.identifiers,
        consent=scope.consent,
        events={name: _finish_source(source) for name, source in sorted(scope.sources.items())},
        position=scope.position,
        aliases=scope.aliases,
        through=scope.through,
        positions=scope.positions,
    )


def _finish_source(scope: SourceScope) -> EventSource:
    properties = scope.properties
    if not scope.declared:
        properties = {name: Column(name) for name in sorted(scope.used)}
    return EventSource(
        scope.name,
        scope.relation,
        scope.key,
        scope.at,
        scope.id,
        scope.event_name,
        properties,
        scope.loaded_at,
        scope.history,
    )
