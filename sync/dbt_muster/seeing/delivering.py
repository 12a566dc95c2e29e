"""Where a member is sent, and where not: groups, variants, consent, and the conditions of syncs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dbt_muster.plan.audiences import division_node
from dbt_muster.seeing.criteria import take_apart
from dbt_muster.seeing.inline import Inline
from dbt_muster.seeing.judging import ask_of_key
from dbt_muster.seeing.keys import Look
from dbt_muster.specs.meaning import CONTROL, HOLDOUT, Sync
from dbt_muster.words import node_of

IsMember = Callable[[str], bool]
"""Whether the key is a member of another audience of its entity, by that one's name."""


@dataclass(frozen=True)
class SentTo:
    """One entry of `sync:`, and what it makes of a member.

    Attributes:
        why_not: why the member is not sent there, in words; None where they are.
    """

    destination: str
    why_not: str | None

    def to_dict(self) -> dict[str, object]:
        """The machine form."""
        return {"destination": self.destination, "deliverable": self.why_not is None, "why_not": self.why_not}


@dataclass(frozen=True)
class Delivery:
    """What becomes of a member who is delivered.

    Attributes:
        variant: which of the audience's split they are in, or `holdout`; None without any.
        withheld: why they are sent nowhere, in words; None where they may be.
        syncs: each entry of `sync:`.
    """

    variant: str | None
    withheld: str | None
    syncs: tuple[SentTo, ...]

    def lines(self) -> Iterator[str]:
        """The form for people."""
        if self.withheld is not None:
            yield f"Goes nowhere: {self.withheld}."
            return
        if self.variant is not None:
            yield f"In the variant {self.variant}."
        for each in self.syncs:
            goes = f"Goes to {each.destination}"
            yield (
                f"{goes}." if each.why_not is None else f"Does not go to {each.destination}: {each.why_not}."
            )

    def to_dict(self) -> dict[str, object]:
        """The machine form."""
        return {
            "variant": self.variant,
            "withheld": self.withheld,
            "syncs": [each.to_dict() for each in self.syncs],
        }


def delivery_of(look: Look, key: str, is_member: IsMember) -> Delivery:
    """What becomes of a member of the audience that is looked at; identifiers are not looked at.

    Args:
        look: at what.
        key: the member's, as it stands in the population.
        is_member: asks of other audiences.

    Raises:
        MusterError: the warehouse refused a query.
    """
    variant, consents = _facts(look, key)
    withheld = _withheld(look, variant, is_member)
    syncs = tuple(
        SentTo(sync.destination, withheld or _why_not(look, sync, key, variant, consents))
        for sync in look.audience.syncs
    )
    return Delivery(variant, withheld, syncs)


def _facts(look: Look, key: str) -> tuple[str | None, dict[str, bool]]:
    """The variant of a key, and to which of the purposes that syncs ask for it agreed."""
    project, audience = look.project, look.audience
    entity, rules = project.entities[audience.entity], project.rules(audience.entity)
    asked = (project.destinations[sync.destination].consent for sync in audience.syncs)
    purposes = list(dict.fromkeys(purpose for purpose in asked if purpose in entity.consent))
    taken = take_apart(project, audience, [], entity=entity.name)
    inline = Inline(look.site, taken.stubs)
    node = {"key": entity.key.column, **division_node(audience, rules)}
    relation = inline.names(taken.relations)["entity"]
    ((variant, *given),) = inline.ask("muster_delivery_of_key", node, relation, key, purposes)
    return variant, dict(zip(purposes, map(bool, given), strict=True))


def _withheld(look: Look, variant: str | None, is_member: IsMember) -> str | None:
    audience, rules = look.audience, look.project.rules(look.audience.entity)
    if variant == HOLDOUT:
        return f"held out of every audience of {audience.entity}"
    if variant == CONTROL:
        return "in the control group"
    for name in rules.suppress:
        if is_member(name):
            return f"suppressed, as a member of {name}"
    for group in rules.priorities:
        if audience.name not in group.priority:
            continue
        for name in group.priority[: group.priority.index(audience.name)]:
            if is_member(name):
                return f"given to {name}, which comes first in the priority of {group.name}"
    return None


def _why_not(look: Look, sync: Sync, key: str, variant: str | None, consents: dict[str, bool]) -> str | None:
    purpose = look.project.destinations[sync.destination].consent
    if purpose is not None and not consents.get(purpose, False):
        return f"no consent to {purpose}"
    if sync.variants and variant not in sync.variants:
        return f"the variant {variant} is not sent there"
    if sync.where is not None and not _meets(look, sync, key):
        entity = look.project.entities[look.audience.entity]
        words = node_of(sync.where, look.clock.voice(look.project, entity.name)).text
        return f"its `where` does not hold, which is that {words}"
    return None


def _meets(look: Look, sync: Sync, key: str) -> bool:
    entity = look.project.entities[look.audience.entity]
    if sync.where is None:
        return True
    node = node_of(sync.where, look.clock.voice(look.project, entity.name))
    # The conditions are no part of the criteria, whose models would be taken with them otherwise.
    bare = replace(look, audience=replace(look.audience, criteria=sync.where, limit=None))
    level = ask_of_key(bare, entity, key, [node])
    return level is not None and level.found.held[level.nodes[0].condition]
