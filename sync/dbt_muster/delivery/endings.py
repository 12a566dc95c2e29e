"""Audiences whose specs no longer say that they are synced somewhere, and what is to become of them there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dbt_muster.delivery.ledger import AUDIENCES
from dbt_muster.delivery.pairs import Ending, Pair
from dbt_muster.delivery.tables import Connection
from dbt_muster.destinations import Destination, open_destination
from dbt_muster.errors import MusterError, UsageError
from dbt_muster.render import Renderer
from dbt_muster.specs.meaning import All, Audience, Project, Sync


class Endings:
    """Reads what was ever synced, and compares it with the specs.

    Args:
        connection: an open warehouse.
        renderer: the macros in its dialect.
        opened: the destinations that are open already, by name; they are used as they are.
    """

    def __init__(
        self, connection: Connection, renderer: Renderer, opened: Mapping[str, Destination] | None = None
    ) -> None:
        self._connection = connection
        self._renderer = renderer
        self._opened = dict(opened or {})

    def pairs(self, project: Project, *, root: Path) -> list[Pair]:
        """The audiences that are to be emptied or deleted where they are, because no spec syncs them there.

        A disabled audience is one that is only resting: what it is synced to stays as it is.

        Raises:
            UsageError: the destination or the entity of one is gone too, so that it cannot be ended.
        """
        synced = {
            (sync.destination, audience.name)
            for audience in project.audiences.values()
            for sync in audience.syncs
        }
        return [
            self._pair(project, root, row, "empty" if row[4] == "empty" else "delete")
            for row in self._recorded()
            if row[4] in ("empty", "delete") and (row[0], row[1]) not in synced
        ]

    def resting(self, project: Project, *, root: Path, entity: str) -> list[Pair]:
        """The audiences of an entity that are held somewhere and are not synced there at present.

        Those whose destination is no longer declared are left out: there is no way to them.
        """
        synced = {
            (sync.destination, audience.name)
            for audience in project.audiences.values()
            if audience.enabled
            for sync in audience.syncs
        }
        return [
            self._pair(project, root, row, "hold")
            for row in self._recorded()
            if row[2] == entity and (row[0], row[1]) not in synced and row[0] in project.destinations
        ]

    def _recorded(self) -> Iterator[tuple[Any, ...]]:
        relation = self._connection.relation(AUDIENCES)
        try:
            self._connection.query(self._renderer.call("muster_sync_probe", relation))
        except MusterError:
            return iter(())  # nothing was ever synced
        return iter(self._connection.query(self._renderer.call("muster_sync_recorded_audiences", relation)))

    def _pair(self, project: Project, root: Path, row: tuple[Any, ...], ending: Ending) -> Pair:
        destination, audience, entity, name, on_delete = row
        for kind, wanted, known in (
            ("destination", destination, project.destinations),
            ("entity", entity, project.entities),
        ):
            if wanted not in known:
                raise UsageError(
                    f"The audience {audience!r} is no longer synced to {destination!r}, where it is to be "
                    f"{'emptied' if on_delete == 'empty' else 'deleted'}; but the {kind} {wanted!r} is not "
                    "declared any more. Declare it until that is done."
                )
        spec = project.destinations[destination]
        options: dict[str, object] = {"on_delete": on_delete} | ({"name": name} if name else {})
        sync = Sync(destination, (), options, spec.position)
        if destination not in self._opened:
            self._opened[destination] = open_destination(spec, root=root)
        ended = Audience.bare(audience, entity, All(()), sync.position, enabled=False, syncs=(sync,))
        return Pair(ended, project.entities[entity], sync, spec, self._opened[destination], ending=ending)
