"""Why a key is a member of an audience, or is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dbt_muster.seeing.clock import Clock
from dbt_muster.seeing.criteria import standing_note
from dbt_muster.seeing.delivering import Delivery, delivery_of
from dbt_muster.seeing.inline import Site
from dbt_muster.seeing.judging import ask_of_key
from dbt_muster.seeing.keys import Found, Look, canonical_key, erased_at
from dbt_muster.seeing.verdicts import Verdict
from dbt_muster.specs.meaning import Audience, Project
from dbt_muster.specs.problems import printable
from dbt_muster.words import tree


@dataclass(frozen=True)
class Explanation:
    """One key and one audience.

    Holds the key's own data, and keys around it: for a person's terminal, and nowhere else.

    Attributes:
        key: the canonical one, where an alias was asked about.
        alias: what was asked about, where it is an alias.
        member: whether it is one, or where earlier evaluations have a say, whether it qualifies.
        verdict: of the whole criteria; None for a key that is not in the population.
        limit: where the criteria hold and the audience has a limit, whether the key is within it, in words.
        standing: what the last evaluation knew of the key, if the audience has `stay` or `expire`, in words.
        erased_at: when the key was erased, in UTC.
        note: that earlier evaluations are not looked at, where they have a say.
        delivery: where a member is sent; None for who is none, and where there is nothing to say.
    """

    audience: Audience
    key: str
    timezone: str
    as_of: str
    member: bool
    verdict: Verdict | None
    limit: str | None = None
    standing: str | None = None
    alias: str | None = None
    erased_at: datetime | None = None
    note: str | None = None
    delivery: Delivery | None = None

    def lines(self) -> Iterator[str]:
        """The form for people."""
        name, entity = self.audience.name, self.audience.entity
        when = f"as of {self.as_of} ({self.timezone})"
        key = printable(self.key)
        if self.alias is not None:
            yield f"{printable(self.alias)} is an alias of {key}."
            yield ""
        if self.erased_at is not None:
            when = f"{self.erased_at:%Y-%m-%d %H:%M} UTC"
            yield f"{key} was erased (`muster erase`, {when}), and so is in no audience of {entity}."
            return
        if self.verdict is None:
            yield f"{key} is not in the population of {entity}: the entity's table has no such key, {when}."
            return
        if self.note:  # only the built tables know who is a member
            yield f"{key} {'qualifies' if self.member else 'does not qualify'} for {name}, {when}."
        else:
            yield f"{key} is {'' if self.member else 'not '}a member of {name}, {when}."
        yield ""
        yield from map(printable, self.verdict.lines())
        for more in (self.limit, self.standing):
            if more:
                yield ""
                yield printable(f"{more[0].upper()}{more[1:]}.")
        if self.delivery is not None:
            yield ""
            yield from map(printable, self.delivery.lines())
        if self.note:
            yield ""
            yield self.note

    def to_dict(self) -> dict[str, object]:
        """The machine form, for `--output json`."""
        return {
            "audience": self.audience.name,
            "entity": self.audience.entity,
            "key": self.key,
            "alias": self.alias,
            "as_of": self.as_of,
            "timezone": self.timezone,
            "in_population": self.verdict is not None,
            "member": self.member,
            "erased_at": None if self.erased_at is None else f"{self.erased_at:%Y-%m-%dT%H:%M:%SZ}",
            "limit": self.limit,
            "standing": self.standing,
            "note": self.note,
            "delivery": None if self.delivery is None else self.delivery.to_dict(),
            "criteria": None if self.verdict is None else self.verdict.to_dict(),
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
        MusterError: the warehouse refused a query.
    """
    entity = project.entities[audience.entity]
    criteria = tree(audience.criteria, clock.voice(project, entity.name))
    now = clock.local(clock.as_of, entity.timezone)
    look = Look(project, audience, site, clock)
    alias = None
    level = ask_of_key(look, entity, key, [criteria], audience)
    if level is None:
        canonical = canonical_key(site, entity, key)
        if canonical is not None:
            alias, key = key, canonical
            level = ask_of_key(look, entity, key, [criteria], audience)
    if level is None:
        gone = erased_at(site, entity.name, key)
        return Explanation(
            audience, key, entity.timezone, now, member=False, verdict=None, alias=alias, erased_at=gone
        )
    found = level.found
    limit = level.readings.limited(audience, found, member=found.member, whom=key)
    return Explanation(
        audience,
        key,
        entity.timezone,
        now,
        found.member,
        level.verdict(*level.nodes),
        limit,
        level.standing(audience),
        alias,
        note=standing_note(project, audience),
        delivery=_delivery(look, found),
    )


def _delivery(look: Look, found: Found) -> Delivery | None:
    audience, rules = look.audience, look.project.rules(look.audience.entity)
    if not found.member or not (audience.syncs or audience.split or rules.holdout):
        return None

    def is_member(name: str) -> bool:
        other = look.project.audiences[name]
        asked = Look(look.project, other, look.site, look.clock)
        entity = look.project.entities[other.entity]
        nodes = [tree(other.criteria, look.clock.voice(look.project, entity.name))]
        level = ask_of_key(asked, entity, found.key, nodes, other)
        return level is not None and level.found.member

    return delivery_of(look, found.key, is_member)
