"""Platforms of Google's: called through their official clients, and let in by tokens or in Google's own ways.

A service account, and what the machine has, are the business of Google's own library (google-auth).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field, SecretStr

from dbt_muster.destinations.answers import Status
from dbt_muster.destinations.filling import secret
from dbt_muster.destinations.google_client import MISSING, GoogleClient, look_at
from dbt_muster.destinations.google_errors import google_codes
from dbt_muster.destinations.http import Login
from dbt_muster.destinations.oauth import HashedSettings, TokenPlatform, TokenSettings
from dbt_muster.destinations.records import StoppedError
from dbt_muster.destinations.wire import Wire
from dbt_muster.errors import UsageError


class GoogleTokenSettings(HashedSettings, TokenSettings):
    """The settings that say how Google is logged in to; the machine itself may have a way in.

    What Google takes of people is hashed.
    """

    ways: ClassVar[tuple[str, ...]] = ("access_token", "refresh_token", "service_account")
    may_lack: ClassVar[bool] = True

    service_account: SecretStr | None = Field(default=None, description="A service account's key, as JSON.")
    quota_project: str | None = Field(default=None, description="The Cloud project that calls count for.")


class GooglePlatform(TokenPlatform):
    """A platform of Google's.

    Class attributes to set besides a platform's: `package`, the official client's; `scope`, what tokens are
    for. Calls are stated as by HTTP; the fields of messages have the names that the client has for them.
    """

    package: ClassVar[str]
    scope: ClassVar[str]
    # What is under way already (the status ABORTED of gRPC).
    statuses = (Status(409, "later"),)
    codes = google_codes()
    error_text = "error.message"
    token_url = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    settings_model: ClassVar[type[GoogleTokenSettings]]

    def __init__(self, name: str, settings: Any, *, root: Path) -> None:
        super().__init__(name, settings, root=root)
        look_at(self.package, self.url)

    def wire(self) -> Wire:
        """The official client."""
        return GoogleClient(self.package, self.url, self.settings.timeout)

    def own_headers(self) -> dict[str, str]:
        """The headers that every call has, with the project that it counts for."""
        project = self.settings.quota_project
        return {**super().own_headers(), **({"x-goog-user-project": project} if project else {})}

    def _new_login(self) -> Login:
        if secret(self.settings.access_token) or secret(self.settings.refresh_token):
            return super()._new_login()
        key = secret(self.settings.service_account) or None
        return GoogleCredentials(key, self.scope, self.own_headers())


class GoogleCredentials:
    """Access tokens of a service account, or of the application default credentials.

    Args:
        key: a service account's key as JSON; None asks the machine: GOOGLE_APPLICATION_CREDENTIALS, workload
            identity, gcloud's login (google-auth, "Application Default Credentials").
        scope: what the tokens are for.
        more: headers that every call has besides.

    Raises:
        UsageError: google-auth is not installed, the key is none, or the machine has no credentials.
    """

    def __init__(self, key: str | None, scope: str, more: Mapping[str, str]) -> None:
        self._more = dict(more)
        self._lock = threading.Lock()
        try:
            self._credentials = _credentials(key, scope)
            self._request = import_module("google.auth.transport.requests").Request()
        except ImportError:
            raise UsageError(MISSING) from None

    def headers(self) -> Mapping[str, str]:
        """The headers of the next attempt."""
        with self._lock:
            if not self._credentials.valid:
                self._buy()
            return {"authorization": f"Bearer {self._credentials.token}", **self._more}

    def renew(self) -> bool:
        """Get a new access token in place of one that was not accepted."""
        with self._lock:
            self._buy()
        return True

    def _buy(self) -> None:
        errors = import_module("google.auth.exceptions")
        try:
            self._credentials.refresh(self._request)
        except errors.GoogleAuthError as error:
            # The library has tried again by itself what may pass (google-auth, "exceptions").
            passes = isinstance(error, errors.TransportError) or getattr(error, "retryable", False)
            advice = (
                "Google could not be reached or is in trouble; sync again later."
                if passes
                else "See whether the service account is still there and its key is valid."
            )
            kind = type(error).__name__
            raise StoppedError(f"No access token could be got from Google ({kind}). {advice}") from None


def _credentials(key: str | None, scope: str) -> Any:
    if key is None:
        auth, errors = import_module("google.auth"), import_module("google.auth.exceptions")
        try:
            return auth.default(scopes=[scope])[0]
        except errors.DefaultCredentialsError:
            raise UsageError(
                "There is no way in to Google: give `refresh_token` (with `client_id` and `client_secret`), "
                "or `service_account`, or set GOOGLE_APPLICATION_CREDENTIALS."
            ) from None
    account = import_module("google.oauth2.service_account")
    try:
        return account.Credentials.from_service_account_info(json.loads(key), scopes=[scope])
    except (ValueError, TypeError, KeyError):
        raise UsageError(
            "`service_account` has to be the key of a service account, as Google gives it: JSON."
        ) from None
