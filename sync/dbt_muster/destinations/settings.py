"""From a destination as written in a spec to one that can be used: rendered, checked, opened."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from dbt_muster.destinations.base import Destination, DestinationSettings, SyncOptions
from dbt_muster.destinations.mistakes import Place, mistakes
from dbt_muster.destinations.registry import (
    NotInstalledError,
    destination_types,
    find_type,
    is_type,
    nearest_type,
)
from dbt_muster.errors import UsageError
from dbt_muster.render.settings import MissingVariableError, SettingsError, empty_variables, render_settings
from dbt_muster.specs.meaning import Destination as DestinationSpec
from dbt_muster.specs.meaning import Sync
from dbt_muster.specs.names import one_of
from dbt_muster.specs.problems import Problem, SpecErrors

# Headers that carry a secret by their name.
_MAY_BE_SECRET = re.compile(r"auth|token|key|secret|cookie|password", re.IGNORECASE)
_FROM_ENVIRONMENT = "\"{{ env_var('NAME') }}\", and that variable set where muster runs"


def open_destination(spec: DestinationSpec, *, root: Path) -> Destination:
    """Render a destination's settings, check them and make the destination.

    Args:
        spec: the destination as read from destinations.yml.
        root: the project's folder, which relative paths start from.

    Raises:
        SpecErrors: an unknown type, missing environment variables, settings that do not fit, or secrets that
            are written in the file: all of them. It says where, and never shows a value.
    """
    reading = _Reading(spec, root, environment=True)
    settings = reading.settings()
    if reading.problems or reading.kind is None or settings is None:
        raise SpecErrors(reading.problems)
    try:
        return reading.kind(spec.name, settings, root=root)
    except UsageError as error:
        raise SpecErrors([reading.place.problem((), "setting", str(error))]) from None


def written_problems(spec: DestinationSpec, *, root: Path) -> list[Problem]:
    """What is wrong with a destination as far as that can be told without its secrets.

    Variables that are not set, and types whose package is not installed here, are not held against it.

    Args:
        spec: the destination as read from destinations.yml.
        root: the project's folder.
    """
    reading = _Reading(spec, root, environment=False)
    reading.settings()
    return reading.problems


def check_options(destination: Destination, sync: Sync, *, root: Path = Path()) -> SyncOptions:
    """The options of one `sync:` entry, checked against the destination's type.

    Raises:
        SpecErrors: options that the type does not have, or values that do not fit.
    """
    options, problems = read_options(type(destination), destination.name, sync, root=root)
    if options is None:
        raise SpecErrors(problems)
    return options


def read_options(
    kind: type[Destination], name: str, sync: Sync, *, root: Path
) -> tuple[SyncOptions | None, list[Problem]]:
    """The options of one `sync:` entry, or what is wrong with them.

    Args:
        kind: the destination's type.
        name: the destination's name.
        sync: the entry.
        root: the project's folder.
    """
    elsewhere = (kind.settings_model.model_fields, f"at the destination {name!r}, in destinations.yml")
    place = Place(root, sync.position, sync.positions, f"a sync to {name!r}", elsewhere)
    try:
        return kind.options_model.model_validate(dict(sync.options)), []
    except ValidationError as error:
        return None, list(mistakes(place, kind.options_model, error, frozenset()))


class _Reading:
    """One destination while its settings are read, and everything that is wrong with them.

    Args:
        spec: the destination as written.
        root: the project's folder.
        environment: whether variables have to be set, and the type's package has to be there.
    """

    def __init__(self, spec: DestinationSpec, root: Path, *, environment: bool) -> None:
        self.problems: list[Problem] = []
        self._spec = spec
        self._environment = environment
        self._unknown: set[str] = set()
        self.place = Place(root, spec.position, spec.positions, f"the destination {spec.name!r}")
        self.kind = self._find_kind()

    def settings(self) -> DestinationSettings | None:
        """The settings, or None where they are wrong or cannot be known."""
        if self.kind is None:
            return None
        self._refuse_written_secrets(self.kind)
        rendered = self._rendered(self.kind)
        if self._environment:
            self._refuse_empty_secrets(self.kind)
        model = self.kind.settings_model
        try:
            settings = model.model_validate(rendered)
        except ValidationError as error:
            self.problems += mistakes(self.place, model, error, frozenset(self._unknown))
            return None
        largest = self.kind.capabilities.largest_batch
        if settings.batch_size is not None and settings.batch_size > largest:
            message = f"batch_size of {self.place.what} is too large"
            self._report("batch_size", "setting", message, f"{largest} at most")
        return settings

    def _find_kind(self) -> type[Destination] | None:
        if not is_type(self._spec.type):
            near = nearest_type(self._spec.type)
            self.problems.append(
                self.place.problem(
                    ("type",),
                    "unknown_type",
                    f"there is no destination type `{self._spec.type}`",
                    expected=one_of(destination_types()),
                    suggestion=f"`{near}`" if near else None,
                )
            )
            return None
        try:
            return find_type(self._spec.type)
        except NotInstalledError as error:
            if self._environment:
                self.problems.append(self.place.problem(("type",), "not_installed", str(error)))
        except UsageError as error:
            self.problems.append(self.place.problem(("type",), "unknown_type", str(error)))
        return None

    def _rendered(self, kind: type[Destination]) -> dict[str, Any]:
        rendered: dict[str, Any] = {}
        for key, value in self._spec.settings.items():
            if key in kind.templates:
                rendered[key] = value
                continue
            try:
                rendered[key] = render_settings(value)
            except MissingVariableError as error:
                self._unknown.add(key)
                if self._environment:
                    message = f"{key}: the environment variable {error.variable} is not set"
                    self._report(key, "no_variable", message, "it to be set where muster runs, or a default")
            except SettingsError as error:
                self._unknown.add(key)
                self._report(key, "setting", f"{key}: {error}")
        return rendered

    def _refuse_written_secrets(self, kind: type[Destination]) -> None:
        """A secret in a file ends up in version control, so it has to come from the environment."""
        for name in _secrets(kind):
            self._refuse_written(name, self._spec.settings.get(name))
        headers = self._spec.settings.get("headers")
        for header, value in headers.items() if isinstance(headers, dict) else ():
            if _MAY_BE_SECRET.search(str(header)):
                self._refuse_written(f"headers.{header}", value)

    def _refuse_empty_secrets(self, kind: type[Destination]) -> None:
        """A secret that a pipeline does not have is often set there all the same, to nothing."""
        for name in _secrets(kind):
            for variable in empty_variables(str(self._spec.settings.get(name))):
                message = f"{name}: the environment variable {variable} is empty"
                self._report(name, "no_variable", message, "it to hold the secret where muster runs")

    def _refuse_written(self, name: str, value: object) -> None:
        if value and "env_var" not in str(value):
            self._report(name, "secret", f"{name}: a secret is not written in a file", _FROM_ENVIRONMENT)

    def _report(self, key: str, code: str, message: str, expected: str | None = None) -> None:
        self.problems.append(self.place.problem(key.split("."), code, message, expected=expected))


def _secrets(kind: type[Destination]) -> list[str]:
    """The settings of a type that are secrets."""
    fields = kind.settings_model.model_fields.items()
    return [name for name, field in fields if field.annotation in (SecretStr, SecretStr | None)]
