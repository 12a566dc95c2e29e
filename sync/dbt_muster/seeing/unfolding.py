"""Criteria with what stands behind the audiences that they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dbt_muster.specs.meaning import MemberOf, Project
from dbt_muster.words import Node, Voice, node_of


def unfolded(project: Project, nodes: Iterable[Node], voice: Voice) -> Iterator[Node]:
    """Criteria with those of the audiences that they name below them, each audience once.

    Args:
        project: whose audiences they are.
        nodes: the criteria.
        voice: that of their entity.
    """
    seen: set[str] = set()

    def unfold(node: Node) -> Node:
        condition = node.condition
        if isinstance(condition, MemberOf) and condition.audience not in seen:
            seen.add(condition.audience)
            below = node_of(project.audiences[condition.audience].criteria, voice)
            return replace(node, children=(unfold(below),))
        return replace(node, children=tuple(map(unfold, node.children)))

    yield from map(unfold, nodes)
