"""Renders macros and stubs for one dialect, without dbt and without a connection."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any, NoReturn

import jinja2
import pytz

from dbt_muster.errors import MusterError
from dbt_muster.render.macros import (
    MacroReturn,
    compiled_text,
    load_macros,
    macro_folder,
    make_environment,
)

# The adapters whose SQL the macros write, each with the prefixes that its dispatch looks for, in order. The
# chains are dbt's own: an adapter that builds on another one falls back to that one's macros.
DIALECTS: dict[str, tuple[str, ...]] = {
    "duckdb": ("duckdb", "default"),
    "postgres": ("postgres", "default"),
    "snowflake": ("snowflake", "default"),
    "bigquery": ("bigquery", "default"),
    "spark": ("spark", "default"),
    "databricks": ("databricks", "spark", "default"),
    "redshift": ("redshift", "postgres", "default"),
    "trino": ("trino", "default"),
}

RelationOf = Callable[..., str]


class RenderError(MusterError):
    """A macro refused what it was given, or its arguments do not fit."""


class Renderer:
    """The macros of one dialect, callable from Python.

    Args:
        dialect: a dbt adapter's type, one of `DIALECTS`.
        variables: dbt vars, such as `muster_as_of`.
        relation: gives the SQL name of `ref('model')` or `source('name', 'table')`: it is called with the
            kind, then the names. By default the last name, quoted for the dialect.
        existing: the SQL names of tables that macros look for by their name, because no model makes them.
        run_started_at: the evaluation's instant where `muster_as_of` is not set; an aware datetime.
        invocation_id: what dbt calls this run.
    """

    def __init__(
        self,
        dialect: str,
        *,
        variables: Mapping[str, object] | None = None,
        relation: RelationOf | None = None,
        existing: Mapping[str, str] | None = None,
        run_started_at: datetime.datetime | None = None,
        invocation_id: str = "outside-dbt",
    ) -> None:
        if dialect not in DIALECTS:
            raise RenderError(
                f"No macros for the warehouse type {dialect!r}; there are: {', '.join(DIALECTS)}."
            )
        self.dialect = dialect
        self._incremental = False
        self._relation = relation or self._default_relation
        self._existing = dict(existing or {})
        self._this = _This()
        self._environment = make_environment()
        self._environment.globals.update(self._context(dict(variables or {}), run_started_at, invocation_id))
        self._macros = load_macros(self._environment, macro_folder())

    def call(self, macro: str, *arguments: object) -> str:
        """The text that one macro renders.

        Args:
            macro: its name, such as `muster_string`.
            arguments: plain values: text, numbers, booleans, lists, dicts, datetimes.

        Raises:
            RenderError: there is no such macro, or it refused its arguments.
        """
        return str(self.value(macro, *arguments)).strip()

    def value(self, macro: str, *arguments: object) -> Any:
        """What one macro returns, as it is: for the macros that return a datetime or a list."""
        function = getattr(self._macros, macro, None)
        if function is None:
            raise RenderError(f"There is no macro {macro!r}.")
        return self._guarded(lambda: function(*arguments))

    def model(self, text: str, *, this: str = "this", incremental: bool = False) -> str:
        """The SQL of a model file, as `dbt compile` would show it.

        Args:
            text: the file's content.
            this: the SQL name of the model's own table.
            incremental: whether `is_incremental()` holds.
        """
        self._incremental = incremental
        self._this.name = this
        code, literals = self._guarded(lambda: compiled_text(text))
        template = jinja2.Template.from_code(self._environment, code, self._environment.globals)
        values = {name: json.loads(literal) for name, literal in literals.items()}
        return str(self._guarded(lambda: template.render(values))).strip()

    def _guarded(self, render: Callable[[], Any]) -> Any:
        try:
            return render()
        except MacroReturn as returned:
            return returned.value
        except jinja2.TemplateError as error:
            raise RenderError(f"{error.message or error}") from error

    def _context(
        self,
        variables: dict[str, object],
        run_started_at: datetime.datetime | None,
        invocation_id: str,
    ) -> dict[str, object]:
        """The part of dbt's context that the macros use."""
        started = run_started_at or datetime.datetime.now(datetime.UTC)
        return {
            "adapter": SimpleNamespace(
                dispatch=self._dispatch,
                get_relation=lambda _in, _of, name: self._existing.get(name),
            ),
            "config": lambda *_, **__: "",
            "exceptions": SimpleNamespace(raise_compiler_error=_refuse),
            "execute": True,
            "invocation_id": invocation_id,
            "is_incremental": lambda: self._incremental,
            "modules": SimpleNamespace(datetime=datetime, pytz=pytz, re=re),
            "project_name": "muster",
            "ref": partial(self._relation, "ref"),
            "return": _return,
            "run_started_at": started,
            "source": partial(self._relation, "source"),
            "target": SimpleNamespace(schema="main"),
            "this": self._this,
            "var": lambda name, default=None: variables.get(name, default),
        }

    def _dispatch(self, macro: str, package: str) -> Callable[..., Any]:
        for prefix in DIALECTS[self.dialect]:
            found = getattr(self._macros, f"{prefix}__{macro}", None)
            if found is not None:
                return found  # type: ignore[no-any-return]
        raise RenderError(f"{macro} is not written for {self.dialect} in {package}.")

    def _default_relation(self, _kind: str, *names: str) -> str:
        return self.call("muster_identifier", names[-1])


class _This:
    """The model's own table. The macros look their globals up once, so its name must be able to change."""

    name = "this"
    database = "main"

    def __str__(self) -> str:
        return self.name


def _return(value: object) -> NoReturn:
    raise MacroReturn(value)


def _refuse(message: str) -> NoReturn:
    raise RenderError(message)
