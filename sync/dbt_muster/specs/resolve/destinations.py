"""Destinations: the guard is read, the type's own settings are kept as they are written."""

from __future__ import annotations

from decimal import Decimal

from dbt_muster.specs.meaning import Destination
from dbt_muster.specs.models.destination import DestinationSpec, GuardSpec
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
        guard=_guard(site, spec.guard),
        settings=plain_settings(settings),
        position=site.document.position(),
        positions=positions(site, settings, ()),
    )


def _guard(site: Site, spec: GuardSpec | None) -> dict[str, object]:
    guard: dict[str, object] = {}
    if spec is None:
        return guard
    if spec.largest_change is not None:
        percent = Decimal(spec.largest_change.removesuffix("%"))
        if percent > 100:
            message = f"{spec.largest_change} is more than all members"
            site.report(("guard", "largest_change"), "guard", message, expected="100% at most")
        guard["largest_change"] = float(percent / 100)
    if spec.smallest_audience is not None:
        guard["smallest_audience"] = spec.smallest_audience
    return guard
