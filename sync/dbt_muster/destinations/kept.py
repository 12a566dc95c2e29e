"""The audience at a platform: the calls that list, make, show, rename, measure and delete it, as data.

Nearly every platform keeps audiences in the same way and differs in the words. What it calls things is stated
in one `Kept`, with a `Call` for each thing that it does in a way of its own; audiences.py makes the calls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dbt_muster.destinations.answers import Fields
from dbt_muster.destinations.markers import marked_description, marked_name
from dbt_muster.destinations.pages import Pages
from dbt_muster.destinations.runs import AudienceAtPlatform


@dataclass(frozen=True)
class Call:
    """A call about audiences that is not what `Kept` says otherwise.

    In its texts, however deep they stand, `{name}` is the setting of that name, `{remote}` what the platform
    calls the audience, and `{audience}` the name that people see there, with the marker where it carries it.

    Attributes:
        reads: whether it only asks, as every GET does.
    """

    method: str
    path: str
    json: Fields | None = None
    params: Fields = field(default_factory=dict)
    headers: Fields = field(default_factory=dict)
    reads: bool = False


@dataclass(frozen=True)
class Kept:
    """How a platform keeps audiences.

    Places inside JSON are paths as in `value_at`. In texts `{name}` is the setting of that name, and
    `{remote}` what the platform calls the audience.

    Attributes:
        all: where audiences are listed and made.
        one: where one is shown, renamed and deleted; below `all` where this is empty.
        pages: how they are listed; where the platform can search, `{marker}` may stand in the parameters, or
            `{quoted}`, which is the name as JSON has it.
        key: where a listed audience, and one that is shown, has its id.
        inside: where an answer about one audience has it.
        made: where the answer to making one has its id; by `inside` and `key` where this is empty.
        name: the field that people see.
        description: the field for the spec's description; empty where there is none.
        marker: the field that carries the marker: `name`'s or `description`'s, which it then ends, or another
            that holds nothing else. Where this is empty, it is `description`'s, or `name`'s if there is none.
        names_differ: whether no two audiences may have one name. A name that is refused is tried again with
            the marker in it, for a platform that keeps the marker elsewhere.
        longest_name: characters that a name may have.
        longest_description: characters that a description may have.
        fixed: what every audience of ours is made with.
        body: puts the fields of an audience that is made or changed into a call's body.
        update: the method of the call that changes one; empty where there is none.
        updates: the fields that are brought up to date; the name alone where this is empty.
        update_with: what that call says besides.
        size: where an audience that is shown has its size, the first that is there; below 0 it is not told.
        sizes: parameters of the call that shows its size.
        picks: the parameter that says which fields an answer is to have, where others are left out.
        absent: whether a platform says that an audience is not there by an answer without it. It is asked for
            before it is deleted, because no such answer comes to that.
        valued: what one is made with besides whose members are said to be worth something, and is shown with.
        longest_lookalike: characters that a lookalike's name may have, where they are others.
        lookalikes: where an audience that is shown has the ids of its lookalikes, on a platform that deletes
            it after these alone. Those are deleted first that were made here.
        find_by: the call that gives the one audience of a name, or HTTP 404, where audiences are not listed.
        list_by: the call that lists them, where it is no GET of `all`.
        make_by: the call that makes one, where it is no POST to `all`.
        show_by: the call that shows one, where it is no GET of `one`.
        change_by: the call that gives one another name, where it is not `update` to `one`.
        drop_by: the call that deletes one, where it is no DELETE of `one`.
        count_by: the call that says its size, where that is not shown.
        liken_by: the call that makes a lookalike, where it is not made as an audience is; what it is to be
            comes beside what stands in its body.
    """

    all: str = ""
    one: str = ""
    pages: Pages = field(default_factory=lambda: Pages(""))
    key: str = "id"
    inside: str = ""
    made: str = ""
    name: str = "name"
    description: str = ""
    marker: str = ""
    names_differ: bool = False
    longest_name: int = 255
    longest_description: int = 500
    fixed: Fields = field(default_factory=dict)
    body: Callable[[Fields], Any] = dict
    update: str = ""
    updates: tuple[str, ...] = ()
    update_with: Fields = field(default_factory=dict)
    size: tuple[str, ...] = ()
    sizes: Fields = field(default_factory=dict)
    picks: str = ""
    absent: bool = False
    valued: Fields = field(default_factory=dict)
    longest_lookalike: int = 0
    lookalikes: str = ""
    find_by: Call | None = None
    list_by: Call | None = None
    make_by: Call | None = None
    show_by: Call | None = None
    change_by: Call | None = None
    drop_by: Call | None = None
    count_by: Call | None = None
    liken_by: Call | None = None

    def __post_init__(self) -> None:
        if not self.marker:
            object.__setattr__(self, "marker", self.description or self.name)

    def picked(self, *fields: str) -> dict[str, str]:
        """The parameters that ask for some fields; none where they come anyway."""
        return {self.picks: ",".join(dict.fromkeys(fields))} if self.picks else {}

    def shown(self, audience: AudienceAtPlatform) -> dict[str, str]:
        """The texts that an audience is shown with, by their fields."""
        texts = {self.name: audience.name[: self.longest_name]}
        if self.description:
            texts[self.description] = audience.description
        if self.marker == self.name:
            texts[self.name] = marked_name(audience, self.longest_name)
        elif self.marker == self.description:
            texts[self.description] = marked_description(audience, self.longest_description)
        else:
            texts[self.marker] = audience.marker
        return texts

    def choices(self, audience: AudienceAtPlatform) -> list[dict[str, str]]:
        """The texts that an audience may be shown with, the best first."""
        texts = self.shown(audience)
        marked = {**texts, self.name: marked_name(audience, self.longest_name)}
        return [texts, marked] if self.names_differ else [texts]
