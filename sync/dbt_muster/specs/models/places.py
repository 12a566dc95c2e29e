"""Places on the earth: the point that a location is compared with."""

from __future__ import annotations

from pydantic import Field

from dbt_muster.specs.models.base import Scalar, Spec, Text


class NearSpec(Spec):
    """A circle on the earth: its middle, and how far it reaches."""

    latitude: Scalar = Field(description="Degrees north of the equator; south is negative.", examples=[51.5])
    longitude: Scalar = Field(description="Degrees east of Greenwich; west is negative.", examples=[-0.12])
    within: Text = Field(
        description="How far from there, in `m`, `km` or `miles`.", examples=["10 km", "800 m", "2.5 miles"]
    )
