"""Members as platforms take them that know people by single identifiers: items, in calls of a size."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from dbt_muster.destinations.capabilities import Form
from dbt_muster.destinations.records import Record, Refusal, RefusedError
from dbt_muster.destinations.undecoded import action_of

Item = TypeVar("Item")


def in_calls(
    records: Sequence[Record],
    items: Callable[[Record], Iterable[Item]],
    size: int,
    call: Callable[[Sequence[Item]], Iterable[Refusal]],
) -> list[Refusal]:
    """Send what records have in calls of at most `size` items; gives the records that are refused.

    A value that several records have is sent once. Whom a refused call names by items is named by records.

    Args:
        records: all to be held, or all to be removed.
        items: what is sent of one: values, `Known`s, or objects. One without any has nothing to match on.
        size: items that a call may have.
        call: sends some of them, and gives those that the answer says were not taken, by their places.
    """
    sent, owners, without = _owned(records, items)
    failed: dict[int, Refusal] = {}
    for start in range(0, len(sent), size):
        part = sent[start : start + size]
        try:
            failed |= {start + each.index: each for each in call(part)}
        except RefusedError as error:
            name_records(error, owners[start : start + size])
            raise
    found = refusals(owners, failed, removing=are_removals(records))
    found += [Refusal(place, "nothing to match on") for place in without]
    return sorted(found, key=lambda each: each.index)


def _owned(
    records: Sequence[Record], items: Callable[[Record], Iterable[Item]]
) -> tuple[list[Item], list[list[int]], list[int]]:
    """All items, the places of the records that have each, and those of records without any."""
    sent: list[Item] = []
    owners: list[list[int]] = []
    without: list[int] = []
    seen: dict[str | Known | None, list[int]] = {}
    for place, record in enumerate(records):
        own = list(items(record))
        if not own:
            without.append(place)
        for item in own:
            value = item if isinstance(item, (str, Known)) else None
            if value in seen:
                seen[value].append(place)
                continue
            sent.append(item)
            owners.append([place])
            if value is not None:
                seen[value] = owners[-1]
    return sent, owners, without


class Known(NamedTuple):
    """A member by one of its identifiers.

    Attributes:
        name: the identifier's name in entities.yml.
    """

    name: str
    value: str


def known_by(record: Record, names: Iterable[str]) -> list[Known]:
    """A record by the first of these identifiers that it has, once for every value that it has of it.

    Args:
        record: somebody.
        names: identifiers, the one that a platform knows people best by first.
    """
    found = ((name, record.values(name)) for name in names)
    name, values = next((each for each in found if each[1]), ("", []))
    return [Known(name, value) for value in values]


def called_of(record: Record, forms: Mapping[str, Form]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """What a record has, under the names that the platform has for it.

    Args:
        record: somebody.
        forms: the platform's identifiers.

    Returns:
        All values of what leads to a person by itself, and the first value of each thing that does not.
    """
    contacts: list[tuple[str, str]] = []
    others: dict[str, str] = {}
    # Only what the record has is looked at: what costs time here costs it two million times.
    for name, value in record.identifiers.items():
        form = forms.get(name)
        if not value or form is None:
            continue
        if not form.alone:
            others[form.called] = value if isinstance(value, str) else value[0]
        elif isinstance(value, str):
            contacts.append((form.called, value))
        else:
            contacts += [(form.called, each) for each in value]
    return contacts, others


def by_name(records: Iterable[Record], names: Collection[str]) -> Mapping[str, list[str]]:
    """The values that records are known by, each once, under their identifiers' names; as in `known_by`."""
    groups: dict[str, dict[str, None]] = {}
    for record in records:
        for person in known_by(record, names):
            groups.setdefault(person.name, {})[person.value] = None
    return {name: list(values) for name, values in groups.items()}


def first_values(records: Sequence[Record], name: str) -> list[str]:
    """The first value that each record has of an identifier, where each value would be another person."""
    return list(dict.fromkeys(value for each in records if (value := each.value(name))))


def pieces(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    """Items in order, at most so many at once."""
    if 0 < len(items) <= size:
        return [items]
    return [items[start : start + size] for start in range(0, len(items), size)]


def are_removals(records: Sequence[Record]) -> bool:
    """Whether the records of a call, which are all of one kind, are to be removed."""
    return bool(records) and action_of(records) == "remove"


def name_records(error: RefusedError, owners: Sequence[Sequence[int]]) -> None:
    """Have a refusal of a call name records, where it names the call's items.

    Args:
        error: the refusal.
        owners: the places of the records that have each item, item by item.
    """
    known = {item: why for item, why in error.named.items() if item < len(owners)}
    error.named = {place: why for item, why in known.items() for place in owners[item]}


def refusals(
    owners: Sequence[Sequence[int]], failed: Mapping[int, Refusal], *, removing: bool = False
) -> list[Refusal]:
    """The records that were refused: one that was taken by another of its items is held.

    Args:
        owners: the places of the records that have each item, item by item.
        failed: the items that were not taken, by their numbers in `owners`.
        removing: whether they were to be removed. Whoever may still be held by one item is not out, so that
            one that was not taken is enough.
    """
    if not failed:
        return []
    held = (own for number, own in enumerate(owners) if number not in failed)
    taken = set() if removing else {place for own in held for place in own}
    # Of somebody's refusals the last one counts. Who asked to be forgotten by one value is not to be sent by
    # another either, and is out only where no other failed for a reason that may pass.
    ranked = sorted(failed.items(), key=lambda item: item[1].for_good != removing)
    found = {place: each for number, each in ranked for place in owners[number]}
    return [replace(each, index=place) for place, each in sorted(found.items()) if place not in taken]
