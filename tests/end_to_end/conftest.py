"""What several files of these tests build once."""

from __future__ import annotations

import pytest

from tests.end_to_end.demo_shop import A_FRIDAY, DemoShop


@pytest.fixture(scope="session")
def friday_shop(tmp_path_factory: pytest.TempPathFactory) -> DemoShop:
    """The demo's shop as of a Friday; nobody writes into it."""
    shop = DemoShop.at(tmp_path_factory.mktemp("shop"))
    shop.build(A_FRIDAY)
    return shop
