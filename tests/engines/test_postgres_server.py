"""The server is one on which mistakes show, and leaves nothing behind."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.servers.postgres import LANGUAGE, TIMEZONE, PostgresServer


def ask(server: PostgresServer, sql: str) -> list[tuple[Any, ...]]:
    import psycopg2

    connection = psycopg2.connect(host=server.folder, user=server.user, dbname=server.database)
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_it_sorts_text_by_a_language(postgres_server: PostgresServer) -> None:
    if postgres_server.locale != LANGUAGE:
        pytest.skip(f"this machine neither has the locale {LANGUAGE} nor can make it")
    assert ask(postgres_server, "select 'a' < 'B', 'a' collate \"C\" < 'B'") == [(True, False)]


def test_its_sessions_are_in_a_far_time_zone(postgres_server: PostgresServer) -> None:
    assert ask(postgres_server, "show timezone") == [(TIMEZONE,)]


def test_it_listens_to_nothing_but_its_socket(postgres_server: PostgresServer) -> None:
    assert ask(postgres_server, "show listen_addresses") == [("",)]
    assert Path(postgres_server.folder).stat().st_mode & 0o077 == 0


def test_nothing_is_left_when_it_is_closed(postgres_server: PostgresServer) -> None:
    another = PostgresServer()
    assert Path(another.folder).is_dir()
    assert another.folder != postgres_server.folder
    another.close()
    assert not Path(another.folder).exists()
