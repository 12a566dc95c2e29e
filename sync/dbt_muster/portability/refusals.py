"""Which part of a statement the macros refuse to write for a warehouse, in DuckDB's words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from operator import eq
from typing import Any

from dbt_muster.portability.parsing import shown
from dbt_muster.portability.statements import Statement, renderer
from dbt_muster.render import Renderer, RenderError

Call = tuple[str, tuple[object, ...]]
"""A primitive that differs between warehouses, and what it was given."""


class _Watched(Renderer):
    """A renderer that remembers the primitives that it has written, and the first that refused."""

    written: list[tuple[Call, str]]
    refused: Call | None

    def watch(self, statement: Statement) -> bool:
        """Whether a statement can be written; what it takes is remembered until the next one."""
        self.written, self.refused = [], None
        try:
            statement.sql(self)
        except RenderError:
            return False
        return True

    def _dispatch(self, macro: str, package: str) -> Callable[..., Any]:
        return partial(self._watch, macro, super()._dispatch(macro, package))

    def _watch(self, macro: str, found: Callable[..., Any], *arguments: object) -> Any:
        try:
            text = found(*arguments)
        except RenderError:
            self.refused = self.refused or (macro, arguments)
            raise
        self.written.append(((macro, arguments), str(text)))
        return text


@cache
def _watched(dialect: str) -> _Watched:
    watched = renderer(dialect, kind=_Watched)
    assert isinstance(watched, _Watched)  # noqa: S101 - it was asked for
    return watched


def refused_part(statement: Statement, dialect: str) -> str:
    """What DuckDB has where a warehouse's macros refuse; nothing where DuckDB's do, too.

    Args:
        statement: one that cannot be written for the warehouse.
        dialect: the warehouse.
    """
    there, here = _watched(dialect), _watched("duckdb")
    if there.watch(statement) or there.refused is None or not here.watch(statement):
        return ""
    macro, arguments = there.refused
    same = [(given, text) for (name, given), text in here.written if name == macro]
    alike = [sum(map(eq, given, arguments)) for given, _ in same]
    return shown(same[alike.index(max(alike))][1]) if same else ""
