"""Every case written by hand, on every engine."""

from __future__ import annotations

import pytest

from tests.engines.cases import CASES, Case, read_case, read_cases
from tests.engines.engines import Answer, Engine, NotEmulatedError, Oracle
from tests.engines.known import skip_most
from tests.engines.written import write_case

_CASES = read_cases()


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_an_engine_finds_the_members_of_a_case(engine: Engine, case: Case) -> None:
    skip_most(engine, _CASES.index(case), 5)
    try:
        answer = engine.answer(case.world)
    except NotEmulatedError as reason:
        pytest.skip(str(reason))
    _assert_found(answer, case)


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_the_oracle_finds_the_members_of_a_case(case: Case) -> None:
    _assert_found(Oracle().answer(case.world), case)


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_a_case_says_who_is_expected_of_each_of_its_audiences(case: Case) -> None:
    assert case.world.audiences.keys() == case.expected.keys()


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_a_case_that_is_written_out_reads_back_as_itself(case: Case) -> None:
    again = read_case(write_case(case.world, case.expected, case.assigned, case.withheld))
    assert (again.assigned, again.withheld) == (case.assigned, case.withheld)
    _assert_found(Oracle().answer(again.world), case)


def test_every_case_says_what_it_is_about() -> None:
    for path in CASES.glob("*.yml"):
        assert path.read_text(encoding="utf-8").startswith("case: "), path.name


def _assert_found(answer: Answer, case: Case) -> None:
    assert answer.members == dict(case.expected)
    assert answer.assigned.items() >= case.assigned.items()
    assert answer.withheld.items() >= case.withheld.items()
