"""What a destination that posts messages of its own shares with others: bodies by template, signatures."""

from dbt_muster.destinations.body import BodyTemplate, BodyText, batch_values
from dbt_muster.destinations.signatures import SignedSettings, hub_sha256, standard_webhooks

__all__ = ["BodyTemplate", "BodyText", "SignedSettings", "batch_values", "hub_sha256", "standard_webhooks"]
