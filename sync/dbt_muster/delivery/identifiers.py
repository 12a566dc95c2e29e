"""Which identifiers a destination is sent, and in which form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dbt_muster.delivery.phones import country_numbers
from dbt_muster.destinations import Destination, Form
from dbt_muster.specs.meaning import Entity, Identifier


@dataclass(frozen=True)
class SentIdentifier:
    """An identifier as a destination gets it.

    Attributes:
        name: what the destination knows it by, such as `email` or `date_of_birth.year`.
        identifier: the entity's, from which it is made.
    """

    name: str
    identifier: Identifier
    form: Form

    def planned(self, place: int) -> dict[str, object]:
        """What the macros are told of it.

        Args:
            place: its place among the identifiers that are sent, from 1: what its columns go by.
        """
        country = self.identifier.default_country
        return {
            "name": self.name,
            "source": self.identifier.name,
            "place": place,
            "rule": self.form.rule,
            "hash": self.form.hash == "sha256",
            "hashed": self.identifier.hashed,
            "country": country_numbers(country) if country else None,
            "many": self._many(),
            "alone": self.form.alone,
        }

    @property
    def shape(self) -> str:
        """Its name, with `[]` where a member is sent with a list of its values: what the state has by it."""
        return self.name if self._many() in (None, 1) else f"{self.name}[]"

    def _many(self) -> int | None:
        most = self.identifier.most
        return most if most is None or self.form.most is None else min(most, self.form.most)


def sent_identifiers(
    entity: Entity, match_on: Sequence[str], destination: Destination
) -> tuple[SentIdentifier, ...]:
    """The identifiers that are sent, in the order of `match_on`, else in the entity's.

    A destination may take one identifier in several forms: `date_of_birth.year` and `date_of_birth.month` are
    both made from `date_of_birth`.
    """
    return tuple(
        SentIdentifier(name, entity.identifiers[source], destination.form(name))
        for source in match_on or entity.identifiers
        if source in entity.identifiers
        for name in _names(source, destination)
    )


def _names(source: str, destination: Destination) -> Iterator[str]:
    accepted = destination.capabilities.identifiers
    if accepted is None:
        yield source
        return
    yield from (name for name in accepted if name.partition(".")[0] == source)
