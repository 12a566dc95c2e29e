"""Alerts: lengths of time and percentages, and an address that is out of the environment."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dbt_muster.specs.meaning import Alert
from dbt_muster.specs.models.alert import AlertSpec
from dbt_muster.specs.resolve.guards import FRESHNESS_EXPECTED, exact_length
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.resolve.settings import EXPECTED, is_from_environment
from dbt_muster.specs.resolve.times import parse_time
from dbt_muster.specs.yaml_tree import YamlPath


def resolve_alerts(site: Site, specs: Sequence[AlertSpec]) -> tuple[Alert, ...]:
    """What stands under the key `alerts` of a document."""
    return tuple(_alert(site, spec, ("alerts", index)) for index, spec in enumerate(specs))


def _alert(site: Site, spec: AlertSpec, path: YamlPath) -> Alert:
    """One alert; an address that is written down is reported, since whoever has it can write there."""
    if not is_from_environment(spec.url):
        message = "whoever has an alert's address can write there, so it only ever comes from the environment"
        site.report((*path, "url"), "secret", message, expected=EXPECTED)
    stale_after = (
        None
        if spec.stale_after is None
        else parse_time(site, exact_length, spec.stale_after, (*path, "stale_after"), FRESHNESS_EXPECTED)
    )
    change = spec.size_change
    return Alert(
        type=spec.type,
        url=spec.url,
        on=("failure", "blocked") if spec.on is None else tuple(spec.on),
        stale_after=stale_after,
        size_change=None if change is None else float(Decimal(change.removesuffix("%")) / 100),
        position=site.document.position(path),
    )
