"""Iterable: an audience is a static list.

Written to the Lists API as documented at api.iterable.com/api/docs, read 2026-11. Answers say how many
subscribers failed and name those by value, each by why. A list has no field of ours, so its name carries the
marker. Which identifiers a project takes is its type: e-mail, user id, or both in a hybrid project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field, SecretStr

from dbt_muster.destinations.authoring.answers import Fields, Listed, Status
from dbt_muster.destinations.authoring.bases import Platform, RegionSettings
from dbt_muster.destinations.authoring.calls import (
    Api,
    AudienceAtPlatform,
    BatchResult,
    Record,
    Response,
    Run,
)
from dbt_muster.destinations.authoring.facts import Capabilities, Form, Kept, Pages


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
    verbs = ("subscribe", "unsubscribe")
    # User ids and addresses that failed are listed by why. Newer answers have the lists in `failedUpdates`.
    failed = Listed(
        within=("failedUpdates", ""),
        values={"userId": r"(\w+)UserIds", "email": r"(\w+)Emails"},
        folded=("email",),
        reasons={
            "invalid": "the e-mail address or the user id is not valid",
            "invalidData": "the data is not valid",
            "conflict": "the e-mail address and the user id belong to two people",
            "forgotten": "was forgotten at Iterable at the person's own wish, and must stay out",
            "notFound": "Iterable does not know the person",
        },
        count="failCount",
        for_good=("forgotten",),
        out=("notFound", "forgotten"),
    )
    settings_model = IterableSettings
    # Deleting a list unsubscribes nobody.
    kept = Kept(all="/lists", pages=Pages("lists"), made="listId", description="description", marker="name")
    capabilities = Capabilities(
        identifiers={"email": Form("email"), "external_id": Form("id_trimless", most=1)},
        batch_size=1_000,
        concurrency=2,
        forgets=True,
    )

    def check(self, api: Api, remote: str, audience: AudienceAtPlatform) -> bool:
        """Whether the list is among the project's. Lists cannot be renamed by a call."""
        return any(str(each["id"]) == remote for each in self.listed(api, audience))

    def count(self, api: Api, remote: str) -> int | None:
        """How many people the list has."""
        size = api.call("GET", f"/lists/{remote}/size").text.strip()
        return int(size) if size.isdigit() else None

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Subscribe people to the list, or take them off it.

        They are taken off no channel, which is what leaving `channelUnsubscribe` out may mean.
        """
        only = {"updateExistingUsersOnly": self.settings.only_existing}
        more = only if verb == "subscribe" else {"channelUnsubscribe": False}

        def send(subscribers: Sequence[Fields]) -> Response:
            body = {"listId": int(str(run.remote)), "subscribers": subscribers, **more}
            return api.call("POST", f"/lists/{verb}", body)

        return self.in_calls(records, _subscribers, send)


def _subscribers(record: Record) -> list[Fields]:
    """One subscriber a person with a user id; without one, one for each of the person's addresses."""
    user = record.value("external_id")
    if user is None:
        return [{"email": email} for email in record.values("email")]
    email = record.value("email")
    return [{"userId": user, "preferUserId": True} | ({"email": email} if email else {})]
