"""Criteria about all those whose rows name a key: for how many of them each holds."""

from __future__ import annotations

from collections.abc import Sequence

from dbt_muster.seeing.keys import FoundRelated, Look, find_related
from dbt_muster.seeing.unfolding import unfolded
from dbt_muster.seeing.verdicts import Naming, Verdict
from dbt_muster.specs.meaning import Entity, MemberOf
from dbt_muster.words import Node
from dbt_muster.words.limits import limit_words


class Several:
    """Criteria about all those who name a key: for how many of them each holds.

    Args:
        look: at what.
        named: whose key it is.
        key: as text.
        entity: those who name it.
        criteria: each as a tree.

    Raises:
        MusterError: the warehouse refused the query.
    """

    def __init__(self, look: Look, named: Entity, key: str, entity: Entity, criteria: Sequence[Node]) -> None:
        self._look = look
        self._entity = entity
        self.nodes = tuple(unfolded(look.project, criteria, look.clock.voice(look.project, entity.name)))
        conditions = list(dict.fromkeys(node.condition for each in self.nodes for node in each.walk()))
        asked = dict.fromkeys(node.condition for node in self.nodes)
        self._found: FoundRelated = find_related(look, named, key, entity, conditions, asked)

    def naming(self, node: Node) -> Naming:
        """Those who name the key, and for how many of them a criterion holds."""
        found = self._found
        examples, others = found.examples[node.condition]
        return Naming(self._entity.name, found.count, found.held[node.condition], examples, others)

    def verdict(self, node: Node) -> Verdict:
        """For how many a criterion holds."""
        said = None
        if isinstance(node.condition, MemberOf):
            limit = self._look.project.audiences[node.condition.audience].limit
            said = f"limited to {limit_words(limit)}" if limit else None
        below = tuple(each for child in node.children for each in self._below(node, child))
        return Verdict(node, self._found.held[node.condition], said, below, of=self._found.count)

    def _below(self, node: Node, child: Node) -> tuple[Verdict, ...]:
        verdict = self.verdict(child)
        return verdict.unfolded if isinstance(node.condition, MemberOf) else (verdict,)
