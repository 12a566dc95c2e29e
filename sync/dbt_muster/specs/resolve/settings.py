"""Settings of destinations and syncs: kept as they are written, but for secrets, which are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from dbt_muster.specs.meaning import Position
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.yaml_tree import YamlPath

# An address that gives out tokens is none itself.
_SECRET_WORD = re.compile(
    r"(?:^|_)(?:token(?!_ur[il]$)|secrets?|password|passwd|passphrase|credentials?|authorization|apikey)(?:_|$)"
    r"|(?:^|_)key$"
)
_ENV_VAR = re.compile(r"\{\{.*?\benv_var\s*\(", re.DOTALL)
_WITH_DEFAULT = re.compile(r"\benv_var\s*\(\s*(['\"]).*?\1\s*,(?!\s*(['\"])\2)", re.DOTALL)
_PASSWORD_IN_ADDRESS = re.compile(r"://[^/\s:@{}]*:[^/\s@{}]+@")
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")
EXPECTED = "\"{{ env_var('NAME_OF_THE_VARIABLE') }}\""


def is_from_environment(text: str) -> bool:
    """Whether a value comes from an environment variable that has no default written beside it."""
    return _ENV_VAR.search(text) is not None and _WITH_DEFAULT.search(text) is None


def plain_settings(settings: dict[str, object]) -> dict[str, object]:
    """Settings with plain values."""
    return {key: plain(value) for key, value in settings.items()}


def plain(value: object) -> object:
    """A setting's value with numbers as Python's own: exact decimals matter to conditions alone."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def refuse_secrets(site: Site, settings: dict[str, object], path: YamlPath) -> None:
    """Reports every value that looks like a secret and does not come from the environment."""
    for at, value in _leaves(settings, path):
        key = next((item for item in reversed(at) if isinstance(item, str)), "")
        message = _why_secret(key, value)
        if message:
            site.report(at, "secret", message, expected=EXPECTED)


def _why_secret(key: str, value: object) -> str | None:
    text = value if isinstance(value, str) else ""
    if _PRIVATE_KEY.search(text):
        return "this is a private key, and secrets only ever come from the environment"
    if _PASSWORD_IN_ADDRESS.search(text):
        return "this address holds a password, and secrets only ever come from the environment"
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower())
    if not _SECRET_WORD.search(words) or value is None or isinstance(value, bool):
        return None
    if not _ENV_VAR.search(text):
        return f"`{key}` looks like a secret, and secrets only ever come from the environment"
    if _WITH_DEFAULT.search(text):
        return f"the default of `{key}` is a secret that is written down"
    return None


def _leaves(value: object, path: YamlPath) -> Iterator[tuple[YamlPath, object]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))
    else:
        yield path, value


def positions(site: Site, settings: dict[str, object], path: YamlPath) -> dict[str, Position]:
    """The place of every setting's value, by its key; nested keys are joined by dots."""
    found: dict[str, Position] = {}
    for key, value in settings.items():
        found[key] = site.document.position((*path, key))
        if isinstance(value, dict):
            inner = positions(site, value, (*path, key))
            found |= {f"{key}.{name}": place for name, place in inner.items()}
    return found
