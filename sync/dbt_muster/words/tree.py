"""Criteria as a tree of lines: groups with what they hold, and conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dbt_muster.specs.meaning import All, AnyOf, Condition, NoneOf
from dbt_muster.words.conditions import inline
from dbt_muster.words.voice import Voice

Kind = Literal["all", "any", "none", "condition"]

HEADINGS = {
    "all": "all of these hold",
    "any": "at least one of these holds",
    "none": "none of these holds",
}


@dataclass(frozen=True)
class Node:
    """A condition with its line; only groups have children."""

    kind: Kind
    condition: Condition
    text: str
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """This node and all below it, each before its children."""
        yield self
        for child in self.children:
            yield from child.walk()


def tree(criteria: Condition, voice: Voice) -> Node:
    """An audience's criteria as a group, also where they are one condition."""
    whole = criteria if isinstance(criteria, All | AnyOf | NoneOf) else All((criteria,))
    return node_of(whole, voice)


def node_of(condition: Condition, voice: Voice) -> Node:
    """A condition, and what it is made of."""
    match condition:
        case All(items):
            return _group("all", condition, items, voice)
        case AnyOf(items):
            return _group("any", condition, items, voice)
        case NoneOf(items):
            return _group("none", condition, items, voice)
    return Node("condition", condition, inline(condition, voice))


def _group(kind: Kind, condition: Condition, items: tuple[Condition, ...], voice: Voice) -> Node:
    return Node(kind, condition, HEADINGS[kind], tuple(node_of(item, voice) for item in items))
