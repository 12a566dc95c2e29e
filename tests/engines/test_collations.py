"""On PostgreSQL no text of muster's own making has a collation that a user's text could clash with."""

from __future__ import annotations

from contextlib import closing

from tests.engines.cases import CASES, read_case
from tests.engines.engines import Members
from tests.oracle.world import World
from tests.servers.postgres import PostgresServer

_OF_THEIR_OWN = """\
select tables.relname, columns.attname, collations.collname
from pg_attribute as columns
join pg_class as tables on tables.oid = columns.attrelid
join pg_namespace as schemas on schemas.oid = tables.relnamespace
join pg_collation as collations on collations.oid = columns.attcollation
where schemas.nspname = 'world' and columns.attnum > 0 and collations.collname <> 'default'
"""


def test_what_is_worked_out_from_texts_has_the_collation_of_the_database(
    postgres_server: PostgresServer,
) -> None:
    from tests.engines.postgres import Postgres

    class Looking(Postgres):
        def members(self, world: World) -> Members:
            assert self.ask(_OF_THEIR_OWN) == []
            self.run('alter table people alter column country type text collate "C"')
            assert [row[1] for row in self.ask(_OF_THEIR_OWN)] == ["country"]
            return super().members(world)

    path = CASES / "texts_of_events_against_attributes.yml"
    case = read_case(path.read_text(encoding="utf-8"))
    with closing(Looking(postgres_server)) as engine:
        assert engine.answer(case.world).members == case.expected
