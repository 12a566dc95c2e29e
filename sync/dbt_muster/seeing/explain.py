"""Why a key is a member of an audience, or is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from dbt_muster.plan.nodes import condition_node, location_node
from dbt_muster.seeing.clock import Clock
from dbt_muster.seeing.criteria import Taken, standing_note, take_apart
from dbt_muster.seeing.inline import Inline, Site
from dbt_muster.specs.meaning import (
    Aggregate,
    Attribute,
    Audience,
    Condition,
    Entity,
    Near,
    Operand,
    Periods,
    Project,
    Sequence,
    TraitValue,
    Type,
)
from dbt_muster.specs.problems import printable
from dbt_muster.words import Node, Voice, tree
from dbt_muster.words.conditions import distance_words
from dbt_muster.words.limits import limit_words
from dbt_muster.words.measures import Measure, behind, measure
from dbt_muster.words.operands import operand_words, value_words
from dbt_muster.words.sequences import beginnings, progress_words


@dataclass(frozen=True)
class Verdict:
    """A criterion for one key.

    Attributes:
        node: the criterion.
        holds: what it says of the key; under `none` it should not.
        reading: the value behind it and what was wanted, in words; None where there is no single value.
        children: those of a group.
    """

    node: Node
    holds: bool
    reading: str | None
    children: tuple[Verdict, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """One key and one audience. Holds the key's own data: for a person's terminal, and nowhere else.

    Attributes:
        verdict: of the whole criteria; None for a key that is not in the population.
    """

    audience: Audience
    key: str
    timezone: str
    as_of: str
    member: bool
    verdict: Verdict | None
    note: str | None = None

    def lines(self) -> Iterator[str]:
        """The form for people."""
        name, entity = self.audience.name, self.audience.entity
        when = f"as of {self.as_of} ({self.timezone})"
        key = printable(self.key)
        if self.verdict is None:
            yield f"{key} is not in the population of {entity}: the entity's table has no such key, {when}."
            return
        yield f"{key} is {'' if self.member else 'not '}a member of {name}, {when}."
        yield ""
        yield from map(printable, _outline(self.verdict))
        if self.note:
            yield ""
            yield self.note
        if self.audience.limit is not None and self.verdict.holds:
            yield ""
            said = "is one of" if self.member else "is not one of"
            yield printable(f"The criteria hold, and {key} {said} {limit_words(self.audience.limit)}.")

    def to_dict(self) -> dict[str, object]:
        """The machine form, for `--output json`."""
        return {
            "audience": self.audience.name,
            "entity": self.audience.entity,
            "key": self.key,
            "as_of": self.as_of,
            "timezone": self.timezone,
            "in_population": self.verdict is not None,
            "member": self.member,
            "note": self.note,
            "criteria": None if self.verdict is None else _plain(self.verdict),
        }


def explain(project: Project, audience: Audience, key: str, site: Site, clock: Clock) -> Explanation:
    """Every criterion of an audience for one key, of the warehouse's tables as they are; nothing is written.

    Args:
        project: what the audience's criteria refer to.
        audience: need not have been built.
        key: as text.
        site: where the tables are.
        clock: the instant.

    Raises:
        MusterError: the warehouse refused the query.
    """
    entity = project.entities[audience.entity]
    voice = clock.voice(entity)
    criteria = tree(audience.criteria, voice)
    undated = Voice(entity.name)  # the dates of a window stand in the criterion already
    measures = {node.condition: measure(node.condition, undated) for node in criteria.walk()}
    operands = [each for found in measures.values() if found for each in (found.operand, *found.beside)]
    operands += [each for condition in measures for each in behind(condition)]
    read: dict[Operand | Near, None] = dict.fromkeys(each for each in operands if _is_read(each))
    read |= dict.fromkeys(condition for condition in measures if isinstance(condition, Near))
    counted = dict.fromkeys(each for each in operands if isinstance(each, Periods))
    begun = {each: beginnings(each) for each in measures if isinstance(each, Sequence)}
    taken = take_apart(
        project,
        audience,
        criteria,
        besides=[*(each for periods in counted for each in periods.holding), *chain(*begun.values())],
        read=[operand for operand in read if isinstance(operand, Aggregate)],
        traits=any(isinstance(operand, TraitValue) for operand in read),
    )
    inline = Inline(site, taken.stubs)
    rows = inline.ask(
        "muster_criteria_of_key",
        entity.key.column,
        key,
        inline.names(taken.relations),
        ["audience", *taken.aliases.values()],
        [_column(each, taken) for each in read],
    )
    now = clock.local(clock.as_of, entity.timezone)
    if not rows:
        return Explanation(audience, key, entity.timezone, now, member=False, verdict=None)
    _, member, *found = rows[0]
    held = dict(zip(taken.aliases, map(bool, found), strict=False))
    values: dict[Operand | Near, Any] = dict(zip(read, found[len(held) :], strict=True))
    values |= {periods: sum(held[each] for each in periods.holding) for periods in counted}

    def said(operand: Operand) -> str:
        return _value_words(values[operand], clock, entity)

    def reading(condition: Condition) -> str | None:
        match condition:
            case Near():
                return distance_words(condition, values[condition])
            case Sequence():
                met = sum(held[each] for each in begun[condition])
                return progress_words(condition, met, holds=held[condition])
        each = measures[condition]
        if each is not None and {each.operand, *each.beside} <= values.keys():
            return _reading(each, said, lambda operand: operand_words(operand, voice))
        others = [each for each in behind(condition) if each in values]
        return ", ".join(f"{operand_words(each, voice)} {said(each)}" for each in others) or None

    def verdict(node: Node) -> Verdict:
        below = tuple(map(verdict, node.children))
        return Verdict(node, held[node.condition], reading(node.condition), below)

    note = standing_note(project, audience)
    return Explanation(audience, key, entity.timezone, now, bool(member), verdict(criteria), note)


def _is_read(operand: Operand) -> bool:
    """Whether an operand's value stands in one column."""
    return isinstance(operand, Attribute | TraitValue | Aggregate) and operand.type is not Type.LOCATION


