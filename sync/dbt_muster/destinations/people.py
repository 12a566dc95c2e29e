"""Members as platforms of e-mail and push know them: by one identifier out of several, in bounded calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

from dbt_muster.destinations.records import BatchResult, Record, Refusal, RefusedError

Item = TypeVar("Item")


class Known(NamedTuple):
    """A member by one of its identifiers.

    Attributes:
        place: the record's place in its batch, from 0.
        name: the identifier's name in entities.yml.
    """

    place: int
    name: str
    value: str


def known_by(records: Sequence[Record], names: Iterable[str]) -> Iterator[Known]:
    """Each record by the first of these identifiers that it has, once for every value that it has of it.

    Args:
        records: a batch.
        names: identifiers, the one that a platform knows people best by first.
    """
    order = list(names)
    for place, record in enumerate(records):
        name = next((name for name in order if record.values(name)), None)
        for value in record.values(name) if name is not None else ():
            yield Known(place, name or "", value)


def first_values(records: Sequence[Record], name: str) -> list[str]:
    """The first value that each record has of an identifier, where each value would be another person."""
    return list(dict.fromkeys(value for each in records if (value := each.value(name))))


def by_name(people: Iterable[Known]) -> Mapping[str, list[Known]]:
    """People by the identifier that they are known by."""
    groups: dict[str, list[Known]] = {}
    for person in people:
        groups.setdefault(person.name, []).append(person)
    return groups


def pieces(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Items in order, at most so many at once."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def in_calls(
    owners: Sequence[int],
    items: Sequence[Item],
    size: int,
    call: Callable[[Sequence[Item]], Mapping[int, str]],
    *,
    removing: bool = False,
) -> BatchResult:
    """Send items in calls of at most `size`; whose records are refused is what `refusals` says.

    Args:
        owners: the place of the record that each item belongs to, item by item.
        items: what is sent.
        size: items that a call may have.
        call: sends some of them, and gives those that the answer names as not taken: their places, each with
            the reason.
        removing: as in `refusals`.

    Raises:
        RefusedError: an answer names what was not sent, so that it cannot be said what arrived.
    """
    failed: dict[int, str] = {}
    for start in range(0, len(items), size):
        part = items[start : start + size]
        for place, reason in call(part).items():
            if place >= len(part):
                raise RefusedError(f"An answer names item {place} of {len(part)}: {reason}")
            failed[start + place] = reason
    return BatchResult(refusals(owners, failed, removing=removing))


@contextmanager
def items_of(owners: Sequence[int]) -> Iterator[None]:
    """A call that sends several items of a record: whom a refusal names by items is named by records.

    Args:
        owners: the place of the record that each item belongs to, item by item.
    """
    try:
        yield
    except RefusedError as error:
        error.named = {owners[item]: why for item, why in error.named.items() if item < len(owners)}
        raise


def refusals(places: Sequence[int], failed: Mapping[int, str], *, removing: bool = False) -> list[Refusal]:
    """The records that were refused: one that was taken by another of its values is held.

    Args:
        places: the record that each value belongs to, value by value.
        failed: why a value was not taken, by its number in `places`.
        removing: whether they were to be removed. Whoever may still be held by one value is not out, so that
            one that was not taken is enough.
    """
    taken = set() if removing else {place for number, place in enumerate(places) if number not in failed}
    reasons = {places[number]: reason for number, reason in failed.items()}
    return [Refusal(place, reason) for place, reason in sorted(reasons.items()) if place not in taken]
