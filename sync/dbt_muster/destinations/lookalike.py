"""What a sync says of the lookalikes that a platform is to make of its audience."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_PERCENTAGE = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*%")


def _percentage(value: object) -> Decimal:
    written = _PERCENTAGE.fullmatch(str(value).strip())
    if written is None:
        raise ValueError("has to be a percentage, such as `1%`")
    return Decimal(written[1])


Percentage = Annotated[Decimal, BeforeValidator(_percentage)]
"""Written `1%`; held as the number before the sign."""

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Lookalike(BaseModel):
    """Lookalikes of an audience, one a country; a platform narrows what it can do.

    Attributes:
        countries: where the people are looked for, as ISO 3166-1 codes of two capitals.
        ratio: how many of a country's people on the platform the lookalike takes, in per cent.
    """

    model_config = ConfigDict(extra="forbid")

    countries: tuple[Country, ...] = Field(min_length=1)
    ratio: Percentage
