"""From a destination as written in a spec to one that can be used: rendered, checked, opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from dbt_muster.destinations.base import Destination, SyncOptions
from dbt_muster.destinations.registry import find_type
from dbt_muster.errors import UsageError
from dbt_muster.render.settings import SettingsError, render_settings
from dbt_muster.specs.meaning import Destination as DestinationSpec
from dbt_muster.specs.meaning import Position, Sync

# Headers that carry a secret by their name.
_MAY_BE_SECRET = re.compile(r"auth|token|key|secret|cookie|password", re.IGNORECASE)

Model = TypeVar("Model", bound=BaseModel)


def open_destination(spec: DestinationSpec, *, root: Path) -> Destination:
    """Render a destination's settings, check them and make the destination.

    Args:
        spec: the destination as read from destinations.yml.
        root: the project's folder, which relative paths start from.

    Raises:
        UsageError: an unknown type, a missing environment variable, a setting that does not fit, or a secret
            that is written in the file. The message says where, and never shows a value.
    """
    where = _where(spec.position)
    try:
        kind = find_type(spec.type)
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None
    _refuse_written_secrets(spec, kind, where)
    settings = _validated(
        kind.settings_model, _rendered(spec, kind, where), f"{where}: destination {spec.name!r}"
    )
    if settings.batch_size is not None and settings.batch_size > kind.capabilities.largest_batch:
        largest = kind.capabilities.largest_batch
        raise UsageError(f"{where}: destination {spec.name!r}: batch_size may be at most {largest}.")
    return kind(spec.name, settings, root=root)


def check_options(destination: Destination, sync: Sync) -> SyncOptions:
    """The options of one `sync:` entry, checked against the destination's type.

    Raises:
        UsageError: an option that the type does not have, or a value that does not fit.
    """
    where = f"{_where(sync.position)}: sync to {destination.name!r}"
    return _validated(destination.options_model, dict(sync.options), where)


def _rendered(spec: DestinationSpec, kind: type[Destination], where: str) -> dict[str, object]:
    rendered: dict[str, object] = {}
    for key, value in spec.settings.items():
        if key in kind.templates:
            rendered[key] = value
            continue
        try:
            rendered[key] = render_settings(value)
        except SettingsError as error:
            raise UsageError(f"{where}: destination {spec.name!r}, {key}: {error}") from None
    return rendered


def _refuse_written_secrets(spec: DestinationSpec, kind: type[Destination], where: str) -> None:
    """A secret in a file ends up in version control, so it has to come from the environment."""
    for name, field in kind.settings_model.model_fields.items():
        if field.annotation in (SecretStr, SecretStr | None):
            _refuse_written(name, spec.settings.get(name), f"{where}: destination {spec.name!r}")
    headers = spec.settings.get("headers")
    for header, value in headers.items() if isinstance(headers, dict) else ():
        if _MAY_BE_SECRET.search(str(header)):
            _refuse_written(f"headers.{header}", value, f"{where}: destination {spec.name!r}")


def _refuse_written(name: str, value: object, where: str) -> None:
    if value and "env_var" not in str(value):
        raise UsageError(
            f"{where}, {name}: a secret is not written in a file. "
            f"Use \"{{{{ env_var('NAME') }}}}\" and set that variable."
        )


def _validated(model: type[Model], values: Mapping[str, object], where: str) -> Model:
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        problems = [
            _problem(model, dict(item)) for item in error.errors(include_input=False, include_url=False)
        ]
        raise UsageError("\n".join(f"{where}, {problem}" for problem in problems)) from None


def _problem(model: type[BaseModel], item: Mapping[str, object]) -> str:
    location = item["loc"]
    path = ".".join(str(part) for part in location) if isinstance(location, tuple) else ""
    if item["type"] == "extra_forbidden":
        names = sorted(model.model_fields)
        near = get_close_matches(path, names, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names) or 'none'}."
        return f"{path}: there is no such setting; {hint}"
    return f"{path or 'settings'}: {item['msg']}"


def _where(position: Position) -> str:
    return f"{position.file.as_posix()}:{position.line}"
