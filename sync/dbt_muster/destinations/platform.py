"""A platform: what every destination that is an HTTP interface has in common.

A platform's own file states facts as data: what it takes (`Capabilities`), where it is, how it lets calls in,
how it keeps audiences (`Kept`), what its answers mean. It writes the calls that carry members. Retries,
rates, finding the bad records of a batch that was refused, and making the audience once are here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, ClassVar, Literal

import httpx
from pydantic import BaseModel, Field

from dbt_muster.destinations.answers import Meaning, Status, by_status, is_json, text_at, wait_of
from dbt_muster.destinations.base import Delivery, DestinationSettings
from dbt_muster.destinations.bisect import poll_in_parts, send_in_parts, without_named
from dbt_muster.destinations.codes import Codes, Named
from dbt_muster.destinations.connection import Connection
from dbt_muster.destinations.filling import filled
from dbt_muster.destinations.http import Api, Login, RetrySettings, SafeAddress
from dbt_muster.destinations.kept import KeepsAudiences
from dbt_muster.destinations.login import Headers
from dbt_muster.destinations.records import (
    AudienceGoneError,
    Batch,
    BatchResult,
    JobResult,
    Record,
    UnknownOutcomeError,
)
from dbt_muster.destinations.runs import AudienceAtPlatform, Run

# How often an audience is looked for and made, where an answer to its making was lost.
_TRIES = 3


# People that a platform has to have found of an audience before it makes a lookalike of it: Meta's guide
# "Lookalike Audiences" (June 2026), and the definitions of TikTok's and Pinterest's calls.
SMALLEST_SEED = 100


class PlatformSettings(DestinationSettings):
    """The settings that every platform has; each adds its account and how to log in."""

    url: SafeAddress | None = Field(
        default=None, description="Another address of the interface than the public one."
    )
    timeout: float = Field(default=60, gt=0, le=300, description="Seconds that one attempt may take.")
    retry: RetrySettings = Field(default_factory=RetrySettings, description="How often a call is tried.")
    rate: float | None = Field(default=None, gt=0, description="Calls a second, where fewer are to be made.")


class RegionSettings(PlatformSettings):
    """The settings of a platform that has one address in the United States and another in Europe."""

    region: Literal["us", "eu"] = Field(default="us", description="Where the account is: `us` or `eu`.")


class Platform(KeepsAudiences):
    """A destination that is an HTTP interface with audiences, lists or tags of its own.

    What is called out as a class attribute below is data. In its texts `{name}` is the setting of that name.
    Methods to write: `change`, or `add` and `remove` where these have little in common; `replace`, `poll` and
    others where the platform can do what they are for; and those of `KeepsAudiences` for a call that is no
    usual one.

    Every method that calls gets the open `Api`. What is raised there tells the engine what became of a call;
    a platform's file seldom raises anything itself.

    Attributes:
        mute: whether a good answer with HTTP 200 may have no body, or nothing says that it has one. On other
            platforms it has JSON, and one without comes from something on the way.
        base_url: the interface's public address, or one for each value of the setting `region`.
        headers: what every call has as headers; what lets it in is among them, or is `login`'s. One that
            names a setting which is not set is left out.
        verbs: what `change` is told for adding, and for removing.
        statuses: what an HTTP status means here, where that is more than it means anywhere; the first that
            fits counts.
        wait_header: the header that says how long to wait after too many calls, where it is not Retry-After;
            as in `wait_of`.
        audience_path: a regular expression for the paths at which HTTP 404, or a code that says `gone`, means
            that the audience is gone.
        codes: what errors mean that are told by codes in an answer, on platforms that tell them so.
        named: where an answer that refuses a call names the records of it that are at fault, if it does.
        error_text: where an answer that refuses a call has its words, as in `value_at`.
    """

    mute: ClassVar[bool] = False
    base_url: ClassVar[str | Mapping[str, str]] = ""
    headers: ClassVar[Mapping[str, str]] = {}
    verbs: ClassVar[tuple[Any, Any]] = ("add", "remove")
    statuses: ClassVar[tuple[Status, ...]] = ()
    wait_header: ClassVar[str] = ""
    audience_path: ClassVar[str] = ""
    error_text: ClassVar[str] = ""
    codes: ClassVar[Codes | None] = None
    named: ClassVar[Named | None] = None
    settings_model: ClassVar[type[PlatformSettings]]

    def __init__(self, name: str, settings: Any, *, root: Path) -> None:
        super().__init__(name, settings, root=root)
        self._connection = Connection(self._api)

    @property
    def url(self) -> str:
        """The interface's address."""
        own = self.base_url
        return str(self.settings.url or self.path(own if isinstance(own, str) else own[self.settings.region]))

    def own_headers(self) -> dict[str, str]:
        """The headers that every call has."""
        return {name: str(value) for name, value in filled(self.headers, self.settings).items()}

    def login(self) -> Login:
        """What lets a call in."""
        return Headers(self.own_headers())

    # --- what a platform writes ------------------------------------------------------------------------

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: Any) -> BatchResult:
        """Add or remove these members, as `verb` says, which is one of `verbs`."""
        raise NotImplementedError

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Have these members held, with exactly these identifiers; some or all may be held already."""
        return self.change(api, run, records, self.verbs[0])

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Have these members held no more; some or all may not be there."""
        return self.change(api, run, records, self.verbs[1])

    def replace(self, api: Api, run: Run, batch: Batch) -> BatchResult:
        """Send one batch of a run in `mode: full`; where `capabilities.replaces`."""
        raise NotImplementedError("this platform replaces no audiences")

    def meaning(self, response: httpx.Response) -> Meaning:
        """What an answer means, by its status and by the codes of the errors in it."""
        found = self._by_status(response)
        if self.codes is not None:
            found = self.codes.meaning(response, found)
            if found.kind == "gone" and not self._is_audiences(response):
                # What is not there is something else, such as the account; no audience is to be made anew.
                return found._replace(kind="stopped")
        if self.named is not None and found.kind == "refused":
            return found._replace(named=self.named.items(response))
        return found

    def _by_status(self, response: httpx.Response) -> Meaning:
        """What an answer means by its status; nothing at an audience's own path means that it is gone."""
        status = response.status_code
        stated = next(filter(None, (each.meaning(response) for each in self.statuses)), None)
        plain = stated or by_status(response)
        if plain.kind == "taken" and self._is_from_elsewhere(response):
            return Meaning("later", f"HTTP {status} without JSON", doubtful=True)
        if plain.kind == "later" and status < 500 and self.wait_header:
            wait = wait_of(response, self.wait_header)
            return plain if wait is None else plain._replace(wait=wait)
        if stated:
            return plain
        if status == 404 and self._is_audiences(response):
            return Meaning("gone", "has no such audience any more.")
        words = text_at(response, self.error_text) if plain.kind == "refused" and self.error_text else ""
        return Meaning("refused", f"refused the call: {words}") if words else plain

    def _is_from_elsewhere(self, response: httpx.Response) -> bool:
        """Whether a 2xx is not the platform's own, so that the platform may never have heard of the call."""
        if response.content:
            return not is_json(response)
        return response.status_code == 200 and not self.mute

    def _is_audiences(self, response: httpx.Response) -> bool:
        path = self.audience_path
        return bool(path) and re.search(path, response.request.url.path) is not None

    def poll(self, api: Api, job: str, batch: Batch) -> JobResult:
        """How a job stands that `add` or `remove` gave for these records, or for some of them."""
        raise NotImplementedError("this platform makes no jobs")

    def finish(self, api: Api, run: Run) -> None:
        """Called once after every batch of a run was sent without an error."""

    def lookalikes(self, api: Api, remote: str, audience: AudienceAtPlatform, options: Any) -> list[str]:
        """Make the lookalikes that a sync asks for, where they are not there yet.

        While the platform has found too few people none is made, because it would be refused.

        Returns:
            The names of those that are there.
        """
        asked = [(lookalike_of(audience, remote, each), each) for each in getattr(options, "lookalike", ())]
        missing = [(own, wanted) for own, wanted in asked if self.find(api, own) is None]
        size = self.count(api, remote) if missing else None
        if size is not None and size < SMALLEST_SEED:
            return [own.name for own, wanted in asked if (own, wanted) not in missing]
        for own, wanted in missing:
            self.create_lookalike(api, remote, own, wanted)
        return [own.name for own, _ in asked]

    def create_lookalike(self, api: Api, remote: str, audience: AudienceAtPlatform, wanted: Any) -> None:
        """Make one lookalike of an audience, to be shown and found as `audience` says."""
        raise NotImplementedError("this platform makes no lookalikes")

    # --- what is the same for all ----------------------------------------------------------------------

    def _api(self) -> Api:
        settings = self.settings
        return Api(
            self.url,
            timeout=settings.timeout,
            retry=settings.retry,
            login=self.login(),
            meaning=self.meaning,
            rate=settings.rate or self.capabilities.rate,
        )

    def connected(self) -> AbstractContextManager[None]:
        """Keep the connection and the platform's rate over all that is done meanwhile."""
        return self._connection.kept()

    def open(self) -> AbstractContextManager[Api]:
        """The interface, ready to be called."""
        return self._connection.open()

    @contextmanager
    def deliver(self, run: Run) -> Iterator[Delivery]:
        """Open one run's delivery."""
        with self.open() as api:
            yield _PlatformDelivery(self, api, run)

    def settle(self, run: Run) -> bool | None:
        """A run that replaces everything and was interrupted is begun anew, so nothing of it counts."""
        return False if run.mode == "full" else None

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

    def make_lookalikes(self, remote: str, audience: AudienceAtPlatform, options: Any) -> list[str]:
        """Make the lookalikes that a sync asks for, where they are not there yet; gives their names."""
        with self.open() as api:
            return self.lookalikes(api, remote, audience, options)


class _PlatformDelivery(Delivery):
    def __init__(self, platform: Platform, api: Api, run: Run) -> None:
        self._platform = platform
        self._api = api
        self._run = run

    def send(self, batch: Batch) -> BatchResult:
        if self._run.mode == "full":
            return without_named(lambda part: self._replace(batch.number, part), batch.records)
        return send_in_parts(self._send, batch.records)

    def _replace(self, number: int, records: Sequence[Record]) -> BatchResult:
        batch = Batch(number, records)
        return self._api.together(lambda: self._platform.replace(self._api, self._run, batch))

    def _send(self, records: Sequence[Record]) -> BatchResult:
        call = self._platform.remove if records[0].action == "remove" else self._platform.add
        return self._api.together(lambda: call(self._api, self._run, records))

    def poll(self, job: str, batch: Batch) -> JobResult:
        return poll_in_parts(lambda each: self._platform.poll(self._api, each, batch), job)

    def finish(self) -> None:
        self._platform.finish(self._api, self._run)


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
