"""A test of an audience: a few rows in, the members out."""

from __future__ import annotations

from pydantic import Field

from dbt_muster.specs.models.base import Maybe, Name, Scalar, Spec, Text


class TestSpec(Spec):
    """A few rows in, the members out; what is not given is empty."""

    __test__ = False  # pytest would take the class for a test of its own

    test: Name = Field(description="The test's name; the file has the same.", examples=["vip"])
    audience: Maybe[Text] = Field(
        default=None,
        description="The audience that is tested; without this, the one that the test is named like.",
        examples=["vip"],
    )
    description: Maybe[str] = Field(default=None, description="What the test shows.")
    as_of: Text = Field(
        description="The instant of the test.", examples=["2026-11-01", "2026-11-01T09:00:00Z"]
    )
    given: dict[Text, list[dict[str, object]]] = Field(
        description="Rows of the entity's table, by its name or the plural, of its event sources and aliases."
    )
    expect: list[Scalar] = Field(description="The keys of the members, in any order.")
