"""What an entry of `sync:` says of lookalikes: people who resemble an audience, found by the platform."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dbt_muster.destinations.base import SyncOptions
from dbt_muster.destinations.rows import WORTH

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

Wanted = TypeVar("Wanted", bound="Lookalike")


class LookalikeOptions(SyncOptions, Generic[Wanted]):
    """What an entry of `sync:` may say where the platform makes lookalikes; `Wanted` says which."""

    makes_lookalikes: ClassVar[bool] = True

    lookalike: Annotated[tuple[Wanted, ...], OneOrMore] = Field(
        default=(), description="Lookalikes that the platform makes of the audience, one or several."
    )


class ValuedOptions(LookalikeOptions[Wanted], Generic[Wanted]):
    """What an entry of `sync:` may say where the platform takes what members are worth as well."""

    value: str | None = Field(
        default=None, description="The trait that says what a member is worth; lookalikes resemble the best."
    )

    def traits(self) -> Mapping[str, str]:
        """The trait that says what a member is worth."""
        return {WORTH: self.value} if self.value else {}


class Lookalike(BaseModel):
    """What one wish of a sync says; its text tells people which it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def each(self) -> Sequence[Self]:
        """The lookalikes that it takes, where the platform's are smaller than a wish may be."""
        return (self,)


def each_of(options: Any) -> list[Lookalike]:
    """The lookalikes that an entry of `sync:` asks for, each as the platform makes it."""
    return [each for wanted in getattr(options, "lookalike", ()) for each in wanted.each()]


class CountryShare(Lookalike):
    """The share of some countries' people that resembles an audience most."""

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

    @property
    def fractions(self) -> dict[str, float]:
        """The shares as fractions of 1, by their names."""
        said = {"ratio": self.ratio, "starting_ratio": self.starting_ratio}
        return {name: share / 100 for name, share in said.items() if share is not None}

    def __str__(self) -> str:
        return f"{self.starting_ratio or 0}-{self.ratio}% {' '.join(self.countries)}"


class CountryRatio(Lookalike):
    """The share of each country's people that resembles an audience most (Pinterest's AudienceRule)."""

    countries: tuple[Country, ...] = Field(min_length=1, description="Where its people are.")
    ratio: WholePercent = Field(ge=1, le=10, description="How many of a country's people, 1% to 10%.")

    def each(self) -> Sequence[Self]:
        """One a country."""
        return [self.model_copy(update={"countries": (country,)}) for country in self.countries]

    def __str__(self) -> str:
        return f"{' '.join(self.countries)} {self.ratio}%"


class CountrySize(Lookalike):
    """People of some countries who resemble an audience, few who are alike or many."""

    countries: tuple[Country, ...] = Field(min_length=1, description="Where its people are.")
    type: Literal["balance", "similarity", "reach"] = Field(
        default="balance", description="Whether being alike or being many matters more."
    )
    retention_days: int = Field(default=180, ge=1, le=180, description="Days that a member stays.")

    def __str__(self) -> str:
        return f"{self.type} {' '.join(self.countries)}"


class PlaceSize(Lookalike):
    """People of some places who resemble an audience, with some telephones and in some apps."""

    size: Literal["narrow", "balanced", "broad"] = Field(description="How alike: `narrow` is most alike.")
    locations: tuple[str, ...] = Field(min_length=1, description="The platform's numbers of places.")
    include_source: bool = Field(default=False, description="Whether the audience itself is in it.")
    os: Literal["all", "android", "ios"] = Field(default="all", description="Which telephones.")
    placements: tuple[str, ...] = Field(default=("TikTok",), min_length=1, description="In which apps.")

    def __str__(self) -> str:
        return self.size
