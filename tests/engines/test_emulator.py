"""Once the emulator can do what it could not, nothing is asked for in other words any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.engines.emulator import GAPS, LEFT_OUT, asked
from tests.engines.engines import Warehouse
from tests.engines.known import ENGINES


@pytest.fixture(scope="module")
def emulator(request: pytest.FixtureRequest) -> Iterator[Warehouse]:
    engine = ENGINES["snowflake"].open(request.getfixturevalue)
    assert isinstance(engine, Warehouse)
    yield engine
    engine.close()


def raw(engine: Warehouse, sql: str) -> Any:
    """What the emulator answers to the very words; None where it cannot."""
    import snowflake.connector

    cursor = engine._connection.cursor()  # type: ignore[attr-defined]
    try:
        row = cursor.execute(sql).fetchone()
    except snowflake.connector.Error:
        return None
    return row[0]


@pytest.mark.parametrize("gap", GAPS)
def test_a_gap_is_still_there_and_what_is_asked_instead_is_answered(emulator: Warehouse, gap: str) -> None:
    found = GAPS[gap]
    assert raw(emulator, found.example) != found.answer, "the emulator can do it now: delete the gap"
    assert emulator.ask(found.example) == [(found.answer,)]


@pytest.mark.parametrize("reason", LEFT_OUT)
def test_what_is_left_out_is_still_what_the_emulator_cannot_do(emulator: Warehouse, reason: str) -> None:
    example, answer = LEFT_OUT[reason]
    with emulator.schema():
        assert raw(emulator, example) != answer, "the emulator can do it now: leave nothing out for it"


def test_a_statement_without_a_gap_is_asked_as_it_is() -> None:
    assert asked("select  1 as it") == "select  1 as it"
