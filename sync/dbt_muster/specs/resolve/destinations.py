"""Destinations: the guard is read, the type's own settings are kept as they are written."""

from __future__ import annotations

from collections.abc import Sequence

from dbt_muster.specs.meaning import Alert, Destination
from dbt_muster.specs.models.destination import DestinationSpec
from dbt_muster.specs.resolve.alerts import resolve_alerts
from dbt_muster.specs.resolve.guards import resolve_guard
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.resolve.settings import plain_settings, positions, refuse_secrets


def resolve_destination(site: Site, spec: DestinationSpec, inherited: Sequence[Alert]) -> Destination:
    """A destination; secrets in its settings are reported.

    Args:
        site: its document.
        spec: what that says.
        inherited: the project's alerts, which are the destination's where it says nothing of them.
    """
    settings = dict(spec.model_extra or {})
    refuse_secrets(site, settings, ())
    return Destination(
        name=spec.destination,
        type=spec.type,
        consent=spec.consent,
        guard=resolve_guard(site, spec.guard),
        alerts=tuple(inherited) if spec.alerts is None else resolve_alerts(site, spec.alerts),
        settings=plain_settings(settings),
        position=site.document.position(),
        positions=positions(site, settings, ())
        | {key: site.document.position((key,)) for key in ("type", "consent") if key in site.document.data},
    )
