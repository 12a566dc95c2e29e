"""Airship: an audience is a tag of named users.

Written to the Airship API, version 3, as urbanairship 7.4.1 speaks it: `POST /api/named_users/tags`. The tag
stands in a tag group, which somebody makes in the dashboard first. What Airship could not do with a call that
it took otherwise it says as warnings; such a call counts as refused, so that the users at fault are found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field, SecretStr, model_validator

from dbt_muster.destinations.authoring.answers import Meaning, Status, text_at
from dbt_muster.destinations.authoring.bases import RegionSettings, TagPlatform
from dbt_muster.destinations.authoring.calls import Api, BatchResult, Record, Response, Run
from dbt_muster.destinations.authoring.facts import Capabilities, Form
from dbt_muster.destinations.authoring.helpers import Headers, Login, basic, secret

_NO_ENTRY = "did not accept the app key with this secret or token."


class AirshipSettings(RegionSettings):
    """Settings of a destination of type `airship`."""

    app: str = Field(description="The project's app key.")
    master_secret: SecretStr | None = Field(default=None, description="The project's master secret.")
    token: SecretStr | None = Field(default=None, description="A bearer token, instead of the master secret.")
    tag_group: str = Field(min_length=1, description="The tag group, made in the dashboard beforehand.")

    @model_validator(mode="after")
    def _one_login(self) -> AirshipSettings:
        if (self.master_secret is None) == (self.token is None):
            raise ValueError("has to have either master_secret or token")
        return self


class Airship(TagPlatform):
    """Adds a tag to named users, and takes it from them."""

    base_url: ClassVar[Mapping[str, str]] = {
        "us": "https://go.urbanairship.com",
        "eu": "https://go.airship.eu",
    }
    headers: ClassVar[Mapping[str, str]] = {"accept": "application/vnd.urbanairship+json; version=3"}
    statuses = tuple(Status(code, "stopped", _NO_ENTRY) for code in (401, 403))
    error_text = "error"
    longest_tag = 128
    settings_model = AirshipSettings
    capabilities = Capabilities(identifiers={"external_id": Form()}, batch_size=1_000, concurrency=2)

    def login(self) -> Login:
        """The app key with the master secret, or with a token."""
        if self.settings.token is None:
            return basic(self.settings.app, secret(self.settings.master_secret), self.own_headers())
        bearer = f"Bearer {secret(self.settings.token)}"
        return Headers({**self.own_headers(), "authorization": bearer, "x-ua-appkey": self.settings.app})

    def change(self, api: Api, run: Run, records: Sequence[Record], verb: str) -> BatchResult:
        """Add the tag, or take it away."""
        tags = {self.settings.tag_group: [str(run.remote)]}

        def tag(users: Sequence[str]) -> Response:
            return api.call(
                "POST", "/api/named_users/tags", {"audience": {"named_user_id": users}, verb: tags}
            )

        return self.in_calls(records, lambda record: record.values("external_id"), tag)

    def meaning(self, response: Response) -> Meaning:
        """Warnings come with a 200; a tag group that is not there is a 400."""
        warnings = text_at(response, "warnings") if response.is_success else ""
        if warnings:
            return Meaning("refused", f"took the tags with a warning: {warnings}")
        return super().meaning(response)
