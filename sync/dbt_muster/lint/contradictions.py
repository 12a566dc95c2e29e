"""Conditions that cannot hold together, branches that nobody can take, audiences of everybody or nobody."""

from __future__ import annotations

from collections.abc import Iterator

from dbt_muster.lint.findings import Finding
from dbt_muster.lint.logic import follows, may_hold
from dbt_muster.lint.place import Place
from dbt_muster.specs.meaning import All, AnyOf, Condition, NoneOf

Around = tuple[Condition, ...]
"""What holds wherever a condition is looked at."""


def contradictions(place: Place) -> Iterator[Finding]:
    """Every finding about what can and cannot hold."""
    criteria = place.audience.criteria
    found = list(_within(place, criteria, ()))
    yield from found
    said = {finding.code for finding in found} & {"contradiction", "empty_intersection"}
    if not said and not may_hold([criteria], place.known):
        message = "nobody can ever be in this audience"
        yield Finding("no_one", place.audience.name, place.position(criteria), message)
    elif follows(criteria, (), place.known):
        message = f"everybody is in this audience: the criteria hold for every {place.entity.name}"
        yield Finding("everyone", place.audience.name, place.position(criteria), message)


def _within(place: Place, condition: Condition, around: Around) -> Iterator[Finding]:
    match condition:
        case All(items):
            yield from _all(place, items, around)
        case AnyOf(items):
            yield from _branches(place, items, around, excluded=False)
        case NoneOf(items):
            yield from _branches(place, items, around, excluded=True)


def _all(place: Place, items: tuple[Condition, ...], around: Around) -> Iterator[Finding]:
    for index, item in enumerate(items):
        before = items[:index]
        if not may_hold([*around, *before, item], place.known):
            yield from _contradicting(place, item, before, around)
            if index + 1 < len(items):
                after = items[index + 1]
                message = f"what stands above can hold for nobody, so {place.said(after)} changes nothing"
                yield place.finding("after_contradiction", after, message)
            return
    for index, item in enumerate(items):
        yield from _within(place, item, (*around, *items[:index], *items[index + 1 :]))


def _contradicting(place: Place, item: Condition, before: Around, around: Around) -> Iterator[Finding]:
    """The condition that leaves nobody, and the one that it cannot hold together with."""
    if not may_hold([item], place.known):
        inner = list(_within(place, item, ()))
        if inner:
            yield from inner
            return
        yield place.finding(_code(place, [item]), item, f"{place.said(item)} can hold for nobody")
        return
    for other in (*before, *around):
        if not may_hold([other, item], place.known):
            message = f"{place.said(item)} cannot hold together with {place.at(other)}"
            yield place.finding(_code(place, [other, item]), item, message)
            return
    message = f"{place.said(item)} cannot hold together with what stands above it"
    yield place.finding(_code(place, [*around, *before, item]), item, message)


def _code(place: Place, conditions: list[Condition]) -> str:
    """Whether the conditions themselves contradict each other, or only the audiences that they name do."""
    return "empty_intersection" if may_hold(conditions, place.apart) else "contradiction"


def _branches(
    place: Place, items: tuple[Condition, ...], around: Around, *, excluded: bool
) -> Iterator[Finding]:
    """Branches of `any` and, `excluded`, the items of `none`."""
    dead = [item for item in items if not may_hold([*around, item], place.known)]
    for item in dead:
        effect = "it excludes nobody" if excluded else "it adds nobody"
        message = f"{place.said(item)} can hold for nobody here, so {effect}"
        yield place.finding("unreachable_branch", item, message)
    alive = [item for item in items if item not in dead]
    for index, item in enumerate(alive):
        wider = _wider(place, alive, index, around)
        if wider is not None:
            effect = "excludes" if excluded else "adds"
            message = (
                f"{place.said(item)} {effect} nobody besides {place.at(wider)}, which holds whenever it does"
            )
            yield place.finding("redundant_branch", item, message)
            continue
        others = tuple(NoneOf((other,)) for other in alive if other is not item) if excluded else ()
        yield from _within(place, item, (*around, *others))


def _wider(place: Place, items: list[Condition], index: int, around: Around) -> Condition | None:
    """Another branch that holds whenever one does; of two that mean the same, the second has the first."""
    item = items[index]
    for other_index, other in enumerate(items):
        if other_index != index and follows(other, [*around, item], place.known):
            same = follows(item, [*around, other], place.known)
            if not same or other_index < index:
                return other
    return None
