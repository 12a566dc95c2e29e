"""The platforms that a campaign may draw, and what each should hold of people."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from dbt_muster.destinations import Form, find_type
from tests.destinations.late_removals import LateRemovals
from tests.destinations.standins.base import Holding, StandIn
from tests.destinations.standins.braze import BrazeStandIn
from tests.destinations.standins.google_data_manager import GoogleDataManagerStandIn
from tests.destinations.standins.hubspot import HubSpotStandIn
from tests.destinations.standins.iterable import IterableStandIn
from tests.destinations.standins.klaviyo import KlaviyoStandIn
from tests.destinations.standins.linkedin import LinkedInStandIn
from tests.destinations.standins.mailchimp import MailchimpStandIn
from tests.destinations.standins.meta_custom_audiences import MetaCustomAudiencesStandIn
from tests.destinations.standins.microsoft_advertising import MicrosoftAdvertisingStandIn
from tests.destinations.standins.onesignal import OneSignalStandIn
from tests.destinations.standins.pinterest import PinterestStandIn
from tests.destinations.standins.snapchat import SnapchatStandIn
from tests.destinations.standins.tiktok import TikTokStandIn
from tests.faults.receivers import FilesReader, WebhookReceiver
from tests.oracle import identifiers as reference

Person = Mapping[str, list[str]]
"""Somebody's values of each identifier."""

Holds = Literal["values", "rows", "people", "keys"]

_HASHED = (("email", "phone"), ("email",), ("phone",))
_ANY = (("email", "phone"), ("email",), ("phone", "external_id"))


@dataclass(frozen=True)
class Platform:
    """A platform that may be drawn.

    Attributes:
        holds: single values, whoever has them; rows, as many for a person as they have values of the
            identifier of which they have the most; whole people by all of their values; or these by key.
        match_ons: what a sync to it may match on, one after the other; that of the stand-in where this is
            empty.
        settings: of the destination, besides the stand-in's.
    """

    kind: type[StandIn]
    holds: Holds
    match_ons: tuple[tuple[str, ...], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        mode = self.settings.get("mode")
        return f"{self.kind.type} ({mode})" if mode else self.kind.type

    @contextmanager
    def running(self) -> Iterator[Place]:
        """Its stand-in, serving."""
        with self.kind().running() as stand_in:
            yield Place(self, stand_in, self.match_ons[0] if self.match_ons else stand_in.match_on)


@dataclass
class Place:
    """A platform that is running, and how it is synced to now.

    Attributes:
        match_on: identifiers that the spec names.
        synced: whether the spec has it at all.
    """

    platform: Platform
    stand_in: StandIn
    match_on: tuple[str, ...]
    synced: bool = True

    @property
    def name(self) -> str:
        """The destination's name and its type."""
        return self.stand_in.type

    def change_match_on(self, dice: random.Random) -> None:
        """Match on other identifiers from now on, where the platform takes others."""
        self.match_on = dice.choice(self.platform.match_ons or (self.match_on,))

    def expected(self, members: Mapping[int, Person]) -> set[Holding]:
        """What it should hold, by the rules as written without SQL."""
        found: set[Holding] = set()
        for key, person in members.items() if self.synced else ():
            values = [(name, sent) for name in self.match_on if (sent := self._sent(name, person[name]))]
            if values:
                found |= _holdings(key, values, self.platform.holds)
        return found

    def refusable(self, members: Mapping[int, Person]) -> list[str]:
        """Values that it may refuse, so that whoever has one of them is refused with all of theirs.

        Of somebody who is refused one of several values the others are held, and that is all there is. And
        what it holds it knows.
        """
        sent = [[self._sent(name, person[name]) for name in self.match_on] for person in members.values()]
        several = [lists for lists in sent if any(len(own) > 1 for own in lists)]
        held = {value for holding in self.held() for _, value in holding}
        return sorted(_values(sent) - _values(several) - held)

    def held(self) -> set[Holding]:
        """What it holds; more than one audience for one is a fault by itself."""
        with self.stand_in.lock:
            ids = self.stand_in.audience_ids()
            assert len(ids) <= 1, f"{self.name} has {len(ids)} audiences for one"
            return set(self.stand_in.held(ids[0])) if ids else set()

    def _sent(self, name: str, values: Iterable[str]) -> list[str]:
        kind = find_type(self.name)
        form = (kind.capabilities.identifiers or _FORMS)[name]
        settings = {field: each.default for field, each in kind.settings_model.model_fields.items()}
        rule = form.rule.format_map(settings)
        written = sorted({reference.sent(rule, value) or "" for value in values} - {""})
        chosen = written[: form.most]
        return [reference.sha256(value) if form.hash == "sha256" else value for value in chosen]


def _values(people: Iterable[Iterable[Iterable[str]]]) -> set[str]:
    return {value for lists in people for own in lists for value in own}


_FORMS = {"email": Form("email", "sha256"), "phone": Form("phone", "sha256"), "external_id": Form()}


def _holdings(key: int, values: Sequence[tuple[str, list[str]]], holds: Holds) -> set[Holding]:
    single = [(name, value) for name, sent in values for value in sent]
    match holds:
        case "values":
            return {frozenset([each]) for each in single}
        case "people":
            return {frozenset(single)}
        case "keys":
            return {frozenset([("key", str(key)), *single])}
        case "rows":
            most = max(len(sent) for _, sent in values)
            return {
                frozenset((name, sent[min(place, len(sent) - 1)]) for name, sent in values)
                for place in range(most)
            }


_FULL = {"mode": "full"}

GROUPS: tuple[tuple[Platform, ...], ...] = (
    # By hashed identifiers: some as rows, some one by one, one by jobs.
    (
        Platform(MetaCustomAudiencesStandIn, "rows", _ANY),
        Platform(TikTokStandIn, "rows", _HASHED),
        Platform(LateRemovals, "values", _HASHED),
        Platform(SnapchatStandIn, "values", _HASHED),
        Platform(LinkedInStandIn, "values"),
        Platform(PinterestStandIn, "values"),
    ),
    # By people that the platform knows: by one call for each, answered item by item, or as jobs.
    (
        Platform(BrazeStandIn, "rows"),
        Platform(KlaviyoStandIn, "rows"),
        Platform(OneSignalStandIn, "rows"),
        Platform(IterableStandIn, "rows"),
        Platform(HubSpotStandIn, "rows"),
        Platform(MailchimpStandIn, "rows"),
    ),
    # By key, or everything anew each time.
    (
        Platform(WebhookReceiver, "keys", _ANY),
        Platform(FilesReader, "keys", _ANY),
        Platform(MetaCustomAudiencesStandIn, "rows", _ANY, _FULL),
        Platform(GoogleDataManagerStandIn, "people", _HASHED, _FULL),
        Platform(MicrosoftAdvertisingStandIn, "values", (), _FULL),
    ),
)


def draw(dice: random.Random) -> list[Platform]:
    """One of each group, no two of a type."""
    while True:
        drawn = [dice.choice(group) for group in GROUPS]
        if len({each.kind.type for each in drawn}) == len(drawn):
            return drawn
