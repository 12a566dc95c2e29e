"""Destinations: the guard is read, the type's own settings are kept as they are written."""

from __future__ import annotations

from dbt_muster.specs.meaning import Destination
from dbt_muster.specs.models.destination import DestinationSpec
from dbt_muster.specs.resolve.alerts import resolve_alert
from dbt_muster.specs.resolve.guards import resolve_guard
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.resolve.settings import plain_settings, positions, refuse_secrets


def resolve_destination(site: Site, spec: DestinationSpec) -> Destination:
    """A destination; secrets in its settings are reported."""
    settings = dict(spec.model_extra or {})
    refuse_secrets(site, settings, ())
    return Destination(
        name=spec.destination,
        type=spec.type,
        consent=spec.consent,
        guard=resolve_guard(site, spec.guard),
        alerts=tuple(
            resolve_alert(site, alert, ("alerts", index)) for index, alert in enumerate(spec.alerts or ())
        ),
        settings=plain_settings(settings),
        position=site.document.position(),
        positions=positions(site, settings, ())
        | {key: site.document.position((key,)) for key in ("type", "consent") if key in site.document.data},
    )
