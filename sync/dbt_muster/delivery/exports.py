"""Views over the ledger that show, in the warehouse, what a destination holds."""

from __future__ import annotations

from collections.abc import Sequence

from dbt_muster.delivery.ledger import AUDIENCES, STATE
from dbt_muster.delivery.tables import Connection
from dbt_muster.errors import MusterError
from dbt_muster.render import Renderer

PARTS = ("audiences", "people", "memberships")


def show_exports(
    connection: Connection,
    renderer: Renderer,
    destination: str,
    prefix: str,
    identifiers: Sequence[str],
) -> None:
    """Create a destination's views, or bring them up to date.

    Args:
        connection: an open warehouse, in which the ledger's tables are.
        renderer: the macros in its dialect.
        destination: whose members are shown.
        prefix: what the names of the views begin with.
        identifiers: the columns of people, besides their keys.

    Raises:
        MusterError: the warehouse does not let it create them.
    """
    tables = {"state": connection.relation(STATE), "audiences": connection.relation(AUDIENCES)}
    for part in PARTS:
        view = connection.relation(f"{prefix}_{part}")
        create = renderer.call("muster_export_view", view, part, destination, list(identifiers), tables)
        try:
            connection.execute(create)
        except MusterError:
            # PostgreSQL and Redshift replace a view only where its columns stay, so one whose columns changed
            # goes first. Where another sync made the same view at this moment, it is right as it is.
            if not _shows(connection, renderer, view, part, identifiers):
                connection.execute(renderer.call("muster_export_drop", view))
                connection.execute(create)


def _shows(
    connection: Connection, renderer: Renderer, view: str, part: str, identifiers: Sequence[str]
) -> bool:
    try:
        connection.query(renderer.call("muster_export_probe", view, part, list(identifiers)))
    except MusterError:
        return False
    return True
