"""What a destination, its settings and the options of its syncs are subclasses of."""

from dbt_muster.destinations.base import Delivery, Destination, DestinationSettings, SyncOptions
from dbt_muster.destinations.google_login import GooglePlatform, GoogleTokenSettings
from dbt_muster.destinations.http import RetrySettings, SafeAddress
from dbt_muster.destinations.oauth import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.platform import Digits, Platform, PlatformSettings, RegionSettings
from dbt_muster.destinations.tags import TagPlatform

__all__ = [
    "Delivery",
    "Destination",
    "DestinationSettings",
    "Digits",
    "GooglePlatform",
    "GoogleTokenSettings",
    "HashedSettings",
    "Platform",
    "PlatformSettings",
    "RegionSettings",
    "RetrySettings",
    "SafeAddress",
    "SyncOptions",
    "TagPlatform",
    "TokenPlatform",
    "TokenSettings",
]
