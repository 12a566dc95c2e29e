"""Values of settings files rendered as dbt renders profiles.yml: `env_var`, and the `as_…` filters."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any

import jinja2
from jinja2.nativetypes import NativeEnvironment
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from dbt_muster.errors import UsageError

_VARIABLE = re.compile(r"env_var\(\s*['\"](\w+)['\"]")


class SettingsError(UsageError):
    """A value cannot be rendered; the message names what is missing and never shows a value."""


class MissingVariableError(SettingsError):
    """An environment variable is not set.

    Attributes:
        variable: its name.
    """

    def __init__(self, variable: str) -> None:
        self.variable = variable
        super().__init__(
            f"The environment variable {variable} is not set. Set it, or give a default: "
            f"{{{{ env_var('{variable}', 'default') }}}}."
        )


def render_settings(value: object) -> Any:
    """Render every text inside a value read from YAML; mappings and lists keep their shape.

    Args:
        value: what YAML gave: text, numbers, mappings, lists.

    Raises:
        SettingsError: an environment variable is not set and has no default, or the Jinja is malformed.
    """
    if isinstance(value, str):
        return _render_text(value)
    if isinstance(value, dict):
        return {key: render_settings(item) for key, item in value.items()}
    if isinstance(value, list):
        return [render_settings(item) for item in value]
    return value


def empty_variables(text: str) -> list[str]:
    """Environment variables that a text names and that are set, but to nothing.

    Args:
        text: as it is written, before it is rendered.
    """
    return [name for name in _VARIABLE.findall(text) if os.environ.get(name) == ""]


def _render_text(text: str) -> Any:
    if "{{" not in text and "{%" not in text:
        return text
    try:
        template = _ENVIRONMENT.from_string(text)
        # Not `render()`: that of a native template reads text such as '7' as a Python literal.
        return _join(template.root_render_func(template.new_context()))
    except jinja2.TemplateError as error:
        # The message of a template error is about the template; the rendered values are not in it.
        raise SettingsError(f"{error.message or type(error).__name__}") from None


def _env_var(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise MissingVariableError(name)
    return value


# The filters take the context, which they do not need, because Jinja would else fold a filter over a literal
# into text when it compiles the template.


@jinja2.pass_context
def _as_bool(_context: Context, value: object) -> bool:
    text = str(value).strip().lower()
    if text not in ("true", "false"):
        raise SettingsError("`as_bool` was used on a value that is neither true nor false.")
    return text == "true"


@jinja2.pass_context
def _as_number(_context: Context, value: object) -> int | float:
    try:
        return int(str(value))
    except ValueError:
        pass
    try:
        return float(str(value))
    except ValueError:
        raise SettingsError("`as_number` was used on a value that is not a number.") from None


@jinja2.pass_context
def _as_it_is(_context: Context, value: object) -> object:
    return value


def _join(values: Iterable[Any]) -> Any:
    """One expression keeps its type, as `as_number` means it to; anything else is text."""
    parts = list(values)
    if len(parts) == 1 and not isinstance(parts[0], jinja2.Undefined):
        return parts[0]
    return "".join(str(part) for part in parts)


class _SettingsEnvironment(SandboxedEnvironment, NativeEnvironment):
    """Sandboxed, because a settings file is data; native, so that a filter can give a number."""


def _environment() -> _SettingsEnvironment:
    environment = _SettingsEnvironment(undefined=jinja2.StrictUndefined)
    environment.globals.update({"env_var": _env_var})
    environment.filters.update(
        {"as_bool": _as_bool, "as_number": _as_number, "as_native": _as_it_is, "as_text": str}
    )
    return environment


_ENVIRONMENT = _environment()
