"""Stand-ins notice what their platforms' definitions do not allow, since the other tests rely on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.destinations.standins.hubspot import HubSpotStandIn
from tests.destinations.standins.linkedin import LinkedInStandIn
from tests.destinations.standins.mailchimp import MailchimpStandIn
from tests.destinations.standins.microsoft_advertising import MicrosoftAdvertisingStandIn
from tests.destinations.standins.pinterest import PinterestStandIn
from tests.destinations.standins.reddit import RedditStandIn
from tests.destinations.standins.routing import RoutedStandIn
from tests.destinations.trying import trying

KINDS = (
    HubSpotStandIn,
    LinkedInStandIn,
    MailchimpStandIn,
    MicrosoftAdvertisingStandIn,
    PinterestStandIn,
    RedditStandIn,
)


def innermost(body: dict[str, Any]) -> dict[str, Any]:
    """The object that stands deepest in a body, first things first."""
    for value in body.values():
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, dict) and inner:
            return innermost(inner)
    return body


def misspelt(body: dict[str, Any]) -> None:
    inner = innermost(body)
    name = next(iter(inner))
    inner[f"{name}s"] = inner.pop(name)


def added_to(body: dict[str, Any]) -> None:
    innermost(body)["muster"] = True


def of_another_type(body: dict[str, Any]) -> None:
    inner = innermost(body)
    inner[next(iter(inner))] = {"not": ["of", "this", "type"]}


@pytest.mark.parametrize("spoil", [misspelt, added_to, of_another_type], ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type)
def test_every_body_that_is_spoiled_is_noticed(
    kind: type[RoutedStandIn], spoil: Callable[[dict[str, Any]], None]
) -> None:
    value = "a@example.com" if kind in (HubSpotStandIn, MailchimpStandIn) else "0" * 64
    with trying(kind) as tried:
        tried.add(value)
        tried.remove(value)
        at = tried.at
        calls = [call for call in at.calls if call.body]
        assert len(calls) >= 3
        for call in calls:
            body = call.json
            spoil(body)
            before = len(at.violations)
            try:
                at.handle(replace(call, body=json.dumps(body).encode()))
            except (KeyError, TypeError, AttributeError):
                continue  # The server makes a violation of it.
            assert len(at.violations) > before, f"{call.method} {call.path}"
        at.violations.clear()
