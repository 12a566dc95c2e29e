"""Whether conditions can hold together: a search that says no only where it is sure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from math import ceil, floor

from dbt_muster.lint.formulas import Every, Fact, Formula, Known, Some, Unknown, formula
from dbt_muster.lint.values import Among, Interval, Restriction, Span, nothing_left
from dbt_muster.specs.meaning import EVER, Aggregate, Condition, Operand, Periods, Type, Window
from dbt_muster.specs.windows import surely_not_before

_MOST_STEPS = 1500
"""Facts that are looked at before the search gives up, and says that the conditions may hold."""

_COUNTS = ("count", "distinct", "sum")
_OF_SOME_EVENT = ("average", "min", "max", "first", "last")

Case = list[Fact | Unknown]


def may_hold(conditions: Iterable[Condition], known: Known, *, besides: Iterable[Formula] = ()) -> bool:
    """Whether somebody may meet all of the conditions; False only where surely nobody can.

    Args:
        conditions: all of them must hold.
        known: what traits and other audiences are.
        besides: more that must hold.
    """
    goals = [*(formula(condition, False, known) for condition in conditions), *besides]
    return any(case is None or _is_possible(case) for case in _cases(goals, _Steps(_MOST_STEPS)))


def follows(conclusion: Condition, conditions: Iterable[Condition], known: Known) -> bool:
    """Whether a condition surely holds wherever the others do."""
    return not may_hold(conditions, known, besides=[formula(conclusion, True, known)])


@dataclass
class _Steps:
    left: int


def _cases(goals: list[Formula], steps: _Steps) -> Iterator[Case | None]:
    """The ways in which all goals can be met, each as facts that must all be so; None when it gives up."""
    facts, choices = _taken_apart(goals)
    steps.left -= 1 + len(facts)
    if steps.left < 0:
        yield None
        return
    if not choices:
        yield facts
        return
    if not _is_possible(facts):
        return
    fewest, *others = sorted(choices, key=lambda choice: len(choice.items))
    for item in fewest.items:
        yield from _cases([*facts, *others, item], steps)


def _taken_apart(goals: list[Formula]) -> tuple[Case, list[Some]]:
    """What must be so in any case, and what leaves a choice."""
    facts: Case = []
    choices: list[Some] = []
    waiting = list(goals)
    while waiting:
        goal = waiting.pop()
        match goal:
            case Every(items):
                waiting.extend(items)
            case Some():
                choices.append(goal)
            case _:
                facts.append(goal)
    return facts, choices


def _is_possible(case: Case) -> bool:
    unknown = {fact for fact in case if isinstance(fact, Unknown)}
    if any(replace(fact, negated=not fact.negated) in unknown for fact in unknown):
        return False
    facts = [fact for fact in case if isinstance(fact, Fact)]
    grouped = _by_operand([*facts, *_implied(facts)])
    if any(_none_left(operand, of_operand) for operand, of_operand in grouped.items()):
        return False
    return not _counts_disagree(grouped)


def _by_operand(facts: Iterable[Fact]) -> dict[Operand, list[Fact]]:
    grouped: dict[Operand, list[Fact]] = {}
    for fact in facts:
        grouped.setdefault(fact.operand, []).append(fact)
    return grouped


def _none_left(operand: Operand, facts: list[Fact]) -> bool:
    """Whether a value can be neither missing nor there."""
    counted = isinstance(operand, Periods) or (isinstance(operand, Aggregate) and operand.function in _COUNTS)
    if not counted and all(fact.missing for fact in facts):
        return False
    if not all(fact.present for fact in facts):
        return True
    folded: dict[bool, list[Restriction]] = {}
    for fact in facts:
        if fact.restriction is not None:
            folded.setdefault(fact.folded, []).append(fact.restriction)
    return any(nothing_left((*_always(operand), *each), operand.type) for each in folded.values())


def _always(operand: Operand) -> Iterator[Interval]:
    """What is so of a value whatever a spec says."""
    if isinstance(operand, Aggregate) and operand.function in ("count", "distinct"):
        yield Interval(low=0)
    elif isinstance(operand, Periods):
        yield Interval(low=0, high=len(operand.holding))


def _implied(facts: list[Fact]) -> Iterator[Fact]:
    """Where there is an event in a window, the last one is not before it, and the first one not after it."""
    for operand, of_operand in _by_operand(facts).items():
        if not isinstance(operand, Aggregate) or not _needs_event(operand, of_operand):
            continue
        yield from _edges(operand)


@cache
def _edges(operand: Aggregate) -> tuple[Fact, ...]:
    """The last and the first event, where there is one in an aggregate's window."""
    window = operand.window
    edge = replace(operand, of=None, window=EVER, type=Type.TIMESTAMP)
    spans = {
        replace(edge, function="last"): Span(start=window.start),
        replace(edge, function="first"): Span(end=window.end),
    }
    return tuple(
        Fact(time, missing=False, restriction=span) for time, span in spans.items() if time != operand
    )


def _needs_event(operand: Aggregate, facts: list[Fact]) -> bool:
    if operand.function in ("count", "distinct"):
        return any(_least(fact) > 0 for fact in facts)
    return operand.function in _OF_SOME_EVENT and any(not fact.missing for fact in facts)


def _least(fact: Fact) -> float:
    """The smallest number that a fact about a count allows."""
    match fact.restriction:
        case Interval(low=int() | Decimal() as low, low_open=is_open):
            return floor(low) + 1 if is_open else ceil(low)
        case Among(values, outside=False):
            return min(map(_number, values), default=0)
    return 0


def _most(fact: Fact) -> float:
    """The largest number that a fact about a count allows."""
    match fact.restriction:
        case Interval(high=int() | Decimal() as high, high_open=is_open):
            return ceil(high) - 1 if is_open else floor(high)
        case Among(values, outside=False):
            return max(map(_number, values), default=0)
    return float("inf")


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | Decimal) else 0


def _counts_disagree(grouped: dict[Operand, list[Fact]]) -> bool:
    """Whether more is asked of a part of the events than of the whole of them."""
    counts = [
        (operand, max(map(_least, facts)), min(map(_most, facts)))
        for operand, facts in grouped.items()
        if isinstance(operand, Aggregate) and operand.function == "count"
    ]
    return any(
        least > most and _is_part(part, whole) for part, least, _ in counts for whole, _, most in counts
    )


def _is_part(part: Aggregate, whole: Aggregate) -> bool:
    """Whether every event that one count looks at is looked at by the other one."""
    same = (part.source, part.event, part.where) == (whole.source, whole.event, whole.where)
    wider = part.source == whole.source and whole.where is None and whole.event in (None, part.event)
    return (same or wider) and _inside(part.window, whole.window)


def _inside(inner: Window, outer: Window) -> bool:
    starts = outer.start is None or (inner.start is not None and surely_not_before(inner.start, outer.start))
    ends = outer.end is None or (inner.end is not None and surely_not_before(outer.end, inner.end))
    return starts and ends
