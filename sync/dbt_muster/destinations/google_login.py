"""Lets calls in at Google by a service account's key, or by what the machine itself has.

Both are the business of Google's own library (google-auth, an optional extra).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from dbt_muster.destinations.authoring.results import StoppedError, UsageError


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
            raise UsageError(
                "A service account or the machine's own credentials need google-auth: "
                "pip install 'dbt-muster[google]'."
            ) from None

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
