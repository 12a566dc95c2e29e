"""What an entry of `sync:` may say of lookalikes, and the kinds of these that platforms make."""

from dbt_muster.destinations.lookalikes import (
    Country,
    CountryRatio,
    CountryShare,
    CountrySize,
    Lookalike,
    LookalikeOptions,
    OneOrMore,
    PlaceSize,
    ValuedOptions,
    WholePercent,
)

__all__ = [
    "Country",
    "CountryRatio",
    "CountryShare",
    "CountrySize",
    "Lookalike",
    "LookalikeOptions",
    "OneOrMore",
    "PlaceSize",
    "ValuedOptions",
    "WholePercent",
]
