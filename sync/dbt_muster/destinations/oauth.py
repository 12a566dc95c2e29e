"""Platforms that are let in by OAuth 2.0 access tokens: one as it is, or a refresh token that buys them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, SecretStr, model_validator

from dbt_muster.destinations.filling import secret
from dbt_muster.destinations.http import Login, SafeAddress
from dbt_muster.destinations.login import Headers, RefreshToken
from dbt_muster.destinations.platform import Platform, PlatformSettings


class HashedSettings(PlatformSettings):
    """The settings of a platform that takes hashes alone, so that clear text cannot be asked for."""

    hashing: Literal["sha256"] = Field(default="sha256", description="The platform takes SHA-256 alone.")


class TokenSettings(PlatformSettings):
    """The settings that say how a platform is logged in to with tokens."""

    # The settings that let in, one of which is given, or none where something else lets in as well.
    ways: ClassVar[tuple[str, ...]] = ("access_token", "refresh_token")
    may_lack: ClassVar[bool] = False
    # What has to stand beside a refresh token.
    beside_refresh: ClassVar[tuple[str, ...]] = ("client_id", "client_secret")

    access_token: SecretStr | None = Field(default=None, description="A token that lasts, used as it is.")
    refresh_token: SecretStr | None = Field(
        default=None, description="A token that access tokens are got with; for `client_id`."
    )
    client_id: str | None = Field(default=None, description="The app that the refresh token was given to.")
    client_secret: SecretStr | None = Field(default=None, description="The app's secret.")
    token_url: SafeAddress | None = Field(
        default=None, description="Another address that gives out access tokens than the public one."
    )

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        given = [name for name in self.ways if self._has(name)]
        if len(given) > 1 or not (given or self.may_lack):
            ways = " or ".join(f"`{name}`" for name in self.ways)
            raise ValueError(f"give either {ways}, and with `refresh_token` {self._names_beside()}")
        if secret(self.refresh_token):
            missing = [name for name in self.beside_refresh if not self._has(name)]
            if missing:
                raise ValueError(
                    f"`refresh_token` needs {', '.join(f'`{name}`' for name in missing)} as well"
                )
        return self

    def _names_beside(self) -> str:
        return " and ".join(f"`{name}`" for name in self.beside_refresh)

    def _has(self, name: str) -> bool:
        value = getattr(self, name)
        return bool(secret(value) if isinstance(value, SecretStr) else value)


class TokenPlatform(Platform):
    """A platform that is logged in to with tokens. One login is kept, so that a token is used until it ends.

    Class attributes to set besides a platform's: `token_url`; `basic` where the client's id and secret go
    there as HTTP Basic rather than in the form; `token_scope` for what tokens are for, where that is asked.
    """

    token_url: ClassVar[str]
    basic: ClassVar[bool] = False
    token_scope: ClassVar[str] = ""
    settings_model: ClassVar[type[TokenSettings]]

    def __init__(self, name: str, settings: Any, *, root: Path) -> None:
        super().__init__(name, settings, root=root)
        self._login = self._new_login()

    def login(self) -> Login:
        """The token, or what gets one."""
        return self._login

    def _new_login(self) -> Login:
        settings = self.settings
        token = secret(settings.access_token)
        if token:
            return Headers({"authorization": f"Bearer {token}", **self.own_headers()})
        client, hidden = str(settings.client_id), secret(settings.client_secret)
        form = {"refresh_token": secret(settings.refresh_token)}
        if self.token_scope:
            form["scope"] = self.token_scope
        if not self.basic:
            form |= {"client_id": client, **({"client_secret": hidden} if hidden else {})}
        return RefreshToken(
            settings.token_url or self.token_url,
            form,
            retry=settings.retry,
            basic=(client, hidden) if self.basic else None,
            more=self.own_headers(),
        )
