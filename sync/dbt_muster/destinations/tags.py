"""Platforms at which an audience is nothing but a word on its members: a tag, or an attribute that is true.

There is nothing to list, to make or to delete: the word is there as soon as somebody has it, and gone when
nobody does.
"""

from __future__ import annotations

from typing import ClassVar

from dbt_muster.destinations.http import Api
from dbt_muster.destinations.platform import Platform
from dbt_muster.destinations.runs import AudienceAtPlatform


class TagPlatform(Platform):
    """A platform whose audiences are words on members.

    Class attributes to set besides a platform's: `longest_tag` in characters, and `tag_prefix`, in which
    `{name}` is the setting of that name.
    """

    longest_tag: ClassVar[int] = 128
    tag_prefix: ClassVar[str] = ""

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """A word is there as soon as somebody has it."""
        return None

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """The word, which stays the same whatever the audience is called later."""
        return f"{self.path(self.tag_prefix)}{audience.name}"[: self.longest_tag]

    def drop(self, api: Api, remote: str) -> None:
        """A word that nobody has is no more."""
