"""Lookalikes at a platform: made where they are asked for, once, when the platform knows enough people."""

from __future__ import annotations

import hashlib
from typing import Any

from pydantic import BaseModel

from dbt_muster.destinations.answers import Fields
from dbt_muster.destinations.audiences import KeepsAudiences
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.lookalikes import each_of
from dbt_muster.destinations.markers import marked_name
from dbt_muster.destinations.runs import AudienceAtPlatform

# People that a platform has to have found of an audience before it makes a lookalike of it: Meta's guide
# "Lookalike Audiences" (June 2026), and the definitions of TikTok's and Pinterest's calls.
SMALLEST_SEED = 100


class MakesLookalikes(KeepsAudiences):
    """Makes lookalikes of the audiences that it keeps; where `options_model` is a `LookalikeOptions`."""

    def lookalike(self, seed: str, wanted: Any) -> Fields:
        """What a lookalike is made with besides its texts.

        Args:
            seed: what the platform calls the audience that it is to be like.
            wanted: what a sync asks for, as a model of lookalikes.py.
        """
        raise NotImplementedError("this platform makes no lookalikes")

    def lookalikes(self, api: Api, remote: str, audience: AudienceAtPlatform, options: Any) -> list[str]:
        """Make the lookalikes that a sync asks for, where they are not there yet.

        While the platform has found too few people none is made, because it would be refused.

        Returns:
            The names of those that are there.
        """
        asked = [(lookalike_of(audience, remote, each), each) for each in each_of(options)]
        missing = [(own, wanted) for own, wanted in asked if self.find(api, own) is None]
        size = self.count(api, remote) if missing else None
        if size is not None and size < SMALLEST_SEED:
            return [own.name for own, wanted in asked if (own, wanted) not in missing]
        for own, wanted in missing:
            self.create_lookalike(api, own, self.lookalike(remote, wanted))
        return [own.name for own, _ in asked]

    def create_lookalike(self, api: Api, audience: AudienceAtPlatform, fields: Fields) -> None:
        """Make one lookalike with these fields, to be shown and found as `audience` says."""
        kept = self.kept
        if kept.liken_by is None:
            self.make(api, audience, fields)
            return
        name = marked_name(audience, kept.longest_lookalike or kept.longest_name)
        self.tell(api, kept.liken_by, name=name, also=fields, repeatable=False)

    def make_lookalikes(self, remote: str, audience: AudienceAtPlatform, options: Any) -> list[str]:
        """Make the lookalikes that a sync asks for, where they are not there yet; gives their names."""
        with self.open() as api:
            return self.lookalikes(api, remote, audience, options)


def lookalike_of(audience: AudienceAtPlatform, remote: str, wanted: BaseModel) -> AudienceAtPlatform:
    """A lookalike as a platform is to show it; what is wanted otherwise is another one.

    Args:
        audience: which it is like.
        remote: what the platform calls that.
        wanted: what a sync asks for, as a model of lookalikes.py; its text is for people.
    """
    asked = wanted.model_dump_json(exclude_defaults=True)
    digest = hashlib.sha256(f"{remote} {asked}".encode()).hexdigest()[:6]
    return AudienceAtPlatform(f"{audience.name}, lookalike {wanted}", "", f"{audience.marker}-{digest}")
