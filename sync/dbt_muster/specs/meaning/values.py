"""The types of values, and where things stand in a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Type(StrEnum):
    """The type of a value, as a spec declares it or as an aggregate yields it."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"  # without a zone in the warehouse; UTC unless its source names a zone
    TIMESTAMPTZ = "timestamptz"  # an instant in the warehouse
    LIST = "list"  # of strings
    LOCATION = "location"  # two columns of degrees
    JSON = "json"  # a column that paths begin with; no attribute or property is of this type itself
    UNKNOWN = "unknown"  # not declared: the warehouse types it


@dataclass(frozen=True)
class Position:
    """Where something stands in a spec file; line and column count from 1."""

    file: Path  # relative to the project's root
    line: int
    column: int
