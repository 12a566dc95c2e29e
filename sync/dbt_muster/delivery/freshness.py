"""How new an audience's table and its event sources are."""

from __future__ import annotations

from datetime import datetime

from dbt_muster.delivery.circumstances import SIZES, Circumstances
from dbt_muster.delivery.guards import Newest
from dbt_muster.delivery.ledger import moment
from dbt_muster.delivery.pairs import Pair
from dbt_muster.delivery.tables import Connection
from dbt_muster.plan.sources import EVENT_SOURCES
from dbt_muster.render import Renderer

_AUDIENCE = ("", "")
"""What the macro calls the audience, beside the event sources by their entities and names."""


class Freshness:
    """Asks the warehouse how new things are, of each event source once: the answer takes reading all of it.

    Args:
        circumstances: which event sources there are, and what is built on them.
        connection: an open warehouse.
        renderer: the macros in its dialect.
    """

    def __init__(self, circumstances: Circumstances, connection: Connection, renderer: Renderer) -> None:
        self._circumstances = circumstances
        self._connection = connection
        self._renderer = renderer
        self._known: dict[tuple[str, str], datetime | None] = {}

    def newest(self, pair: Pair) -> tuple[Newest, ...]:
        """How new a pair's audience and its event sources are; nothing where no guard asks.

        Raises:
            UsageError: dbt does not know the tables that tell.
            WarehouseError: they are not there.
        """
        upstream = self._circumstances.upstream
        if pair.spec.guard.freshness is None or upstream is None:
            return ()
        sources = self._circumstances.sources(pair)
        asked = [{"entity": one, "source": name} for one, name in sources if (one, name) not in self._known]
        relation = upstream.manifest.relation
        relations = {"sizes": relation(SIZES), "event_sources": relation(EVENT_SOURCES)}
        sql = self._renderer.call("muster_sync_freshness", pair.audience.name, asked, relations)
        found = {
            (str(one), str(name)): None if at is None else moment(at)
            for one, name, at in self._connection.query(sql)
        }
        evaluated = found.pop(_AUDIENCE)
        self._known |= found
        return (
            Newest("the audience's last evaluation", evaluated),
            *(Newest(_what(pair, *source), self._known[source]) for source in sources),
        )


def _what(pair: Pair, entity: str, source: str) -> str:
    of = "" if entity == pair.entity.name else f" of {entity}"
    return f"the event source {source}{of}"
