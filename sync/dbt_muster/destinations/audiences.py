"""The audience at a platform: the calls that list, make, show, rename, measure and delete it, made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote

import httpx

from dbt_muster.destinations.answers import Fields, value_at
from dbt_muster.destinations.filling import fill
from dbt_muster.destinations.http import Api
from dbt_muster.destinations.interface import Interface
from dbt_muster.destinations.kept import Call, Kept
from dbt_muster.destinations.markers import find_marked, is_lookalikes
from dbt_muster.destinations.records import (
    AudienceGoneError,
    RefusedError,
    StoppedError,
    UnknownOutcomeError,
)
from dbt_muster.destinations.runs import AudienceAtPlatform

Answer = TypeVar("Answer")

# How often an audience is looked for and made, where an answer to its making was lost.
_TRIES = 3


class KeepsAudiences(Interface):
    """Makes the calls that a `Kept` states; a platform without one writes `find` and `create` itself.

    A platform overrides the method of a call that is truly its own.
    """

    kept: ClassVar[Kept] = Kept()

    # --- what a platform may say besides ---------------------------------------------------------------

    def ask(self, api: Api, method: str, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """Make a call about audiences; for a platform that has other hosts or parameters for these."""
        return api.call(method, path, json, **more)

    def fields(self, audience: AudienceAtPlatform) -> Fields:
        """What an audience is made with besides its texts."""
        return {**self.filled(self.kept.fixed), **self._valued(audience)}

    # --- the calls -------------------------------------------------------------------------------------

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """The audience that carries the marker, where it is there."""
        kept = self.kept
        if not kept.all:
            raise NotImplementedError
        if kept.find_by is None:
            return find_marked(audience, self.listed(api, audience), text=kept.marker, key=kept.key)
        try:
            return self.id_of(self.tell(api, kept.find_by, name=kept.shown(audience)[kept.name]))
        except AudienceGoneError:
            return None

    def listed(self, api: Api, audience: AudienceAtPlatform) -> Iterator[Fields]:
        """All audiences that the platform has, or at least this one."""
        call, pages = self.kept.list_by or Call("GET", self.kept.all), self.kept.pages
        quoted = json.dumps(self.kept.shown(audience)[self.kept.name], ensure_ascii=False)
        picked = self.kept.picked(self.kept.key, self.kept.marker)
        params = self.filled({**pages.params, **picked}, marker=audience.marker, quoted=quoted)
        return pages.read(lambda asked: self.tell(api, call, params=asked), params)

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """Make the audience; called as a `Request` that is not `repeatable`."""
        if not self.kept.all:
            raise NotImplementedError
        return self.make(api, audience, self.fields(audience))

    def make(self, api: Api, audience: AudienceAtPlatform, fields: Fields) -> str:
        """Make an audience, or what is like one, with these fields besides its texts; gives its id."""
        kept = self.kept

        def post(texts: Fields) -> httpx.Response:
            if kept.make_by is not None:
                return self.tell(api, kept.make_by, name=texts[kept.name], repeatable=False)
            body = kept.body(nested({**texts, **fields}))
            return self.ask(api, "POST", self.path(kept.all), body, repeatable=False)

        return self.id_of(_first_taken(post, kept.choices(audience)))

    def id_of(self, answer: httpx.Response) -> str:
        """The id in the answer to making an audience."""
        kept = self.kept
        found = value_at(answer.json(), kept.made or ".".join(filter(None, (kept.inside, kept.key))))
        if found is None:
            raise UnknownOutcomeError(f"{self.name}: the answer does not say what was made.")
        return str(found)

    def show(self, api: Api, remote: str, *fields: str, params: Fields | None = None) -> Fields | None:
        """An audience as the platform shows it; None where its answer is that there is none.

        Args:
            api: the interface.
            remote: what the platform calls it.
            fields: those that are wanted.
            params: what the call says besides.
        """
        call = self.kept.show_by or Call("GET", self.one)
        said = {**self.kept.picked(*fields), **(params or {})}
        own: dict[str, Any] = {"params": said} if said else {}
        answer = self.tell(api, call, remote, **own)
        found: Fields | None = value_at(answer.json(), self.kept.inside)
        return found or (None if self.kept.absent else {})

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether an audience that was made is still there; its texts are brought up to date.

        Raises:
            StoppedError: it was made without what members are worth, which is sent now.
        """
        kept = self.kept
        if not kept.all:
            return True
        fields = kept.updates or (kept.name,)
        found = self.show(api, remote, *fields, *kept.valued)
        if found is None:
            return False
        if any(value_at(found, field) != value for field, value in self._valued(audience).items()):
            raise StoppedError(
                f"{self.name}: the audience {remote} was made without `value`, and cannot get it later. "
                "Delete it there, and the next sync makes it anew; or leave out `value`."
            )
        choices = [{field: texts[field] for field in fields} for texts in kept.choices(audience)]
        is_shown = {field: value_at(found, field) for field in fields} in choices
        if (kept.update or kept.change_by) and not is_shown:
            _first_taken(lambda texts: self.change_texts(api, remote, found, nested(texts)), choices)
        return True

    def _valued(self, audience: AudienceAtPlatform) -> Fields:
        """What makes the audience one whose members are said to be worth something, where they are."""
        return self.kept.valued if getattr(audience.options, "value", None) else {}

    def change_texts(self, api: Api, remote: str, found: Fields, wanted: Fields) -> None:
        """Give an audience other texts.

        Args:
            api: the interface.
            remote: what the platform calls it.
            found: as the platform shows it.
            wanted: the texts that are to be there, by their fields.
        """
        kept = self.kept
        if kept.change_by is not None:
            self.tell(api, kept.change_by, remote, name=value_at(wanted, kept.name))
            return
        body = kept.body({**wanted, **self.filled(kept.update_with, remote)})
        self.ask(api, kept.update, self.path(self.one, remote), body)

    def count(self, api: Api, remote: str) -> int | None:
        """How many people the platform has found of an audience, where it says."""
        kept = self.kept
        if not kept.size:
            return None
        if kept.count_by is not None:
            found = self.tell(api, kept.count_by, remote).json()
        else:
            found = self.show(api, remote, *kept.size, params=kept.sizes) or {}
        sizes = (value_at(found, each) for each in kept.size)
        size = next((int(each) for each in sizes if each is not None), -1)
        return size if size >= 0 else None

    def drop(self, api: Api, remote: str) -> None:
        """Take the audience away, where it is there, and before it the lookalikes that keep it."""
        kept = self.kept
        if not kept.all:
            raise NotImplementedError("this platform deletes no audiences")
        if kept.absent and self.show(api, remote) is None:
            return
        for lookalike in self._read(api, remote, kept.lookalikes) or []:
            if is_lookalikes(self._read(api, lookalike, kept.marker) or ""):
                self._drop(api, lookalike)
        self._drop(api, remote)

    def _drop(self, api: Api, remote: str) -> None:
        self.tell(api, self.kept.drop_by or Call("DELETE", self.one), remote)

    def _read(self, api: Api, remote: str, field: str) -> Any:
        """A field of an audience, where the platform has one for it."""
        return value_at(self.show(api, remote, field), field) if field else None

    def tell(
        self,
        api: Api,
        call: Call,
        remote: str = "",
        *,
        name: str = "",
        also: Fields | None = None,
        **more: Any,
    ) -> httpx.Response:
        """Make a call that a `Kept` states.

        Args:
            api: the interface.
            call: which.
            remote: what the platform calls the audience.
            name: what people see as its name.
            also: what stands in the body besides.
            more: other fields of the `Request`, in the place of the call's own.
        """
        path = fill(call.path, self.settings, remote=remote, audience=quote(name, safe=""))
        facts = {"params": call.params, "headers": call.headers}
        own = {field: self.filled(each, remote, audience=name) for field, each in facts.items() if each}
        body = None if call.json is None else self.filled(call.json, remote, audience=name)
        sent = body if also is None else {**(body or {}), **also}
        return self.ask(api, call.method, path, sent, **{**own, "reads": call.reads, **more})

    @property
    def one(self) -> str:
        """Where one audience is."""
        return self.kept.one or f"{self.kept.all}/{{remote}}"

    # --- what the engine asks for ----------------------------------------------------------------------

    def ensure(self, audience: AudienceAtPlatform, known: str | None) -> str:
        """Find or make the audience; what was made before an answer was lost is found by its marker."""
        with self.open() as api:
            if known is not None:
                if not self.check(api, known, audience):
                    raise AudienceGoneError(f"{self.name}: the audience {known} is not there any more.")
                return known
            for _ in range(_TRIES - 1):
                try:
                    return self.find(api, audience) or self.create(api, audience)
                except UnknownOutcomeError:
                    continue
            return self.find(api, audience) or self.create(api, audience)

    def look_up(self, audience: AudienceAtPlatform) -> str | None:
        """What the platform calls the audience, by its marker; None where it is not there."""
        with self.open() as api:
            return self.find(api, audience)

    def matched(self, remote: str) -> int | None:
        """How many people the platform has found of an audience, where it says."""
        with self.open() as api:
            return self.count(api, remote)

    def delete(self, remote: str) -> bool:
        """Take an audience away from the platform; False where the answer is that there was none."""
        with self.open() as api:
            try:
                self.drop(api, remote)
            except AudienceGoneError:
                return False
            return True


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
