"""The audience at a platform: the calls that list, make, show, rename, measure and delete it, as data.

Nearly every platform keeps audiences in the same way and differs in the words. What it calls things is stated
in one `Kept`; the calls are made here. A platform overrides the method of a call that is truly its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

import httpx

from dbt_muster.destinations.answers import Fields, value_at
from dbt_muster.destinations.base import Destination
from dbt_muster.destinations.filling import fill, filled
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.markers import find_marked, marked_description, marked_name
from dbt_muster.destinations.pages import Pages
from dbt_muster.destinations.records import RefusedError, StoppedError, UnknownOutcomeError
from dbt_muster.destinations.runs import AudienceAtPlatform

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Kept:
    """How a platform keeps audiences.

    Places inside JSON are paths as in `value_at`. In texts `{name}` is the setting of that name, and
    `{remote}` what the platform calls the audience.

    Attributes:
        all: where audiences are listed and made.
        one: where one is shown, renamed and deleted; below `all` where this is empty.
        pages: how they are listed; `{marker}` may stand in its parameters, where the platform can search.
        key: where a listed audience, and one that is shown, has its id.
        inside: where an answer about one audience has it.
        made: where the answer to making one has its id; by `inside` and `key` where this is empty.
        name: the field that people see.
        description: the field for the spec's description; empty where there is none.
        marker: the field that carries the marker: `name`'s or `description`'s, which it then ends, or another
            that holds nothing else.
        names_differ: whether no two audiences may have one name. A name that is refused is tried again with
            the marker in it, for a platform that keeps the marker elsewhere.
        longest_name: characters that a name may have.
        longest_description: characters that a description may have.
        fixed: what every audience of ours is made with.
        body: puts the fields of an audience that is made or changed into a call's body.
        update: the method of the call that changes one; empty where there is none.
        updates: the fields that are brought up to date; the name alone where this is empty.
        update_with: what that call says besides.
        update_params: parameters of that call.
        shows: parameters of the call that shows one.
        size: where an audience that is shown has its size, the first that is there; below 0 it is not told.
        sizes: parameters of the call that shows its size, where they are others than `shows`.
    """

    all: str = ""
    one: str = ""
    pages: Pages = field(default_factory=lambda: Pages(""))
    key: str = "id"
    inside: str = ""
    made: str = ""
    name: str = "name"
    description: str = ""
    marker: str = "name"
    names_differ: bool = False
    longest_name: int = 255
    longest_description: int = 500
    fixed: Fields = field(default_factory=dict)
    body: Callable[[Fields], Any] = dict
    update: str = ""
    updates: tuple[str, ...] = ()
    update_with: Fields = field(default_factory=dict)
    update_params: Fields = field(default_factory=dict)
    shows: Fields = field(default_factory=dict)
    size: tuple[str, ...] = ()
    sizes: Fields | None = None

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


class KeepsAudiences(Destination):
    """Makes the calls that a `Kept` states; a platform without one writes `find` and `create` itself."""

    kept: ClassVar[Kept] = Kept()

    # --- what a platform may say besides ---------------------------------------------------------------

    def ask(self, api: Api, method: str, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """Make a call about audiences; for a platform that has other hosts or parameters for these."""
        return api.call(method, path, json, **more)

    def search(self, audience: AudienceAtPlatform) -> Fields:
        """Parameters that narrow the list to the audience, where `{marker}` cannot say them."""
        return {}

    def fields(self, audience: AudienceAtPlatform) -> Fields:
        """What an audience is made with besides its texts."""
        return filled(self.kept.fixed, self.settings)

    # --- the calls -------------------------------------------------------------------------------------

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The audience that carries the marker, where it is there."""
        if not self.kept.all:
            raise NotImplementedError
        return find_marked(audience, self.listed(api, audience), text=self.kept.marker, key=self.kept.key)

    def listed(self, api: Api, audience: AudienceAtPlatform) -> Iterator[Fields]:
        """All audiences that the platform has, or at least this one."""
        path, pages = self.path(self.kept.all), self.kept.pages
        params = {**filled(pages.params, self.settings, marker=audience.marker), **self.search(audience)}
        return pages.read(lambda asked: self.ask(api, "GET", path, params=asked), params)

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make the audience; called as a `Request` that is not `repeatable`."""
        if not self.kept.all:
            raise NotImplementedError
        return self.make(api, audience, self.fields(audience))

    def make(self, api: Api, audience: AudienceAtPlatform, fields: Fields) -> str:
        """Make an audience, or what is like one, with these fields besides its texts; gives its id."""

        def post(texts: Fields) -> httpx.Response:
            body = self.kept.body(nested({**texts, **fields}))
            return self.ask(api, "POST", self.path(self.kept.all), body, repeatable=False)

        return self.id_of(_first_taken(post, self.kept.choices(audience)))

    def id_of(self, answer: httpx.Response) -> str:
        """The id in the answer to making an audience."""
        kept = self.kept
        found = value_at(answer.json(), kept.made or ".".join(filter(None, (kept.inside, kept.key))))
        if found is None:
            raise UnknownOutcomeError(f"{self.name}: the answer does not say what was made.")
        return str(found)

    def show(self, api: Api, remote: str, params: Fields | None = None) -> Fields | None:
        """An audience as the platform shows it; None where its answer is that there is none."""
        asked = self.kept.shows if params is None else params
        answer = self.ask(api, "GET", self.path(self.one, remote), params=asked)
        found: Fields | None = value_at(answer.json(), self.kept.inside)
        return found or {}

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether an audience that was made is still there; its texts are brought up to date."""
        kept = self.kept
        if not kept.all:
            return True
        found = self.show(api, remote)
        if found is None:
            return False
        fields = kept.updates or (kept.name,)
        choices = [{field: texts[field] for field in fields} for texts in kept.choices(audience)]
        if kept.update and {field: value_at(found, field) for field in fields} not in choices:
            _first_taken(lambda texts: self.change_texts(api, remote, found, nested(texts)), choices)
        return True

    def change_texts(self, api: Api, remote: str, found: Fields, wanted: Fields) -> None:
        """Give an audience other texts.

        Args:
            api: the interface.
            remote: what the platform calls it.
            found: as the platform shows it.
            wanted: the texts that are to be there, by their fields.
        """
        also = filled(self.kept.update_with, self.settings, remote=remote)
        params, path = self.kept.update_params, self.path(self.one, remote)
        self.ask(api, self.kept.update, path, self.kept.body({**wanted, **also}), params=params)

    def count(self, api: Api, remote: str) -> int | None:
        """How many people the platform has found of an audience, where it says."""
        if not self.kept.size:
            return None
        found = self.show(api, remote, self.kept.sizes) or {}
        sizes = (value_at(found, each) for each in self.kept.size)
        size = next((int(each) for each in sizes if each is not None), -1)
        return size if size >= 0 else None

    def drop(self, api: Api, remote: str) -> None:
        """Take the audience away."""
        if not self.kept.all:
            raise NotImplementedError("this platform deletes no audiences")
        self.ask(api, "DELETE", self.path(self.one, remote))

    # --- paths -----------------------------------------------------------------------------------------

    @property
    def one(self) -> str:
        """Where one audience is."""
        return self.kept.one or f"{self.kept.all}/{{remote}}"

    def path(self, text: str, remote: str = "") -> str:
        """A path with the destination's settings in it, and what the platform calls an audience."""
        return fill(text, self.settings, remote=remote)


def _first_taken(call: Callable[[Fields], Answer], choices: Sequence[Fields]) -> Answer:
    """Call with one after the other until one is not refused; another audience may have a name already."""
    *others, last = choices
    for texts in others:
        try:
            return call(texts)
        except StoppedError:
            raise
        except RefusedError:
            continue
    return call(last)


def nested(fields: Fields) -> dict[str, Any]:
    """Fields whose names are paths, such as `attributes.name`, as objects within each other."""
    found: dict[str, Any] = {}
    for path, value in fields.items():
        *outer, last = path.split(".")
        place = found
        for name in outer:
            place = place.setdefault(name, {})
        place[last] = value
    return found
