"""What the last evaluation of an audience with `stay` or `expire` knew of a key, by the table dbt built."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dbt_muster.plan.audiences import has_standing, standing_model
from dbt_muster.seeing.clock import Clock
from dbt_muster.seeing.inline import Inline, Site
from dbt_muster.specs.meaning import Audience


@dataclass(frozen=True)
class Standing:
    """A key's state, at an evaluation that may be long ago.

    Attributes:
        evaluated_at: when the audience was last evaluated.
        qualified: whether the key qualified then.
        blocked: whether its membership had expired, and it qualified ever since.
        member_since: when its membership began; None where it was no member.
        last_qualified_at: when it last qualified, where it no longer did.
    """

    evaluated_at: datetime
    qualified: bool
    blocked: bool
    member_since: datetime | None
    last_qualified_at: datetime | None

    def words(self, clock: Clock, timezone: str) -> str:
        """In words, as of that evaluation."""

        def local(instant: datetime) -> str:
            return clock.local(instant.replace(tzinfo=None), timezone)

        when = f"at its last evaluation, {local(self.evaluated_at)}"
        if self.member_since is None:
            why = ": its membership had expired, and it had qualified ever since" if self.blocked else ""
            return f"{when}, it was no member{why}"
        said = f"{when}, it was a member, since {local(self.member_since)}"
        if self.qualified or self.last_qualified_at is None:
            return said
        return f"{said}: it last qualified {local(self.last_qualified_at)}, and `stay` kept it"


def standing_words(site: Site, clock: Clock, audience: Audience, key: str, timezone: str) -> str | None:
    """What is known of a key in an audience with `stay` or `expire`, in words; None for any other audience.

    Args:
        site: where the tables are.
        clock: the instant; evaluations after it are not looked at.
        audience: need not have been built.
        key: as text.
        timezone: of the times.

    Raises:
        MusterError: the warehouse refused a query.
    """
    if not has_standing(audience):
        return None
    table = site.built(standing_model(audience.name))
    if table is None:
        return "it has not been built, so nothing is known of earlier evaluations"
    ((evaluated_at, qualified, blocked, since, last),) = Inline(site).ask(
        "muster_standing_of_key", table, key
    )
    if evaluated_at is None:
        return "it was never evaluated by then"
    return Standing(evaluated_at, bool(qualified), bool(blocked), since, last).words(clock, timezone)
