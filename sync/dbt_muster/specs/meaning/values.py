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


@dataclass(frozen=True)
class WrittenSql:
    """A text of SQL as it stands in a spec.

    Attributes:
        text: the SQL.
        position: where its value begins.
        block: whether its lines stand below that, as after `|`.
        margin: the characters that stand before the text on its first line: a quote, or indentation.
    """

    text: str
    position: Position
    block: bool = False
    margin: int = 0

    def at(self, line: int, column: int) -> Position:
        """The place in the file of a line and a column of the text, both from 1."""
        start = self.position
        if self.block:
            return Position(start.file, start.line + line, self.margin + column)
        return Position(
            start.file, start.line + line - 1, column + (start.column - 1 + self.margin) * (line == 1)
        )
