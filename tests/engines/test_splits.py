"""A key is in the same variant for ever, on every warehouse: the hash is Python's own hashlib's."""

from __future__ import annotations

import hashlib
import random
from contextlib import closing

import duckdb
import pytest

from dbt_muster.render import Renderer
from tests.servers.postgres import PostgresServer

VARIANTS = [("control", 1000), ("email", 4550), ("ads", 4449), ("last", 1)]
_CHANCE = random.Random(7)  # noqa: S311 - tests repeat
TEXTS = ["", "a", "42", "é", "東京 😀", "O'Hara", "a:b", " space ", *(f"user-{n}" for n in range(300))]
NUMBERS = [0, 1, -1, 42, 2**53 + 1, 2**63 - 1, *(_CHANCE.randrange(10**12) for _ in range(300))]


def variant(salt: str, key: str) -> str:
    """The definition, word for word."""
    slot = int(hashlib.md5(f"{salt}:{key}".encode(), usedforsecurity=False).hexdigest()[:8], 16) % 10_000
    for name, slots in VARIANTS:
        if slot < slots:
            return name
        slot -= slots
    raise AssertionError("the variants take up every slot")


def question(dialect: str, salt: str, *, numbers: bool) -> str:
    """SQL that gives the variant of each key, in order."""
    render = Renderer(dialect).call
    keys = (
        [f"cast({key} as bigint)" for key in NUMBERS]
        if numbers
        else [render("muster_string", t) for t in TEXTS]
    )
    given = ", ".join(f"({place}, {key})" for place, key in enumerate(keys))
    answer = render("muster_variant", {"salt": salt, "variants": VARIANTS}, "given.it")
    return f"select {answer} from (values {given}) as given(place, it) order by place"


def expected(salt: str, *, numbers: bool) -> list[tuple[str]]:
    return [(variant(salt, str(key)),) for key in (NUMBERS if numbers else TEXTS)]


@pytest.mark.parametrize("numbers", [True, False], ids=["numbers", "texts"])
@pytest.mark.parametrize("salt", ["vip", "it's {{ salted }}"])
def test_duckdb_splits_as_defined(salt: str, numbers: bool) -> None:
    found = duckdb.execute(question("duckdb", salt, numbers=numbers)).fetchall()
    assert found == expected(salt, numbers=numbers)


@pytest.mark.parametrize("numbers", [True, False], ids=["numbers", "texts"])
def test_postgresql_splits_as_defined(postgres_server: PostgresServer, numbers: bool) -> None:
    import psycopg2

    server = postgres_server
    with (
        closing(psycopg2.connect(host=server.folder, user=server.user, dbname=server.database)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(question("postgres", "vip", numbers=numbers))
        assert cursor.fetchall() == expected("vip", numbers=numbers)


def test_shares_come_out_as_they_are_written() -> None:
    names = [variant("vip", str(key)) for key in range(20_000)]
    assert abs(names.count("control") / len(names) - 0.10) < 0.01
    assert abs(names.count("email") / len(names) - 0.455) < 0.015
