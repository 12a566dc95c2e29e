"""Criteria are judged level by level: a query for a key, and one for each entity that they go through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dbt_muster.seeing.keys import Found, Look, erased_at, find_key
from dbt_muster.seeing.readings import Readings
from dbt_muster.seeing.several import Several
from dbt_muster.seeing.standings import standing_words
from dbt_muster.seeing.unfolding import unfolded
from dbt_muster.seeing.verdicts import Named, Verdict
from dbt_muster.specs.meaning import Audience, Compare, Entity, MemberOf, Related, Through
from dbt_muster.words import Node, node_of
from dbt_muster.words.links import asked_of, heading, is_of_all


def ask_of_key(
    look: Look, entity: Entity, key: str, criteria: Sequence[Node], audience: Audience | None = None
) -> OneKey | None:
    """Asks about one key, and about whoever else its criteria ask; None where it is not in the population.

    Args:
        look: at what.
        entity: whose key it is.
        key: as text.
        criteria: each as a tree.
        audience: whose criteria they are, where they are all of them.

    Raises:
        MusterError: the warehouse refused a query.
    """
    voice = look.clock.voice(look.project, entity.name)
    nodes = tuple(unfolded(look.project, criteria, voice))
    conditions = tuple(dict.fromkeys(node.condition for each in nodes for node in each.walk()))
    around = [audience] if audience else []
    around += [look.project.audiences[each.audience] for each in conditions if isinstance(each, MemberOf)]
    limits = tuple(each.limit for each in around if each.limit)
    readings = Readings(entity, look.clock, voice, conditions, limits)
    found = find_key(
        look,
        entity,
        key,
        list(dict.fromkeys([*conditions, *readings.besides])),
        readings.read,
        dict.fromkeys(each.entity for each in conditions if isinstance(each, Through)),
        whole=audience is not None,
    )
    return None if found is None else OneKey(look, entity, nodes, readings, found)


class OneKey:
    """What is known of one key, and of whoever else its criteria ask.

    Attributes:
        nodes: the criteria, with those of audiences below them.
        readings: the values behind them.
        found: what is known of the key itself.
    """

    def __init__(
        self, look: Look, entity: Entity, nodes: tuple[Node, ...], readings: Readings, found: Found
    ) -> None:
        self.nodes = nodes
        self.readings = readings
        self.found = found
        self._look = look
        self._entity = entity
        self._named = dict(self._ask_named())
        self._naming = dict(self._ask_naming())

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
        written, there = self.found.named[condition.entity]
        if condition not in self._named:
            gone = written is not None and erased_at(self._look.site, condition.entity, written) is not None
            lacking = Named(condition.entity, written, found=False, erased=gone)
            return Verdict(node, holds, lacking.words(), related=lacking)
        found = Named(condition.entity, there, found=True)
        level, below = self._named[condition]
        node = replace(node, text=heading(condition, self.readings.voice))
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
        node = replace(node, text=heading(condition, self.readings.voice))
        return Verdict(node, holds, said, level.verdict(below).unfolded, related=found)

    def _ask_named(self) -> Iterator[tuple[Through, tuple[OneKey, Node]]]:
        """Each condition about what the key names, with that level; one query for each entity."""
        asked = [each for each in self.readings.conditions if isinstance(each, Through)]
        for name, (_, there) in self.found.named.items():
            own = [each for each in asked if each.entity == name]
            nodes = [node_of(each.where, self.readings.voice.of(name)) for each in own]
            entity = self._look.project.entities[name]
            level = None if there is None else ask_of_key(self._look, entity, there, nodes)
            if level is not None:
                yield from ((each, (level, node)) for each, node in zip(own, level.nodes, strict=True))

    def _ask_naming(self) -> Iterator[tuple[Compare, tuple[Several, Node]]]:
        """Each condition about those who name the key, with that level; one query for each entity."""
        asked = [
            (each, each.left)
            for each in self.readings.conditions
            if isinstance(each, Compare) and isinstance(each.left, Related)
        ]
        for name in dict.fromkeys(related.entity for _, related in asked):
            own = [each for each, related in asked if related.entity == name]
            nodes = [node_of(asked_of(each), self.readings.voice.of(name)) for each in own]
            entity = self._look.project.entities[name]
            level = Several(self._look, self._entity, self.found.key, entity, nodes)
            yield from ((each, (level, node)) for each, node in zip(own, level.nodes, strict=True))
