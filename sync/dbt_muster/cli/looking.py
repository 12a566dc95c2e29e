"""What commands share that look at audiences in the warehouse, and write nothing there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dbt_muster.seeing import Clock
    from dbt_muster.seeing.inline import Site

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

profiles_option = click.option(
    "--profiles-dir", type=_FOLDER, help="Where profiles.yml is, by default where dbt looks for it."
)
target_option = click.option("--target", help="The target of the profile, by default the profile's own.")


@contextmanager
def warehouse_site(
    project_dir: Path, profiles_dir: Path | None, target: str | None, clock: Clock
) -> Iterator[Site]:
    """A connection to the project's warehouse, and the tables that its specs read.

    Raises:
        UsageError: there is no profile, or no manifest of dbt's.
        WarehouseError: the warehouse cannot be reached.
    """
    from dbt_muster.delivery.erasures import erasures_table, is_there
    from dbt_muster.delivery.ledger import ERASURES
    from dbt_muster.render import Renderer
    from dbt_muster.seeing.inline import Site
    from dbt_muster.warehouse import Manifest, Warehouse, load_profile

    profile = load_profile(project_dir.resolve(), profiles_dir=profiles_dir, target=target)
    manifest = Manifest.load(profile.target_path)
    with Warehouse(profile) as warehouse:
        renderer = Renderer(warehouse.dialect)

        def built(model: str) -> str | None:
            relation = manifest.relations.get(model)
            return relation if relation and is_there(warehouse, renderer, relation) else None

        erasures = erasures_table(warehouse, renderer)
        existing = {} if erasures is None else {ERASURES: erasures}
        yield Site(warehouse.dialect, manifest.source, warehouse.query, clock.as_of, existing, built)
