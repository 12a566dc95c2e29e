"""The types of destination: the ones that come with muster, and those of other packages' entry points."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from dbt_muster.destinations import types
from dbt_muster.destinations.base import Destination
from dbt_muster.errors import UsageError
from dbt_muster.specs.names import nearest

GROUP = "muster.destinations"

# What people call them besides, where nothing in the name says so.
_ALSO_CALLED = {
    **dict.fromkeys(("facebook", "fb", "instagram", "whatsapp"), "meta_custom_audiences"),
    **dict.fromkeys(("adwords", "display_video", "dv360", "gam", "youtube"), "google_data_manager"),
    **dict.fromkeys(("bing", "bing_ads", "bingads", "msads"), "microsoft_advertising"),
    **dict.fromkeys(("azure", "csv", "gcs", "json", "jsonl", "parquet", "s3", "sftp"), "files"),
    **dict.fromkeys(("api", "http", "https", "url"), "webhook"),
    **dict.fromkeys(("bigquery", "databricks", "duckdb", "postgres", "snowflake", "view"), "warehouse"),
    "urban_airship": "airship",
}


class NotInstalledError(UsageError):
    """There is such a type, and what it needs is not installed here."""


@cache
def own_types() -> frozenset[str]:
    """The types that come with muster, by their files: no module is imported before its type is used."""
    return frozenset(each.name for each in iter_modules(types.__path__))


def destination_types() -> list[str]:
    """The names of all types of destination that are installed."""
    return sorted({*own_types(), *(point.name for point in entry_points(group=GROUP))})


def is_type(name: str) -> bool:
    """Whether there is a type of destination; packages are asked only where it is not muster's own."""
    return name in own_types() or bool(entry_points(group=GROUP, name=name))


def find_type(name: str) -> type[Destination]:
    """The class of a type of destination.

    Args:
        name: what `type:` says in destinations.yml.

    Raises:
        NotInstalledError: what it needs cannot be imported.
        UsageError: there is no such type.
    """
    found = _from_file(name) if name in own_types() else _from_entry_point(name)
    if not (isinstance(found, type) and issubclass(found, Destination)):
        raise UsageError(f"The destination type {name!r} is not a muster destination.")
    return found


def nearest_type(wrong: str) -> str | None:
    """The type that was most likely meant: `google` and `google_ads` are far from what they begin like."""
    names = destination_types()
    if wrong.lower() in _ALSO_CALLED:
        return _ALSO_CALLED[wrong.lower()]
    alike = [name for name in names if name.partition("_")[0] == wrong.partition("_")[0]]
    return alike[0] if len(alike) == 1 else nearest(wrong, names)


def _from_file(name: str) -> object:
    """The only destination that a file has."""
    try:
        module = import_module(f"{types.__name__}.{name}")
    except ImportError as error:
        raise _not_installed(name, error) from None
    classes = [
        each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Destination)
    ]
    (found,) = [each for each in classes if each.__module__ == module.__name__]
    return found


def _from_entry_point(name: str) -> object:
    for point in entry_points(group=GROUP, name=name):
        try:
            return point.load()
        except ImportError as error:
            raise _not_installed(name, error) from None
    near = nearest_type(name)
    hint = f"Did you mean {near!r}?" if near else f"There are: {', '.join(destination_types())}."
    raise UsageError(f"There is no destination type {name!r}. {hint}")


def _not_installed(name: str, error: ImportError) -> NotInstalledError:
    return NotInstalledError(f"The destination type {name!r} cannot be imported: {error}")
