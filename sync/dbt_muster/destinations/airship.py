"""Airship: an audience is a tag of named users.

Written to the Airship API, version 3, as urbanairship 7.4.1 speaks it: `POST /api/named_users/tags`. The tag
stands in a tag group, which somebody makes in the dashboard first. What Airship could not do with a call that
it took otherwise it says as warnings; such a call counts as refused, so that the users at fault are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import httpx
from pydantic import Field, SecretStr, model_validator

from dbt_muster.destinations.answers import Meaning, text_at
from dbt_muster.destinations.capabilities import Capabilities, Form
from dbt_muster.destinations.http import Api, Login
from dbt_muster.destinations.login import Headers, basic
from dbt_muster.destinations.people import known_by, pieces
from dbt_muster.destinations.platform import Platform, PlatformSettings, secret
from dbt_muster.destinations.records import BatchResult, Record
from dbt_muster.destinations.runs import AudienceAtPlatform, Run

_USERS = 1_000
_LONGEST_TAG = 128


class AirshipSettings(PlatformSettings):
    """Settings of a destination of type `airship`."""

    region: Literal["us", "eu"] = Field(default="us", description="Where the project is: `us` or `eu`.")
    app: str = Field(description="The project's app key.")
    master_secret: SecretStr | None = Field(default=None, description="The project's master secret.")
    token: SecretStr | None = Field(default=None, description="A bearer token, instead of the master secret.")
    tag_group: str = Field(min_length=1, description="The tag group, made in the dashboard beforehand.")

    @model_validator(mode="after")
    def _one_login(self) -> AirshipSettings:
        if (self.master_secret is None) == (self.token is None):
            raise ValueError("has to have either master_secret or token")
        return self


class Airship(Platform):
    """Adds a tag to named users, and takes it from them."""

    error_text: ClassVar[tuple[str, ...]] = ("error",)
    capabilities: ClassVar[Capabilities] = Capabilities(
        keyed_by="fingerprint",
        identifiers={"external_id": Form()},
        batch_size=_USERS,
        largest_batch=_USERS,
        concurrency=2,
        creates=True,
    )
    settings_model: ClassVar[type[PlatformSettings]] = AirshipSettings

    @property
    def url(self) -> str:
        """The region's address."""
        host = "go.airship.eu" if self.settings.region == "eu" else "go.urbanairship.com"
        return self.settings.url or f"https://{host}"

    def login(self) -> Login:
        """The app key with the master secret, or with a token."""
        more = {"accept": "application/vnd.urbanairship+json; version=3"}
        if self.settings.token is None:
            return basic(self.settings.app, secret(self.settings.master_secret), more)
        bearer = f"Bearer {secret(self.settings.token)}"
        return Headers({**more, "authorization": bearer, "x-ua-appkey": self.settings.app})

    def find(self, api: Api, audience: AudienceAtPlatform) -> str | None:
        """A tag is there as soon as somebody has it."""
        return None

    def create(self, api: Api, audience: AudienceAtPlatform) -> str:
        """The tag, which stays the same whatever the audience is called later."""
        return audience.name[:_LONGEST_TAG]

    def drop(self, api: Api, remote: str) -> None:
        """A tag that nobody has is no more."""

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Add the tag."""
        return self._tag(api, run, records, "add")

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Take the tag away."""
        return self._tag(api, run, records, "remove")

    def _tag(self, api: Api, run: Run, records: Sequence[Record], what: str) -> BatchResult:
        tags = {self.settings.tag_group: [str(run.remote)]}
        users = [person.value for person in known_by(records, ["external_id"])]
        for part in pieces(users, _USERS):
            api.call("POST", "/api/named_users/tags", {"audience": {"named_user_id": list(part)}, what: tags})
        return BatchResult()

    def meaning(self, response: httpx.Response) -> Meaning:
        """Warnings come with a 200; a tag group that is not there is a 400."""
        if response.status_code in (401, 403):
            return Meaning("stopped", "did not accept the app key with this secret or token.")
        warnings = text_at(response, "warnings") if response.is_success else ""
        if warnings:
            return Meaning("refused", f"took the tags with a warning: {warnings}")
        return super().meaning(response)
