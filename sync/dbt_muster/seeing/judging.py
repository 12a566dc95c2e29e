"""Criteria are judged level by level: a query for a key, and one for each entity that they go through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dbt_muster.seeing.keys import Found, FoundRelated, Look, Sought, find_key, find_related
from dbt_muster.seeing.readings import Readings
from dbt_muster.seeing.standings import standing_words
from dbt_muster.seeing.verdicts import Named, Naming, Verdict
from dbt_muster.specs.meaning import Audience, Compare, Condition, Entity, MemberOf, Project, Related, Through
from dbt_muster.words import Node, Voice, node_of
from dbt_muster.words.limits import limit_words
from dbt_muster.words.links import asked_of, heading, is_of_all


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


class OneKey:
    """Criteria about one key, and about whoever else they ask.

    Args:
        look: at what.
        entity: whose key it is.
        criteria: each as a tree.
        sought: the key.
        audience: whose criteria they are, where they are whole.

    Raises:
        MusterError: the warehouse refused a query.
    """

    def __init__(
        self,
        look: Look,
        entity: Entity,
        criteria: Sequence[Node],
        sought: Sought,
        audience: Audience | None = None,
    ) -> None:
        self._look = look
        self._entity = entity
        self._voice = look.clock.voice(look.project, entity.name)
        self.nodes = tuple(unfolded(look.project, criteria, self._voice))
        conditions = tuple(dict.fromkeys(node.condition for each in self.nodes for node in each.walk()))
        around = [audience] if audience else []
        around += [look.project.audiences[each.audience] for each in conditions if isinstance(each, MemberOf)]
        limits = tuple(each.limit for each in around if each.limit)
        self.readings = Readings(entity, look.clock, self._voice, conditions, limits)
        asked = dict.fromkeys([*conditions, *self.readings.besides])
        self.found: Found = find_key(look, entity, list(asked), self.readings.read, sought)
        self._named = {} if self.found.key is None else dict(self._ask_named(conditions, self.found.key))
        self._naming = {} if self.found.key is None else dict(self._ask_naming(conditions, self.found.key))

    def verdict(self, node: Node) -> Verdict:
        """What came of a criterion."""
        holds = self.found.held[node.condition]
        match node.condition:
            case MemberOf():
                return self._of_audience(node, node.condition, holds)
            case Through():
                return self._of_named(node, node.condition, holds)
            case Compare(Related()):
                return self._of_naming(node, node.condition, holds)
        below = tuple(map(self.verdict, node.children))
        return Verdict(node, holds, self.readings.said(node.condition, self.found), below)

    def standing(self, audience: Audience) -> str | None:
        """What the last evaluation of an audience with `stay` or `expire` knew of the key, in words."""
        if self.found.key is None:
            return None
        look, timezone = self._look, self._entity.timezone
        return standing_words(look.site, look.clock, audience, self.found.key, timezone)

    def _of_audience(self, node: Node, condition: MemberOf, holds: bool) -> Verdict:
        audience = self._look.project.audiences[condition.audience]
        if not node.children:
            return Verdict(node, holds, "its criteria stand above")
        said = (self.readings.limited(audience, self.found, member=holds), self.standing(audience))
        (below,) = node.children
        return Verdict(node, holds, "; ".join(filter(None, said)) or None, self.verdict(below).unfolded)

    def _of_named(self, node: Node, condition: Through, holds: bool) -> Verdict:
        level, below = self._named[condition]
        found = Named(condition.entity, level.found.sought, level.found.key is not None)
        if not found.found:
            return Verdict(node, holds, found.words(), related=found)
        node = replace(node, text=heading(condition, self._voice))
        return Verdict(node, holds, found.words(), level.verdict(below).unfolded, related=found)

    def _of_naming(self, node: Node, condition: Compare, holds: bool) -> Verdict:
        level, below = self._naming[condition]
        found = level.naming(below)
        if not found.count and is_of_all(condition):
            return Verdict(node, holds, f"{found.words()}, so none fails it", related=found)
        measured = self.readings.measure(condition)
        if measured is None:
            raise TypeError("a number of others is always compared with something")
        said = self.readings.compared(measured, found.words(), self.found)
        if not found.count:
            return Verdict(node, holds, said, related=found)
        said = "; ".join([said, *found.examples_words()])
        node = replace(node, text=heading(condition, self._voice))
        return Verdict(node, holds, said, level.verdict(below).unfolded, related=found)

    def _ask_named(
        self, conditions: Iterable[Condition], key: str
    ) -> Iterator[tuple[Through, tuple[OneKey, Node]]]:
        """Each condition about what the key names, with that level; one query for each entity."""
        asked = [each for each in conditions if isinstance(each, Through)]
        for name in dict.fromkeys(each.entity for each in asked):
            entity = self._look.project.entities[name]
            own = [each for each in asked if each.entity == name]
            nodes = [node_of(each.where, self._voice.of(name)) for each in own]
            level = OneKey(self._look, entity, nodes, Sought(key, self._entity))
            yield from ((each, (level, node)) for each, node in zip(own, level.nodes, strict=True))

    def _ask_naming(
        self, conditions: Iterable[Condition], key: str
    ) -> Iterator[tuple[Compare, tuple[Several, Node]]]:
        """Each condition about those who name the key, with that level; one query for each entity."""
        asked = [
            (each, each.left)
            for each in conditions
            if isinstance(each, Compare) and isinstance(each.left, Related)
        ]
        for name in dict.fromkeys(related.entity for _, related in asked):
            entity = self._look.project.entities[name]
            own = [each for each, related in asked if related.entity == name]
            nodes = [node_of(asked_of(each), self._voice.of(name)) for each in own]
            level = Several(self._look, self._entity, key, entity, nodes)
            yield from ((each, (level, node)) for each, node in zip(own, level.nodes, strict=True))


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
