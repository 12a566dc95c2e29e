"""What is sent of an identifier is the same on PostgreSQL as on DuckDB, whose answers other tests judge."""

from __future__ import annotations

import random
from contextlib import closing

import duckdb
import pytest

from dbt_muster.delivery.phones import country_numbers
from dbt_muster.render import Renderer
from tests.servers.postgres import PostgresServer

_CHANCE = random.Random(5)  # noqa: S311 - tests repeat
_ALPHABETS = ("aB9.@ \t\n\v-éÉ\u00a0\u2003\\\"'", "+0123456789 ()-x#;,\n", "0044(0)20 7946ext")
VALUES = [
    "",
    " Test@Example.COM\u2003",
    "+44 (0)20 7946 0958",
    "020 7946 0958 ext. 12\n",
    "A" * 64,
    *(f"{a}Bo{b}@shop{c}.example{a}" for a in " \t\u2003" for b in "É +\v" for c in ("", "\u00a0", "\n")),
    *("".join(_CHANCE.choices(alphabet, k=_CHANCE.randint(1, 16))) for alphabet in _ALPHABETS * 150),
]


def question(dialect: str, kind: str, *, hashed: bool) -> str:
    """SQL that takes each value through the three steps, and on to the text and fingerprint of the state."""
    render = Renderer(dialect).call
    country = country_numbers("GB") if kind == "phone" else None
    identifier = {"name": "it", "kind": kind, "hash": hashed, "country": country}
    given = ", ".join(f"({place}, {render('muster_string', value)})" for place, value in enumerate(VALUES))
    step = f"(select * from (values {given}) as given(place, it))"
    for macro in ("muster_sync_cleaned", "muster_sync_normalised", "muster_sync_sent"):
        step = f"(select place, {render(macro, identifier, 'it')} as it from {step} as step)"
    text = render("muster_sync_identifiers_text", [identifier])
    return (
        f"select place, it, written, {render('muster_md5', 'written')} "
        f"from (select place, it, {text} as written from {step} as step) as written order by place"
    )


@pytest.mark.parametrize("hashed", [False, True])
@pytest.mark.parametrize("kind", ["email", "phone", "text"])
def test_identifiers_are_sent_alike(postgres_server: PostgresServer, kind: str, hashed: bool) -> None:
    import psycopg2

    server = postgres_server
    with (
        closing(psycopg2.connect(host=server.folder, user=server.user, dbname=server.database)) as connection,
        connection.cursor() as cursor,
        duckdb.connect() as judge,
    ):
        cursor.execute(question("postgres", kind, hashed=hashed))
        found = cursor.fetchall()
        expected = judge.execute(question("duckdb", kind, hashed=hashed)).fetchall()
    different = [
        (VALUES[one[0]], one, other) for one, other in zip(expected, found, strict=True) if one != other
    ]
    assert not different
    assert sum(row[1] is not None for row in found) >= 5
