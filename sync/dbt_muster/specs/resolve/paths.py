"""Values out of columns of JSON: the column, and the keys that lead to the value."""

from __future__ import annotations

from dbt_muster.specs.meaning import Column, Type
from dbt_muster.specs.models.columns import ValueSpec
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.yaml_tree import YamlPath

_EXPECTED = "a column and the keys below it, such as `properties.plan` or `[properties, plan]`"


def json_column(site: Site, spec: ValueSpec, declared: Type, zone: str | None, path: YamlPath) -> Column:
    """The column that a `path` begins with, and the keys after it; mistakes are reported."""
    if spec.column is not None:
        message = "`path` begins with the column, so no `column` stands beside it"
        site.report((*path, "column"), "wrong_value", message, expected="one of the two", key=True)
    if declared is Type.UNKNOWN and (*path, "type") not in site.patches.values:
        message = "a value out of JSON has no type of its own"
        expected = "`type:` beside `path:`, such as `type: string`"
        site.report((*path, "path"), "missing_key", message, expected=expected, key=True)
    written = spec.path or ""
    column, *keys = written.split(".") if isinstance(written, str) else written
    if not column or not keys or not all(keys):
        message = f"`{spec.path}` does not lead from a column to a key in it"
        site.report((*path, "path"), "wrong_value", message, expected=_EXPECTED)
    return Column(column, declared, zone, tuple(keys))
