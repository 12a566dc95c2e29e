"""HubSpot: static lists of contacts by the CRM API v3.

Calls and models are those of hubspot-api-client 12.0.0 (crm.lists, crm.contacts) and of HubSpot's
documentation. A list holds records by HubSpot's ids, so that contacts are made or looked up by e-mail
address first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from dbt_muster.destinations.authoring.answers import Status
from dbt_muster.destinations.authoring.bases import TokenPlatform, TokenSettings
from dbt_muster.destinations.authoring.calls import Api, BatchResult, Record, Refusal, Run
from dbt_muster.destinations.authoring.errors import RefusedError
from dbt_muster.destinations.authoring.facts import Call, Capabilities, Form, Kept
from dbt_muster.destinations.authoring.helpers import first_values

_CONTACTS = "/crm/v3/objects/contacts"
_TYPE = "0-1"  # of the objects that are contacts


class HubSpotSettings(TokenSettings):
    """Settings of a destination of type `hubspot`."""

    create_contacts: bool = Field(
        default=True, description="`false`: only people who are contacts already are put in the list."
    )
    lists_path: str = Field(
        default="/crm/v3/lists",
        pattern=r"^(/[a-z0-9-]+)+$",
        description="Where lists are; `/crm/lists/2026-03` is the same by the newer, dated name.",
    )


class HubSpot(TokenPlatform):
    """Keeps a static list of contacts."""

    base_url = "https://api.hubapi.com"
    token_url = "https://api.hubapi.com/oauth/v1/token"  # noqa: S105 - an address
    audience_path = r"/(\d+|name/.+)(/memberships/.*)?$"
    error_text = "message"
    # That there is no list of a name only HubSpot itself can know.
    statuses = (Status(404, "later", path="/name/", json=False),)
    settings_model = HubSpotSettings
    # The name is unique among lists of contacts. Deleting a list keeps its contacts.
    kept = Kept(
        all="{lists_path}",
        inside="list",
        key="listId",
        fixed={"objectTypeId": _TYPE, "processingType": "MANUAL"},
        find_by=Call("GET", f"{{lists_path}}/object-type-id/{_TYPE}/name/{{audience}}"),
        change_by=Call("PUT", "{lists_path}/{remote}/update-list-name", params={"listName": "{audience}"}),
        size=("size", "additionalProperties.hs_list_size"),
    )
    # 100 contacts a call, 100 calls in 10 seconds an account: HubSpot's usage guidelines, as Census has them.
    capabilities = Capabilities(
        identifiers={"email": Form("email", most=1)}, batch_size=100, rate=10, concurrency=4
    )

    def add(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Make or find the contacts, and put them in the list."""
        # Each address would be a contact of its own.
        emails = first_values(records, "email")
        if self.settings.create_contacts:
            missing = self._change(api, run, "recordIdsToAdd", self._made(api, emails))
            if missing:
                raise RefusedError(f"HubSpot has {len(missing)} contacts no more that were just made.")
            return BatchResult()
        found = self._found(api, emails)
        missing = self._change(api, run, "recordIdsToAdd", [each["id"] for each in found])
        kept = (each for each in found if str(each["id"]) not in missing)
        known = {address for each in kept for address in _addresses(each)}
        unknown = [place for place, each in enumerate(records) if (each.value("email") or "") not in known]
        return BatchResult([Refusal(place, "no contact has this e-mail address") for place in unknown])

    def remove(self, api: Api, run: Run, records: Sequence[Record]) -> BatchResult:
        """Take the contacts out of the list; they stay contacts."""
        found = self._found(api, first_values(records, "email"))
        self._change(api, run, "recordIdsToRemove", [each["id"] for each in found])
        return BatchResult()

    def _made(self, api: Api, emails: Sequence[str]) -> list[str]:
        """HubSpot's ids of contacts, who are made where there are none."""
        inputs = [{"idProperty": "email", "id": email, "properties": {"email": email}} for email in emails]
        # A contact is no member yet: where this is refused, nothing of the batch has arrived.
        answer = api.call("POST", f"{_CONTACTS}/batch/upsert", {"inputs": inputs}, reads=True).json()
        if len(answer["results"]) < len(emails):
            # HTTP 207. Which of them it did not like is not said in a way to rely on, so they are halved.
            raise RefusedError(f"HubSpot took {len(answer['results'])} of {len(emails)} contacts.")
        return [str(each["id"]) for each in answer["results"]]

    def _found(self, api: Api, emails: Sequence[str]) -> list[dict[str, Any]]:
        """The contacts among some addresses."""
        body = {
            "idProperty": "email",
            "properties": ["email", "hs_additional_emails"],
            "inputs": [{"id": email} for email in emails],
        }
        found = api.call("POST", f"{_CONTACTS}/batch/read", body, reads=True).json()["results"]
        return [dict(each) for each in found]

    def _change(self, api: Api, run: Run, what: str, ids: Sequence[str]) -> set[str]:
        """Change who is in the list; gives the ids that HubSpot has no record of."""
        own = list(dict.fromkeys(map(str, ids)))
        if not own:
            return set()
        body = {"recordIdsToAdd": [], "recordIdsToRemove": [], what: own}
        path = f"{self.path(self.one, str(run.remote))}/memberships/add-and-remove"
        missing = api.call("PUT", path, body).json().get("recordIdsMissing") or []
        return {str(each) for each in missing}


def _addresses(contact: Mapping[str, Any]) -> set[str]:
    """All addresses of a contact, in lower case."""
    own = contact.get("properties") or {}
    others = str(own.get("hs_additional_emails") or "").split(";")
    return {str(address).strip().lower() for address in (own.get("email"), *others) if address}
