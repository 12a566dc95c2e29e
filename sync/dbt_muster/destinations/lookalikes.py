"""What an entry of `sync:` says of lookalikes: people who resemble an audience, found by the platform."""

from __future__ import annotations

import re
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dbt_muster.destinations.base import SyncOptions

_COUNTRY = re.compile(r"[A-Z]{2}")
_PERCENT = re.compile(r"^\s*(\d+)\s*%\s*$")


def _whole_percent(value: Any) -> int:
    found = _PERCENT.match(str(value))
    if found is None:
        raise ValueError("has to be whole percents, such as 1%")
    return int(found[1])


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


def _two_capitals(value: str) -> str:
    if not _COUNTRY.fullmatch(value):
        raise ValueError("has to be two capital letters of ISO 3166-1, such as GB")
    return value


WholePercent = Annotated[int, BeforeValidator(_whole_percent)]
"""A share in whole percents, written `1%`."""

Country = Annotated[str, AfterValidator(_two_capitals)]
"""A country by its two letters of ISO 3166-1, in capitals."""

OneOrMore = BeforeValidator(_listed)
"""Lets one be written where several may be."""

Wanted = TypeVar("Wanted", bound=BaseModel)


class LookalikeOptions(SyncOptions, Generic[Wanted]):
    """What an entry of `sync:` may say where the platform makes lookalikes; `Wanted` says which."""

    lookalike: Annotated[tuple[Wanted, ...], OneOrMore] = Field(
        default=(), description="Lookalikes that the platform makes of the audience, one or several."
    )


class CountryShare(BaseModel):
    """The share of some countries' people that resembles an audience most."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    countries: tuple[Country, ...] = Field(min_length=1, description="Where its people are.")
    ratio: WholePercent = Field(ge=1, le=20, description="The share of the countries' people, up to 20%.")
    starting_ratio: WholePercent | None = Field(
        default=None, ge=1, description="Where the share begins; who resembles the audience more is left out."
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starting_ratio is not None and self.starting_ratio >= self.ratio:
            raise ValueError("`starting_ratio` has to be smaller than `ratio`")
        return self

    def __str__(self) -> str:
        return f"{self.starting_ratio or 0}-{self.ratio}% {' '.join(self.countries)}"


class CountryRatio(BaseModel):
    """The share of each country's people that resembles an audience most (Pinterest's AudienceRule)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    countries: tuple[Country, ...] = Field(min_length=1, description="Where its people are.")
    ratio: WholePercent = Field(ge=1, le=10, description="How many of a country's people, 1% to 10%.")

    def __str__(self) -> str:
        return f"{' '.join(self.countries)} {self.ratio}%"


class CountrySize(BaseModel):
    """People of some countries who resemble an audience, few who are alike or many."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    countries: tuple[Country, ...] = Field(min_length=1, description="Where its people are.")
    type: Literal["balance", "similarity", "reach"] = Field(
        default="balance", description="Whether being alike or being many matters more."
    )
    retention_days: int = Field(default=180, ge=1, le=180, description="Days that a member stays.")

    def __str__(self) -> str:
        return f"{self.type} {' '.join(self.countries)}"


class PlaceSize(BaseModel):
    """People of some places who resemble an audience, with some telephones and in some apps."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: Literal["narrow", "balanced", "broad"] = Field(description="How alike: `narrow` is most alike.")
    locations: tuple[str, ...] = Field(min_length=1, description="The platform's numbers of places.")
    include_source: bool = Field(default=False, description="Whether the audience itself is in it.")
    os: Literal["all", "android", "ios"] = Field(default="all", description="Which telephones.")
    placements: tuple[str, ...] = Field(default=("TikTok",), min_length=1, description="In which apps.")

    def __str__(self) -> str:
        return self.size
