"""Iterable: an audience is a static list.

Written to the Lists API as documented at api.iterable.com/api/docs, read 2026-11. Answers say how many
subscribers failed and name those by value, each by why. A list has no field of ours, so its name carries the
marker. Which identifiers a project takes is its type: e-mail, user id, or both in a hybrid project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Status
from dbt_muster.destinations.authoring.bases import Platform, RegionSettings
from dbt_muster.destinations.authoring.calls import Api, AudienceAtPlatform, Record, Run
from dbt_muster.destinations.authoring.facts import Capabilities, Form, Kept, Pages
from dbt_muster.destinations.authoring.helpers import in_calls
from dbt_muster.destinations.authoring.results import BatchResult, RefusedError
from dbt_muster.destinations.iterable_failures import FORGOTTEN, REASONS, Failures

_SUBSCRIBERS = 1_000


class IterableSettings(RegionSettings):
    """Settings of a destination of type `iterable`."""

    api_key: SecretStr = Field(description="An API key of the type server-side.")
    only_existing: bool = Field(
        default=False, description="`true`: people that Iterable does not know stay out."
    )


class Iterable(Platform):
    """Subscribes people to a static list, and takes them off it."""

    base_url: ClassVar[Mapping[str, str]] = {
        "us": "https://api.iterable.com/api",
        "eu": "https://api.eu.iterable.com/api",
    }
    headers: ClassVar[Mapping[str, str]] = {"api-key": "{api_key}"}
    statuses = (Status(401, "stopped", "did not accept the API key; it has to be a server-side one."),)
    audience_path = "/lists/."
    error_text = "msg"
    settings_model = IterableSettings
    # Deleting a list unsubscribes nobody.
    kept = Kept(all="/lists", pages=Pages("lists"), made="listId", description="description")
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={"email": Form("email"), "external_id": Form("id_trimless", most=1)},
        batch_size=_SUBSCRIBERS,
        largest_batch=_SUBSCRIBERS,
        concurrency=2,
        creates=True,
        forgets=True,
    )

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether the list is among the project's. Lists cannot be renamed by a call."""
        return any(str(each["id"]) == remote for each in self.listed(api, audience))

    def count(self, api: Api, remote: str) -> int | None:
        """How many people the list has."""
        size = api.call("GET", f"/lists/{remote}/size").text.strip()
        return int(size) if size.isdigit() else None

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Subscribe to the list."""
        more = {"updateExistingUsersOnly": self.settings.only_existing}
        return self._send(api, "/lists/subscribe", run, records, more, fine=())

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Take off the list, and off no channel, which is what leaving `channelUnsubscribe` out may mean."""
        more = {"channelUnsubscribe": False}
        fine = ("notFoundEmails", "notFoundUserIds", "forgottenEmails", "forgottenUserIds")
        return self._send(api, "/lists/unsubscribe", run, records, more, fine=fine)

    def _send(
        self,
        api: Api,
        path: str,
        run: Run,
        records: Sequence[Record],
        more: Mapping[str, Any],
        *,
        fine: Sequence[str],
    ) -> BatchResult:
        entries = [
            (place, each) for place, record in enumerate(records) for each in self._subscribers(record)
        ]

        def send(subscribers: Sequence[dict[str, Any]]) -> dict[int, str]:
            body = {"listId": int(str(run.remote)), "subscribers": subscribers, **more}
            failures = Failures(api.call("POST", path, body).json())
            kinds = [failures.of(each) for each in subscribers]
            if failures.count > len(kinds) - kinds.count(None):
                kinds = _unnamed(failures.count, kinds)
            return {at: REASONS.get(kind, kind) for at, kind in enumerate(kinds) if kind and kind not in fine}

        owners, subscribers = [place for place, _ in entries], [each for _, each in entries]
        removing = path.endswith("unsubscribe")
        found = in_calls(owners, subscribers, _SUBSCRIBERS, send, removing=removing).refusals
        return BatchResult([replace(each, for_good=each.reason == FORGOTTEN) for each in found])

    def _subscribers(self, record: Record) -> list[dict[str, Any]]:
        """One subscriber a person with a user id; without one, one for each of the person's addresses."""
        user = record.value("external_id")
        if user is None:
            return [{"email": email} for email in record.values("email")]
        email = record.value("email")
        return [{"userId": user, "preferUserId": True} | ({"email": email} if email else {})]


def _unnamed(count: int, kinds: Sequence[str | None]) -> list[str | None]:
    """Failures that an answer counts and does not name: of several subscribers they are searched for."""
    if len(kinds) > 1:
        raise RefusedError(f"Iterable counts {count} failures and does not name all of them.")
    return ["Iterable did not say why"]
