"""The tables that a model of somebody's own reads, and what is known of their columns.

The catalog that `dbt docs generate` writes knows all columns of what has been built. Columns that YAML
declares are all only where a contract is enforced; elsewhere one that is not among them may be there too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers

from dbt_muster.specs.meaning import Type

_KINDS: tuple[tuple[set[exp.DType], Type], ...] = (
    (exp.DataType.INTEGER_TYPES, Type.INTEGER),
    (exp.DataType.NUMERIC_TYPES, Type.NUMBER),
    ({exp.DType.BOOLEAN}, Type.BOOLEAN),
    ({exp.DType.DATE}, Type.DATE),
    ({exp.DType.TIMESTAMPTZ, exp.DType.TIMESTAMPLTZ}, Type.TIMESTAMPTZ),
    (exp.DataType.TEMPORAL_TYPES - {exp.DType.TIME, exp.DType.TIMETZ}, Type.TIMESTAMP),
    (exp.DataType.TEXT_TYPES, Type.STRING),
    ({exp.DType.JSON, exp.DType.JSONB}, Type.JSON),
)


@dataclass(frozen=True)
class OwnTable:
    """A table that a model reads.

    Attributes:
        name: the model's or the source's.
        relation: its parts as the warehouse has them, the table's own name last.
        columns: as the warehouse stores their names, each with its type there, empty where nobody says.
        complete: whether it has no other columns.
    """

    name: str
    relation: tuple[str, ...]
    columns: Mapping[str, str]
    complete: bool

    def is_meant_by(self, table: exp.Table) -> bool:
        """Whether SQL names this table."""
        parts = [part.name.lower() for part in table.parts]
        return [part.lower() for part in self.relation[-len(parts) :]] == parts


def kind_of(written: str, dialect: str) -> Type:
    """What a column of some type can hold, as far as made-up rows go.

    Args:
        written: the type, as the warehouse calls it.
        dialect: the warehouse.
    """
    kind = data_type(written, dialect)
    if kind is None:
        return Type.UNKNOWN
    if kind.this in (exp.DType.DECIMAL, exp.DType.BIGDECIMAL) and _is_whole(kind, dialect):
        return Type.INTEGER
    if kind.this is exp.DType.ARRAY and all(
        each.this in exp.DataType.TEXT_TYPES for each in kind.expressions
    ):
        return Type.LIST
    return next((found for types, found in _KINDS if kind.this in types), Type.UNKNOWN)


def data_type(written: str, dialect: str) -> exp.DataType | None:
    """A type as sqlglot reads it; None where there is none or nobody knows it."""
    try:
        return exp.DataType.build(written, dialect=dialect) if written else None
    except (SqlglotError, ValueError):
        return None


def _is_whole(kind: exp.DataType, dialect: str) -> bool:
    """Whether a decimal has no digits after the point; Snowflake's number has none unless told."""
    sizes = [size.name for size in kind.find_all(exp.DataTypeParam)]
    return sizes[1:] == ["0"] if len(sizes) > 1 else bool(sizes) or dialect == "snowflake"


def read_catalog(path: Path) -> dict[str, Any]:
    """What a catalog has, by the ids of the manifest; nothing where there is none that can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {**content.get("nodes", {}), **content.get("sources", {})}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def tables_of(
    node: Mapping[str, Any], content: Mapping[str, Any], catalog: Mapping[str, Any], dialect: str
) -> tuple[OwnTable, ...]:
    """The tables that a model reads.

    Args:
        node: the model, in the manifest.
        content: the manifest.
        catalog: what the catalog has, by id.
        dialect: the warehouse that it was compiled for.
    """
    every = {**content.get("nodes", {}), **(content.get("sources") or {})}
    found = []
    for name in (node.get("depends_on") or {}).get("nodes") or ():
        read = every.get(name)
        if isinstance(read, Mapping) and read.get("relation_name"):
            found.append(_table(read, catalog.get(name), dialect))
    return tuple(found)


def _table(node: Mapping[str, Any], built: Any, dialect: str) -> OwnTable:
    relation = exp.to_table(str(node["relation_name"]), dialect=dialect)
    parts = tuple(part.name for part in relation.parts)
    columns = (built or {}).get("columns") or {}
    if columns:
        types = {
            _stored(str(each["name"]), dialect, quoted=True): str(each.get("type") or "")
            for each in columns.values()
        }
        return OwnTable(str(node["name"]), parts, types, complete=True)
    types = {
        _stored(str(each["name"]), dialect, quoted=bool(each.get("quote"))): str(each.get("data_type") or "")
        for each in (node.get("columns") or {}).values()
    }
    enforced = bool(((node.get("config") or {}).get("contract") or {}).get("enforced"))
    return OwnTable(str(node["name"]), parts, types, complete=enforced)


def _stored(name: str, dialect: str, *, quoted: bool) -> str:
    """A column's name as the warehouse stores it: without quotes in capitals, say."""
    return normalize_identifiers(exp.to_identifier(name, quoted=quoted), dialect=dialect).name
