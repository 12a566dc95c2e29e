"""Who failed of the subscribers that Iterable was sent, as its answers name them, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FORGOTTEN = "was forgotten at Iterable at the person's own wish, and must stay out"
REASONS = {
    "invalidEmails": "the e-mail address is not valid",
    "invalidUserIds": "the user id is not valid",
    "invalidDataEmails": "the data is not valid",
    "invalidDataUserIds": "the data is not valid",
    "conflictEmails": "the e-mail address and the user id belong to two people",
    "conflictUserIds": "the e-mail address and the user id belong to two people",
    "forgottenEmails": FORGOTTEN,
    "forgottenUserIds": FORGOTTEN,
    "notFoundEmails": "Iterable does not know the person",
    "notFoundUserIds": "Iterable does not know the person",
}


class Failures:
    """Who failed, as an answer names them: e-mail addresses whatever their case, user ids exactly."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.count = int(answer.get("failCount", 0))
        named = {**answer.get("failedUpdates", {})}
        for kind in ("invalidEmails", "invalidUserIds"):
            named[kind] = [*named.get(kind, ()), *answer.get(kind, ())]
        self._emails = _by_value(named, "Emails", str.lower)
        self._users = _by_value(named, "UserIds", str)

    def of(self, subscriber: Mapping[str, Any]) -> str | None:
        """Why a subscriber failed, where it did."""
        return self._users.get(subscriber.get("userId", "")) or self._emails.get(
            subscriber.get("email", "").lower()
        )


def _by_value(named: Mapping[str, Any], ending: str, fold: Any) -> dict[str, str]:
    return {
        fold(value): kind
        for kind, values in named.items()
        if kind.endswith(ending) and kind in REASONS
        for value in values
    }
