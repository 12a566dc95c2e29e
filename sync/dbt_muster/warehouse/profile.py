"""Finds and renders the dbt profile that a project uses, by dbt's own rules."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dbt_muster.errors import UsageError
from dbt_muster.render.settings import SettingsError, render_settings


class ProfileError(UsageError):
    """The dbt project or its profile cannot be read."""


@dataclass(frozen=True)
class Profile:
    """One target of a profile, rendered. `settings` holds credentials, so it is left out of the repr."""

    project: str
    name: str
    target: str
    project_dir: Path
    target_path: Path
    settings: dict[str, Any] = field(repr=False)


def load_profile(
    project_dir: Path, *, profiles_dir: Path | None = None, target: str | None = None
) -> Profile:
    """The profile of the dbt project in `project_dir`.

    Args:
        project_dir: where dbt_project.yml is.
        profiles_dir: where profiles.yml is. By default `DBT_PROFILES_DIR`, else the project's folder where it
            has one, else `~/.dbt`, as in dbt.
        target: which target; by default `DBT_TARGET`, else the profile's own.

    Raises:
        ProfileError: a file, the profile or the target is missing, or a value cannot be rendered.
    """
    project = _read(project_dir / "dbt_project.yml", "a dbt project")
    name = os.environ.get("DBT_PROFILE") or _rendered(project.get("profile"), "dbt_project.yml, `profile`")
    if not name:
        raise ProfileError(
            f"{project_dir / 'dbt_project.yml'} names no `profile:`. Add the one to connect with."
        )
    path = _profiles_folder(project_dir, profiles_dir) / "profiles.yml"
    profiles = _read(path, "dbt profiles")
    if name not in profiles:
        raise ProfileError(f"{path} has no profile {name!r}; it has: {_names(profiles)}.")
    return _target(project, project_dir, path, str(name), profiles[name], target)


def target_folder(project_dir: Path) -> Path:
    """Where dbt writes its artifacts: `DBT_TARGET_PATH`, else the project's `target-path`, else `target`.

    Args:
        project_dir: where dbt_project.yml is, or is not: specs can be read without one.

    Raises:
        ProfileError: dbt_project.yml cannot be read.
    """
    path = project_dir / "dbt_project.yml"
    return _target_folder(project_dir, _read(path, "a dbt project") if path.is_file() else {})


def _target_folder(project_dir: Path, project: dict[str, Any]) -> Path:
    written = os.environ.get("DBT_TARGET_PATH") or _rendered(project.get("target-path"), "target-path")
    return project_dir / str(written or "target")


def _target(
    project: dict[str, Any], project_dir: Path, path: Path, name: str, profile: object, target: str | None
) -> Profile:
    outputs = profile.get("outputs") if isinstance(profile, dict) else None
    if not isinstance(profile, dict) or not isinstance(outputs, dict):
        raise ProfileError(f"{path}: the profile {name!r} has no `outputs:`.")
    written = _rendered(profile.get("target"), f"{path.name}, profile {name!r}, `target`")
    chosen = target or os.environ.get("DBT_TARGET") or written or "default"
    if not isinstance(outputs.get(chosen), dict):
        raise ProfileError(
            f"{path}: the profile {name!r} has no target {chosen!r}; it has: {_names(outputs)}."
        )
    settings = _rendered(outputs[chosen], f"{path.name}, profile {name!r}, target {chosen!r}")
    if "type" not in settings:
        raise ProfileError(f"{path}: target {chosen!r} of profile {name!r} has no `type:`.")
    return Profile(
        project=str(project.get("name", "")),
        name=name,
        target=str(chosen),
        project_dir=project_dir,
        target_path=_target_folder(project_dir, project),
        settings=settings,
    )


def _profiles_folder(project_dir: Path, given: Path | None) -> Path:
    if given is not None:
        return given
    from_environment = os.environ.get("DBT_PROFILES_DIR")
    if from_environment:
        return Path(from_environment)
    if (project_dir / "profiles.yml").is_file():
        return project_dir
    return Path.home() / ".dbt"


def _read(path: Path, what: str) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        raise ProfileError(
            f"There is no {path}, so {what} cannot be read. Name its folder with --profiles-dir."
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark is not None else ""
        raise ProfileError(f"{path}{where} is not valid YAML.") from None
    if not isinstance(content, dict):
        raise ProfileError(f"{path} is empty or not a mapping.")
    return content


def _rendered(value: object, where: str) -> Any:
    try:
        return render_settings(value)
    except SettingsError as error:
        raise ProfileError(f"{where}: {error}") from None


def _names(mapping: dict[str, Any]) -> str:
    return ", ".join(sorted(str(name) for name in mapping)) or "none"
