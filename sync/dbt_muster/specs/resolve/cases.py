"""Tests of audiences: the audience, the tables and the columns that they name must exist."""

from __future__ import annotations

from dbt_muster.specs.meaning import Case, Column, Instant, LocalTime
from dbt_muster.specs.models.test import TestSpec
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.patch import UNSAID
from dbt_muster.specs.points import parse_point
from dbt_muster.specs.resolve.scope import Catalog, EntityScope, Site, SourceScope
from dbt_muster.specs.resolve.settings import plain, plain_settings
from dbt_muster.specs.resolve.times import parse_time
from dbt_muster.specs.yaml_tree import YamlPath

_AS_OF_EXPECTED = "a day, or a day and time, such as `2026-11-01` or `2026-11-01T09:00:00Z`"
Rows = tuple[dict[str, object], ...]


def resolve_case(site: Site, catalog: Catalog, spec: TestSpec) -> Case | None:
    """A test; None where its audience or its instant is not known, which is reported."""
    as_of = parse_time(site, parse_point, spec.as_of, ("as_of",), _AS_OF_EXPECTED)
    if as_of is not None and not isinstance(as_of, Instant | LocalTime):
        message = f"`{spec.as_of}` depends on when the test runs"
        site.report(("as_of",), "wrong_time", message, expected=_AS_OF_EXPECTED)
        as_of = None
    known = catalog.audiences.get(spec.test)
    if known is None:
        if spec.test != UNSAID and not catalog.excused("audience", spec.test):
            site.report(
                ("test",),
                "unknown_audience",
                f"there is no audience `{spec.test}`",
                expected=one_of(catalog.audiences),
                suggestion=nearest(spec.test, catalog.audiences),
            )
        return None
    entity = catalog.entities.get(known.entity)
    if entity is None:
        return None
    tables = _tables(site, entity, spec)
    if not isinstance(as_of, Instant | LocalTime):
        return None
    return Case(
        audience=spec.test,
        description=spec.description or "",
        as_of=as_of,
        entity_rows=tables.pop(entity.name, ()),
        event_rows=tables,
        expect=tuple(plain(key) for key in spec.expect),
        position=site.document.position(),
    )


def _tables(site: Site, entity: EntityScope, spec: TestSpec) -> dict[str, Rows]:
    """The given rows by the entity's name and the names of its event sources."""
    names = {entity.name: entity.name, f"{entity.name}s": entity.name}
    names |= {source: source for source in entity.sources}
    tables: dict[str, Rows] = {}
    for name, rows in spec.given.items():
        path: YamlPath = ("given", name)
        table = names.get(name)
        if table is None:
            if "events" not in entity.open_parts:
                message = f"there is no table `{name}` for the entity `{entity.name}`"
                near = nearest(name, names)
                site.report(path, "unknown_table", message, expected=one_of(names), suggestion=near, key=True)
            continue
        source = entity.sources.get(table)
        key, columns = _source_columns(source) if source else _entity_columns(entity)
        for index, row in enumerate(rows):
            _check_row(site, row, key, columns, (*path, index))
        tables[table] = tuple(plain_settings(row) for row in rows)
    return tables


def _entity_columns(entity: EntityScope) -> tuple[str, set[str] | None]:
    """The key column, and every column where the entity declares them."""
    columns = [*entity.attributes.values(), *entity.consent.values()]
    columns += [identifier.column for identifier in entity.identifiers.values()]
    closed = entity.attributes_declared and not entity.open_parts
    return entity.key.column, _names(columns, entity.key) if closed else None


def _source_columns(source: SourceScope) -> tuple[str, set[str] | None]:
    columns = [*source.properties.values(), source.at]
    columns += [column for column in (source.id, source.event_name) if column]
    closed = source.declared and not source.open
    return source.key.column, _names(columns, source.key) if closed else None


def _names(columns: list[Column], key: Column) -> set[str]:
    return {column.column for column in columns} | {key.column}


def _check_row(
    site: Site, row: dict[str, object], key: str, columns: set[str] | None, path: YamlPath
) -> None:
    if key not in row and key != UNSAID:
        message = f"this row has no `{key}`, which is the key"
        site.report(path, "missing_key", message, expected=f"`{key}:` with a value")
    for name in row:
        if columns is not None and name not in columns:
            message = f"the table has no column `{name}` that the specs know"
            site.report(
                (*path, name),
                "unknown_column",
                message,
                expected=one_of(columns),
                suggestion=nearest(name, columns),
                key=True,
            )
