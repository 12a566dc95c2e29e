"""Takes values through a rule on a warehouse, step by step, as a sync does."""

from __future__ import annotations

from collections.abc import Sequence

from dbt_muster.delivery.phones import country_numbers
from dbt_muster.render import Renderer


def identifier(
    rule: str, *, hashed: bool = False, country: str | None = None, many: int | None = None
) -> dict[str, object]:
    """What the macros are told of an identifier that is sent as a hash."""
    return {
        "name": "it",
        "source": "it",
        "place": 1,
        "rule": rule,
        "hash": True,
        "hashed": hashed,
        "country": country_numbers(country) if country else None,
        "many": many,
    }


def question(renderer: Renderer, given: str, told: dict[str, object]) -> str:
    """SQL that gives for each value its place, its normal form, what is sent, and why it is not.

    Args:
        renderer: the macros of the warehouse that is asked.
        given: a query of `place` and `raw_value`.
        told: the identifier.
    """

    def step(name: str, text: str) -> str:
        return renderer.call("muster_identifier_step", told, name, text)

    names = "place, raw_value, clean_value, normal_value"
    clean = f"select place, raw_value, {step('clean', 'raw_value')} as clean_value from ({given}) as given"
    normal = f"select place, raw_value, clean_value, {step('normal', 'clean_value')} as normal_value"
    sent = renderer.call("muster_identifier_sent", told, "normal_value")
    refusal = renderer.call("muster_identifier_refusal", told, *names.split(", ")[1:])
    return (
        f"select place, normal_value, {sent} as sent, {refusal} as refusal "
        f"from ({normal} from ({clean}) as cleaned) as normalised order by place"
    )


def written(renderer: Renderer, values: Sequence[str | None]) -> str:
    """A query of values, each a literal of the dialect."""

    def literal(value: str | None) -> str:
        if value is None:
            return renderer.call("muster_cast", "null", "string")
        return renderer.call("muster_string", value)

    rows = ", ".join(f"({place}, {literal(value)})" for place, value in enumerate(values))
    return f"select place, raw_value from (values {rows}) as listed(place, raw_value)"
