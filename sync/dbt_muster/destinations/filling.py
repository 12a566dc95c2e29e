"""Texts of a platform's table of facts, such as addresses and headers, with the settings in their places."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from pydantic import SecretStr


@dataclass(frozen=True)
class Proof:
    """A fact that proves to know a secret without saying it: HMAC-SHA256 of one setting by another, in hex.

    Attributes:
        of: the setting that is signed.
        by: the setting that it is signed with; where it is not set, nothing is proved.
    """

    of: str
    by: str

    def made(self, settings: Any) -> str:
        """The proof; empty where there is none."""
        key, text = (_said(getattr(settings, name)).encode() for name in (self.by, self.of))
        return hmac.new(key, text, hashlib.sha256).hexdigest() if key else ""


@dataclass(frozen=True)
class Seconds:
    """A fact that is a time in seconds, as protobuf's JSON writes durations.

    Attributes:
        days: the setting that has it in days.
    """

    days: str

    def made(self, settings: Any) -> str:
        """The seconds."""
        return f"{getattr(settings, self.days) * 86_400}s"


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
    """Facts by their names, with texts filled as by `fill`, however deep they stand in them.

    A fact is left out, with all that stands in it, where it names a setting that is not set. A text that is
    nothing but `{name}` becomes what the setting is, such as a number.
    """
    own = {name: fact for name, fact in facts.items() if not _lacks(fact, settings, more)}
    return {name: _one(fact, settings, more) for name, fact in own.items()}


def _one(fact: Any, settings: Any, more: dict[str, str]) -> Any:
    if isinstance(fact, Mapping):
        return {name: _one(each, settings, more) for name, each in fact.items()}
    if isinstance(fact, list):
        return [_one(each, settings, more) for each in fact]
    if isinstance(fact, Proof | Seconds):
        return fact.made(settings)
    if not isinstance(fact, str):
        return fact
    name = fact.removeprefix("{").removesuffix("}")
    value = getattr(settings, name, None) if fact == f"{{{name}}}" and name.isidentifier() else None
    return value if isinstance(value, int) else fill(fact, settings, **more)


def _lacks(fact: Any, settings: Any, more: Mapping[str, str]) -> bool:
    """Whether a fact names a setting that is not set; what is no setting is there."""
    if isinstance(fact, Mapping | list):
        parts = fact.values() if isinstance(fact, Mapping) else fact
        return any(_lacks(each, settings, more) for each in parts)
    if isinstance(fact, Proof | Seconds):
        return not fact.made(settings)
    if not isinstance(fact, str):
        return False
    names = [name for _, name, _, _ in Formatter().parse(fact) if name and name not in more]
    return any(getattr(settings, name, name) in (None, "") for name in names)


class _Values(dict[str, str]):
    def __init__(self, settings: Any, more: dict[str, str]) -> None:
        super().__init__(more)
        self._settings = settings

    def __missing__(self, name: str) -> str:
        return _said(getattr(self._settings, name))


def _said(value: Any) -> str:
    """What a setting is, secret or not; empty where it is not set."""
    return secret(value) if value is None or isinstance(value, SecretStr) else str(value)
