"""Tests of audiences: what they name must exist, and each value must fit the column that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dbt_muster.specs.meaning import (
    NO_ROWS,
    Aliases,
    Case,
    Cell,
    Column,
    GivenRows,
    Instant,
    LocalTime,
    Type,
)
from dbt_muster.specs.models.test import TestSpec
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.patch import UNSAID
from dbt_muster.specs.points import parse_point
from dbt_muster.specs.resolve.cells import cell, inferred
from dbt_muster.specs.resolve.literals import UnfitError
from dbt_muster.specs.resolve.scope import Catalog, EntityScope, Site, SourceScope
from dbt_muster.specs.resolve.times import parse_time
from dbt_muster.specs.yaml_tree import YamlPath

_ALIASES = "~aliases"
"""The table of aliases among the given ones; no event source can have such a name."""
_AS_OF_EXPECTED = "a day, or a day and time, such as `2026-11-01` or `2026-11-01T09:00:00Z`"


def resolve_case(site: Site, catalog: Catalog, spec: TestSpec) -> Case | None:
    """A test; None where its audience or its instant is not known, which is reported."""
    as_of = parse_time(site, parse_point, spec.as_of, ("as_of",), _AS_OF_EXPECTED)
    if as_of is not None and not isinstance(as_of, Instant | LocalTime):
        message = f"`{spec.as_of}` depends on when the test runs"
        site.report(("as_of",), "wrong_time", message, expected=_AS_OF_EXPECTED)
        as_of = None
    audience = spec.audience or spec.test
    entity = _entity(site, catalog, spec, audience)
    if entity is None:
        return None
    given = _Given(site, entity, spec)
    tables = {name: given.rows(table) for name, table in given.tables.items()}
    expect = given.expected()
    if not isinstance(as_of, Instant | LocalTime):
        return None
    return Case(
        name=spec.test,
        audience=audience,
        description=spec.description or "",
        as_of=as_of,
        entity_rows=tables.pop("", NO_ROWS),
        alias_rows=tables.pop(_ALIASES, NO_ROWS),
        event_rows=tables,
        expect=expect,
        position=site.document.position(),
    )


def _entity(site: Site, catalog: Catalog, spec: TestSpec, audience: str) -> EntityScope | None:
    """The entity of the audience that is tested."""
    known = catalog.audiences.get(audience)
    if known is not None:
        return catalog.entities.get(known.entity)
    if audience != UNSAID and not catalog.excused("audience", audience):
        hint = "" if spec.audience else "; a test of another name says `audience:`"
        site.report(
            ("audience",) if spec.audience else ("test",),
            "unknown_audience",
            f"there is no audience `{audience}`",
            expected=(one_of(catalog.audiences) or "an audience under audience_specs/audiences") + hint,
            suggestion=nearest(audience, catalog.audiences),
        )
    return None


@dataclass(frozen=True)
class _Table:
    """A table that rows are given of: what specs know about its columns."""

    path: YamlPath
    given: list[dict[str, object]]
    key: str
    keys: frozenset[str]  # all columns of keys, which have one type
    types: dict[str, Type]
    plain: frozenset[str]  # columns that tell things apart, so never hold times
    closed: bool  # whether it has no other columns


class _Given:
    """The rows that a test gives, by table: the entity's own is `""`, the others are event sources."""

    def __init__(self, site: Site, entity: EntityScope, spec: TestSpec) -> None:
        self.site = site
        self.entity = entity
        self.spec = spec
        self.tables: dict[str, _Table] = {}
        for name, rows in spec.given.items():
            self._add(name, rows)
        self.key_type = self._key_type()

    def rows(self, table: _Table) -> GivenRows:
        """The rows with their values fitted to the columns; what does not fit is reported."""
        types: dict[str, Type] = {}
        for name in {name: None for row in table.given for name in row}:
            declared = self.key_type if name in table.keys else table.types.get(name, Type.UNKNOWN)
            if declared is Type.UNKNOWN:
                values = [row.get(name) for row in table.given]
                declared = inferred(values, times=name not in table.plain)
            types[name] = declared
        fitted = []
        for index, row in enumerate(table.given):
            self._check_names(table, row, (*table.path, index))
            fitted.append(
                {
                    name: self._cell(value, types[name], (*table.path, index, name))
                    for name, value in row.items()
                }
            )
        return GivenRows(types, tuple(fitted))

    def expected(self) -> tuple[str | int, ...]:
        """The expected keys, each once."""
        found: list[str | int] = []
        for index, value in enumerate(self.spec.expect):
            key = self._cell(value, self.key_type, ("expect", index))
            if key in found:
                message = f"the key `{key}` stands twice"
                self.site.report(("expect", index), "duplicate_key", message, expected="each key once")
            elif isinstance(key, str | int):
                found.append(key)
        return tuple(found)

    def _add(self, name: str, rows: list[dict[str, object]]) -> None:
        entity = self.entity
        names = {entity.name: "", f"{entity.name}s": ""}
        names |= {f"{entity.name}_aliases": _ALIASES} if entity.aliases else {}
        names |= {source: source for source in entity.sources}
        path: YamlPath = ("given", name)
        table = names.get(name)
        if table is None:
            if "events" not in entity.open_parts:
                message = f"there is no table `{name}` for the entity `{entity.name}`"
                near = nearest(name, names)
                self.site.report(
                    path, "unknown_table", message, expected=one_of(names), suggestion=near, key=True
                )
        elif table in self.tables:
            message = f"`{name}` is the table `{self.tables[table].path[-1]}`, which is given already"
            self.site.report(path, "duplicate_key", message, expected="all its rows in one place", key=True)
        elif table == _ALIASES and entity.aliases is not None:
            self.tables[table] = _aliases_table(path, rows, entity.aliases)
        elif table:
            self.tables[table] = _source_table(path, rows, entity.sources[table])
        else:
            self.tables[table] = _entity_table(path, rows, entity)

    def _key_type(self) -> Type:
        """The keys' declared type, or that of the first one given: every table must agree on it."""
        declared = self.entity.key.type
        if declared is not Type.UNKNOWN:
            return declared
        keys = [
            row.get(key)
            for table in self.tables.values()
            for key in sorted(table.keys)
            for row in table.given
        ]
        first = next((key for key in [*keys, *self.spec.expect] if key is not None), "")
        return Type.INTEGER if isinstance(first, int) and not isinstance(first, bool) else Type.STRING

    def _cell(self, value: object, wanted: Type, path: YamlPath) -> Cell:
        try:
            return cell(value, wanted)
        except UnfitError as error:
            self.site.report(
                path, "type_mismatch", error.message, expected=error.expected, suggestion=error.suggestion
            )
            return None

    def _check_names(self, table: _Table, row: dict[str, object], path: YamlPath) -> None:
        if table.key not in row and table.key != UNSAID:
            message = f"this row has no `{table.key}`, which is the key"
            self.site.report(path, "missing_key", message, expected=f"`{table.key}:` with a value")
        for name in row:
            if table.closed and name not in table.types:
                self.site.report(
                    (*path, name),
                    "unknown_column",
                    f"the table has no column `{name}` that the specs know",
                    expected=one_of(table.types),
                    suggestion=nearest(name, table.types),
                    key=True,
                )


