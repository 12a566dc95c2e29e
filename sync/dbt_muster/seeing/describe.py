"""A spec in plain English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from dbt_muster.seeing.clock import Clock
from dbt_muster.specs.meaning import CONTROL, SLOTS, Audience, Project, Rules, Shift, Sync, Trait
from dbt_muster.specs.problems import printable
from dbt_muster.specs.resolve.digests import Uses
from dbt_muster.words import Node, Voice, node_of, tree
from dbt_muster.words.limits import limit_words
from dbt_muster.words.traits import trait_words


@dataclass(frozen=True)
class Description:
    """An audience, ready to be read."""

    audience: Audience
    timezone: str
    as_of: str
    criteria: Node
    traits: dict[str, str]  # what each calculated attribute that the criteria read is
    after: tuple[str, ...]  # what happens once the criteria have chosen

    def lines(self) -> Iterator[str]:
        """The form for people."""
        audience = self.audience
        yield printable(f"{audience.name}: an audience of {audience.entity}")
        if audience.description:
            yield printable(" ".join(audience.description.split()))
        facts = [f"owner {audience.owner}"] if audience.owner else []
        facts += [f"tags {', '.join(audience.tags)}"] if audience.tags else []
        facts += [] if audience.enabled else ["switched off"]
        if facts:
            yield printable("; ".join(facts))
        yield ""
        when = f"As of {self.as_of} ({self.timezone})"
        yield printable(f"{when}, a member is each {audience.entity} for whom {self.criteria.text}:")
        yield from (printable(line) for line in outline(self.criteria))
        if self.traits:
            yield ""
            yield "where"
            yield from (printable(f"  {name} is {words}") for name, words in self.traits.items())
        if self.after:
            yield ""
            yield from map(printable, self.after)

    def to_dict(self) -> dict[str, object]:
        """The machine form, for `--output json`."""
        audience = self.audience
        return {
            "audience": audience.name,
            "entity": audience.entity,
            "description": audience.description,
            "owner": audience.owner,
            "tags": list(audience.tags),
            "enabled": audience.enabled,
            "as_of": self.as_of,
            "timezone": self.timezone,
            "criteria": node_dict(self.criteria),
            "traits": self.traits,
            "then": list(self.after),
        }


def describe(project: Project, audience: Audience, clock: Clock) -> Description:
    """An audience of a project in plain English.

    Args:
        project: whose traits the criteria read.
        audience: what is described.
        clock: gives the dates that relative points in time come to.
    """
    entity = project.entities[audience.entity]
    voice = clock.voice(project, entity.name)
    return Description(
        audience,
        entity.timezone,
        clock.local(clock.as_of, entity.timezone),
        tree(audience.criteria, voice),
        _traits(project.traits.get(entity.name, {}), audience, voice),
        tuple(_after(project, audience, voice)),
    )


def outline(node: Node, depth: int = 1) -> Iterator[str]:
    """The children of a group, each on a line; groups among them open a level of their own."""
    for child in node.children:
        mark = ":" if child.children else ""
        yield f"{'  ' * depth}- {child.text}{mark}"
        yield from outline(child, depth + 1)


def node_dict(node: Node) -> dict[str, object]:
    """A node as plain data."""
    plain: dict[str, object] = {"kind": node.kind, "text": node.text}
    if node.kind != "condition":
        plain["children"] = [node_dict(child) for child in node.children]
    return plain


def _traits(traits: dict[str, Trait], audience: Audience, voice: Voice) -> dict[str, str]:
    uses = Uses()
    uses.walk((audience.criteria, audience.limit))
    walked: set[str] = set()
    while below := uses.traits - walked:
        walked |= below
        uses.walk(tuple(traits[name].value for name in sorted(below)))
    return {name: trait_words(traits[name], voice) for name in sorted(uses.traits)}


def _after(project: Project, audience: Audience, voice: Voice) -> Iterator[str]:
    if audience.limit is not None:
        yield f"Of these, {limit_words(audience.limit)}."
    if audience.stay is not None:
        yield f"A member stays for {_length(audience.stay)} after it last qualified."
    if audience.expire is not None:
        ends = f"A membership ends {_length(audience.expire)} after it began"
        yield f"{ends}, and may begin again after the criteria have failed once."
    if audience.split is not None:
        shares = [
            f"{name} {_share(slots)}{' (never sent)' if name == CONTROL else ''}"
            for name, slots in audience.split.variants
        ]
        yield f"Members are split by hash: {', '.join(shares)}."
    yield from _groups(project.rules(audience.entity), audience)
    for sync in audience.syncs:
        yield _sync(sync, project.destinations[sync.destination].consent, voice)


def _length(length: Shift) -> str:
    return f"{length.count} {length.unit}{'s' * (length.count != 1)}"


def _groups(rules: Rules, audience: Audience) -> Iterator[str]:
    """Whom the groups of the entity keep from being sent."""
    if rules.holdout is not None:
        share = _share(rules.holdout.slots)
        yield f"Held out of every audience of {audience.entity} by hash, and never sent: {share}."
    if rules.suppress:
        yield f"Never sent: members of {', '.join(rules.suppress)}."
    for group in rules.priorities:
        first = takewhile(lambda name: name != audience.name, group.priority)
        if audience.name in group.priority and (before := list(first)):
            yield f"Whoever is in {' or '.join(before)} is left to that, by the priority of {group.name}."


def _share(slots: int) -> str:
    return f"{slots * 100 / SLOTS:g}%"


def _sync(sync: Sync, consent: str | None, voice: Voice) -> str:
    said = [f"Sent to {sync.destination}"]
    if sync.variants:
        said.append(f"the variant{'s' * (len(sync.variants) > 1)} {', '.join(sync.variants)}")
    if sync.where is not None:
        said.append(f"of whom {node_of(sync.where, voice).text}")
    if consent is not None:
        said.append(f"with consent to {consent}")
    if sync.match_on:
        said.append(f"matched on {', '.join(sync.match_on)}")
    return f"{', '.join(said)}."
