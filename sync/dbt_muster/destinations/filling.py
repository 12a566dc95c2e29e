"""Texts of a platform's table of facts, such as addresses and headers, with the settings in their places."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any

from pydantic import SecretStr


def secret(value: SecretStr | None) -> str:
    """The text of a secret setting; empty where it is not set."""
    return value.get_secret_value() if value is not None else ""


def fill(text: str, settings: Any, **more: str) -> str:
    """A text with `{name}` replaced by the setting of that name, secret or not.

    Args:
        text: such as `/lists/{list}/segments/{remote}`.
        settings: a destination's.
        more: values that are no settings, such as `remote`.
    """
    return text.format_map(_Values(settings, more))


def filled(facts: Mapping[str, Any], settings: Any, **more: str) -> dict[str, Any]:
    """Facts by their names, with texts filled as by `fill`; without those whose setting is not set.

    A text that is nothing but `{name}` becomes what the setting is, such as a number.
    """
    return {
        name: _one(fact, settings, more) if isinstance(fact, str) else fact
        for name, fact in facts.items()
        if not (isinstance(fact, str) and _lacks(fact, settings))
    }


def _one(text: str, settings: Any, more: dict[str, str]) -> Any:
    name = text.removeprefix("{").removesuffix("}")
    value = getattr(settings, name, None) if text == f"{{{name}}}" and name.isidentifier() else None
    return value if isinstance(value, int) else fill(text, settings, **more)


def _lacks(text: str, settings: Any) -> bool:
    """Whether a text names a setting that is not set; what is no setting is there."""
    names = [name for _, name, _, _ in Formatter().parse(text) if name]
    return any(getattr(settings, name, name) in (None, "") for name in names)


class _Values(dict[str, str]):
    def __init__(self, settings: Any, more: dict[str, str]) -> None:
        super().__init__(more)
        self._settings = settings

    def __missing__(self, name: str) -> str:
        value = getattr(self._settings, name)
        return secret(value) if isinstance(value, SecretStr) else str(value)
