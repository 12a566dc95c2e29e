"""Tests of audiences: what they name must exist, and each value must fit the column that it stands in."""

from __future__ import annotations

from dbt_muster.specs.meaning import NO_ROWS, Case, Cell, EntityRows, GivenRows, Instant, LocalTime, Type
from dbt_muster.specs.models.test import TestSpec
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.patch import UNSAID
from dbt_muster.specs.points import parse_point
from dbt_muster.specs.resolve.cells import cell, inferred
from dbt_muster.specs.resolve.given import ALIASES, Table, table_names, table_of
from dbt_muster.specs.resolve.literals import UnfitError
from dbt_muster.specs.resolve.scope import Catalog, EntityScope, Site
from dbt_muster.specs.resolve.times import parse_time
from dbt_muster.specs.yaml_tree import YamlPath

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
    given = _Given(site, catalog, entity, spec)
    rows = given.by_entity()
    expect = given.expected()
    if not isinstance(as_of, Instant | LocalTime):
        return None
    return Case(
        name=spec.test,
        audience=audience,
        description=spec.description or "",
        as_of=as_of,
        given=rows,
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


class _Given:
    """The rows that a test gives, by table."""

    def __init__(self, site: Site, catalog: Catalog, entity: EntityScope, spec: TestSpec) -> None:
        self.site = site
        self.entity = entity
        self.spec = spec
        self.names = table_names(catalog, entity)
        self.tables: dict[tuple[str, str], Table] = {}
        for name, rows in spec.given.items():
            self._add(name, rows)
        scopes = {scope.name: scope for scope, _ in self.names.values()}
        self.key_types = {name: self._key_type(scope) for name, scope in scopes.items()}

    def by_entity(self) -> dict[str, EntityRows]:
        """All rows, by the entity whose tables they are of."""
        found: dict[str, dict[str, GivenRows]] = {}
        for (entity, part), table in self.tables.items():
            found.setdefault(entity, {})[part] = self.rows(table)
        return {
            entity: EntityRows(parts.pop("", NO_ROWS), parts.pop(ALIASES, NO_ROWS), parts)
            for entity, parts in found.items()
        }

    def rows(self, table: Table) -> GivenRows:
        """The rows with their values fitted to the columns; what does not fit is reported."""
        types: dict[str, Type] = {}
        for name in {name: None for row in table.given for name in row}:
            declared = table.types.get(name, Type.UNKNOWN)
            whose = table.keys.get(name)
            if whose is not None and (whose == table.entity or declared is Type.UNKNOWN):
                declared = self.key_types.get(whose, Type.UNKNOWN)
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
            key = self._cell(value, self.key_types[self.entity.name], ("expect", index))
            if key in found:
                message = f"the key `{key}` stands twice"
                self.site.report(("expect", index), "duplicate_key", message, expected="each key once")
            elif isinstance(key, str | int):
                found.append(key)
        return tuple(found)

    def _add(self, name: str, rows: list[dict[str, object]]) -> None:
        path: YamlPath = ("given", name)
        if name not in self.names:
            if "events" not in self.entity.open_parts:
                known = [known for known in self.names if "." not in known]
                message = f"there is no table `{name}` for the entity `{self.entity.name}`"
                near = nearest(name, self.names)
                self.site.report(
                    path, "unknown_table", message, expected=one_of(known), suggestion=near, key=True
                )
            return
        entity, part = self.names[name]
        there = self.tables.get((entity.name, part))
        if there is not None:
            message = f"`{name}` is the table `{there.path[-1]}`, which is given already"
            self.site.report(path, "duplicate_key", message, expected="all its rows in one place", key=True)
        else:
            self.tables[entity.name, part] = table_of(path, rows, entity, part)

    def _key_type(self, entity: EntityScope) -> Type:
        """The keys' declared type, or that of the first one given: every table must agree on it."""
        if entity.key.type is not Type.UNKNOWN:
            return entity.key.type
        keys = [
            row.get(column)
            for table in self.tables.values()
            for column, whose in sorted(table.keys.items())
            for row in table.given
            if whose == entity.name
        ]
        expected = self.spec.expect if entity is self.entity else []
        first = next((key for key in [*keys, *expected] if key is not None), "")
        return Type.INTEGER if isinstance(first, int) and not isinstance(first, bool) else Type.STRING

    def _cell(self, value: object, wanted: Type, path: YamlPath) -> Cell:
        try:
            return cell(value, wanted)
        except UnfitError as error:
            self.site.report(
                path, "type_mismatch", error.message, expected=error.expected, suggestion=error.suggestion
            )
            return None

    def _check_names(self, table: Table, row: dict[str, object], path: YamlPath) -> None:
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
