"""What several files of these tests set up."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from dbt_muster.cli.main import group
from tests.end_to_end.commands import Run
from tests.end_to_end.crm import Crm
from tests.end_to_end.demo_shop import A_FRIDAY, DemoShop
from tests.end_to_end.shop import Shop
from tests.servers.postgres import PostgresServer

if TYPE_CHECKING:
    from tests.end_to_end.postgres_shop import PostgresShop

PEOPLE = 200


@pytest.fixture(scope="session")
def friday_shop(tmp_path_factory: pytest.TempPathFactory) -> DemoShop:
    """The demo's shop as of a Friday; nobody writes into it."""
    shop = DemoShop.at(tmp_path_factory.mktemp("shop"))
    shop.build(A_FRIDAY)
    return shop


@pytest.fixture
def crm() -> Iterator[Crm]:
    """The webhook that a shop delivers to."""
    with Crm() as server:
        yield server


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop with people, on a DuckDB file."""
    shop = Shop(tmp_path)
    shop.change(random.Random(7), population=PEOPLE, moves=PEOPLE)  # noqa: S311 - tests repeat
    return shop


@pytest.fixture
def postgres_shop(tmp_path: Path, postgres_server: PostgresServer) -> Iterator[PostgresShop]:
    """The same on a PostgreSQL server."""
    pytest.importorskip("dbt.adapters.postgres", reason="dbt-postgres is not installed")
    from tests.end_to_end.postgres_shop import PostgresShop

    shop = PostgresShop(tmp_path, postgres_server)
    shop.change(random.Random(7), population=PEOPLE, moves=PEOPLE)  # noqa: S311 - tests repeat
    yield shop
    shop.look_for_canaries()


@pytest.fixture
def run(shop: Shop, crm: Crm, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command of muster's in the shop, in this process."""
    monkeypatch.setenv("CRM_URL", crm.url)

    def command(name: str, *arguments: str) -> Result:
        return CliRunner().invoke(group, [name, "--project-dir", str(shop.folder), *arguments])

    return command