def _entity_table(path: YamlPath, rows: list[dict[str, object]], entity: EntityScope) -> _Table:
    identifiers = [identifier.column for identifier in entity.identifiers.values()]
    columns = [entity.key, *entity.attributes.values(), *entity.consent.values(), *identifiers]
    # A table of people may say of each whom they have been merged into.
    aliases = entity.aliases
    keys = [aliases.alias, aliases.canonical] if aliases and aliases.relation == entity.relation else []
    closed = entity.attributes_declared and not entity.open_parts
    return _table(path, rows, columns, [entity.key, *identifiers], keys=keys, closed=closed)


def _aliases_table(path: YamlPath, rows: list[dict[str, object]], aliases: Aliases) -> _Table:
    columns = [aliases.alias, aliases.canonical]
    return _table(path, rows, columns, columns, keys=columns, closed=True)


def _source_table(path: YamlPath, rows: list[dict[str, object]], source: SourceScope) -> _Table:
    named = [column for column in (source.id, source.event_name) if column]
    columns = [source.key, source.at, *source.properties.values(), *named]
    return _table(path, rows, columns, [source.key, *named], closed=source.declared and not source.open)


def _table(
    path: YamlPath,
    rows: list[dict[str, object]],
    columns: list[Column],
    plain: Iterable[Column],
    *,
    keys: Iterable[Column] = (),
    closed: bool,
) -> _Table:
    """The key is the first of the columns; `keys` are others that hold keys of the same entity."""
    key = columns[0].column
    of_keys = frozenset([key, *(column.column for column in keys)])
    names = of_keys | {column.column for column in plain}
    return _Table(path, rows, key, of_keys, dict(_types([*columns, *keys])), names, closed)


def _types(declared: list[Column]) -> Iterator[tuple[str, Type]]:
    """Each column with its type; one that is declared in several ways has the first that is said."""
    columns = [stored for column in declared for stored in column.stored]
    for name in dict.fromkeys(column.column for column in columns):
        of_column = [column.type for column in columns if column.column == name]
        yield name, next((kind for kind in of_column if kind is not Type.UNKNOWN), Type.UNKNOWN)