def _column(read: Operand | Near, taken: Taken) -> Mapping[str, Any]:
    """Where a value stands, or from what a distance is worked out."""
    match read:
        case Near(Attribute(name)):
            return condition_node(read, lambda *_: location_node(name))
        case Attribute(name):
            return {"of": "entity", "column": f"attribute__{name}"}
        case TraitValue(name):
            return {"of": "traits", "column": name}
        case Aggregate():
            return {"of": "traits", "column": taken.columns[read]}
    raise TypeError(f"{type(read).__name__} is no value of an entity")


def _reading(found: Measure, said: Callable[[Operand], str], called: Callable[[Operand], str]) -> str:
    beside = ", ".join(f"{called(operand)} is {said(operand)}" for operand in found.beside)
    return f"{found.label} {said(found.operand)}, wanted {found.wanted}" + (f"; {beside}" if beside else "")


def _value_words(value: object, clock: Clock, entity: Entity) -> str:
    match value:
        case None:
            return "missing"
        case datetime():
            return clock.local(value.replace(tzinfo=None), entity.timezone)
        case date():
            return value.isoformat()
        case float():
            return format(value, ".12g")
        case Decimal():
            return format(value.normalize(), "f")
        case list() | tuple():
            return "[" + ", ".join(map(value_words, value)) + "]"
    return value_words(value)


def _outline(verdict: Verdict, depth: int = 0) -> Iterator[str]:
    holds = "true " if verdict.holds else "false"
    group = ":" if verdict.children else ""
    reading = f"  ({verdict.reading})" if verdict.reading else ""
    yield f"{holds}  {'  ' * depth}{verdict.node.text}{group}{reading}"
    for child in verdict.children:
        yield from _outline(child, depth + 1)


def _plain(verdict: Verdict) -> dict[str, object]:
    plain: dict[str, object] = {
        "kind": verdict.node.kind,
        "text": verdict.node.text,
        "holds": verdict.holds,
        "reading": verdict.reading,
    }
    return plain | ({"children": list(map(_plain, verdict.children))} if verdict.children else {})
