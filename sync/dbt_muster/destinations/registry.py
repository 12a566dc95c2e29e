"""The types of destination: the ones that come with muster, and those of other packages' entry points."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points

from dbt_muster.destinations.base import Destination
from dbt_muster.errors import UsageError
from dbt_muster.specs.names import nearest

GROUP = "muster.destinations"

# Named by module, so that a type's libraries are imported only when it is used.
_OWN = {
    "airship": "dbt_muster.destinations.airship:Airship",
    "braze": "dbt_muster.destinations.braze:Braze",
    "customer_io": "dbt_muster.destinations.customer_io:CustomerIo",
    "files": "dbt_muster.destinations.files:Files",
    "google_data_manager": "dbt_muster.destinations.google_data_manager:GoogleDataManager",
    "hubspot": "dbt_muster.destinations.hubspot:HubSpot",
    "iterable": "dbt_muster.destinations.iterable:Iterable",
    "klaviyo": "dbt_muster.destinations.klaviyo:Klaviyo",
    "linkedin": "dbt_muster.destinations.linkedin:LinkedIn",
    "mailchimp": "dbt_muster.destinations.mailchimp:Mailchimp",
    "meta_custom_audiences": "dbt_muster.destinations.meta_custom_audiences:MetaCustomAudiences",
    "microsoft_advertising": "dbt_muster.destinations.microsoft_advertising:MicrosoftAdvertising",
    "onesignal": "dbt_muster.destinations.onesignal:OneSignal",
    "pinterest": "dbt_muster.destinations.pinterest:Pinterest",
    "reddit": "dbt_muster.destinations.reddit:Reddit",
    "snapchat": "dbt_muster.destinations.snapchat:Snapchat",
    "tiktok": "dbt_muster.destinations.tiktok:TikTok",
    "warehouse": "dbt_muster.destinations.warehouse:Warehouse",
    "webhook": "dbt_muster.destinations.webhook:Webhook",
}

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


def destination_types() -> list[str]:
    """The names of all types of destination that are installed."""
    return sorted({*_OWN, *(point.name for point in entry_points(group=GROUP))})


def is_type(name: str) -> bool:
    """Whether there is a type of destination; packages are asked only where it is not muster's own."""
    return name in _OWN or bool(entry_points(group=GROUP, name=name))


def find_type(name: str) -> type[Destination]:
    """The class of a type of destination.

    Args:
        name: what `type:` says in destinations.yml.

    Raises:
        NotInstalledError: what it needs cannot be imported.
        UsageError: there is no such type.
    """
    if name in _OWN:
        module, _, attribute = _OWN[name].partition(":")
        try:
            found = getattr(import_module(module), attribute)
        except ImportError as error:
            raise _not_installed(name, error) from None
    else:
        found = _from_entry_point(name)
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
