"""Rows of a plan as batches."""

from __future__ import annotations

from typing import Any, cast

import pytest

from dbt_muster.delivery.batches import PlannedBatch, PlanReader, Texts, batches_of, undecoded_batches
from dbt_muster.delivery.ledger import Ledger
from dbt_muster.destinations import Record
from dbt_muster.destinations.undecoded import action_of
from dbt_muster.errors import MusterError

_ROWS = [
    (1, '"add","1",{"email":"a@example.com","text":"a ]},{[ \\" \x01"}'),
    (1, '"add","2",{"email":null,"text":null}'),
    (2, '"remove","\\"3",{"email":["b","c"]}'),
]


class _Plan:
    """A ledger that counts how often its plan is read, and may fail to read it."""

    has_keys = True

    def __init__(self) -> None:
        self.reads = 0
        self.fails = False

    def read(self, _run_id: str, first: int, last: int) -> list[tuple[Any, ...]]:
        self.reads += 1
        if self.fails:
            raise MusterError("The warehouse is away.")
        return [row for row in _ROWS if first <= row[0] <= last]


def test_each_record_of_a_batch_has_its_own_identifiers() -> None:
    first, second = batches_of(_ROWS)
    assert first.records == [
        Record("add", "1", {"email": "a@example.com", "text": 'a ]},{[ " \x01'}),
        Record("add", "2", {"email": None, "text": None}),
    ]
    assert (second.number, second.records) == (2, [Record("remove", '"3', {"email": ["b", "c"]})])


def test_a_batch_without_keys_has_the_same_records_in_one_text_or_in_several() -> None:
    texts = ['{"email":"a ]},{[ \\" \x01"}', '{"email":null}', '{"email":["b","c"]}']
    apart: list[Texts] = [
        (1, 1, "add", 1, texts[0]),
        (1, 1, "add", 0, texts[1]),
        (2, 1, "remove", 0, texts[2]),
    ]
    together: list[Texts] = [(1, 2, "add", 0, ",".join(texts[:2])), (2, 1, "remove", 0, texts[2])]
    for rows in (apart, together):
        first, second = undecoded_batches(rows)
        assert list(first.records) == [
            Record("add", "", {"email": 'a ]},{[ " \x01'}),
            Record("add", "", {"email": None}),
        ]
        assert (second.number, list(second.records)) == (2, [Record("remove", "", {"email": ["b", "c"]})])
        assert [(action_of(each.records), len(each.records)) for each in (first, second)] == [
            ("add", 2),
            ("remove", 1),
        ]


def test_a_batch_whose_job_is_asked_about_is_read_only_where_it_is_looked_at() -> None:
    plan = _Plan()
    planned = PlannedBatch(cast("Ledger", plan), "run", 1)
    batch = planned.batch
    assert (batch.number, plan.reads) == (1, 0)
    assert len(batch.records) == 2
    assert batch.records[1] == Record("add", "2", {"email": None, "text": None})
    assert [record.key for record in batch.records[:1]] == ["1"]
    assert plan.reads == 1


def test_batches_are_read_some_at_once_and_the_next_while_those_before_are_under_way() -> None:
    plan = _Plan()
    reader = PlanReader(cast("Ledger", plan), "run", range(1, 3), 1)
    assert [batch.number for batch in reader.take(1)] == [1]
    reader.read_ahead()
    reader.read_ahead()
    assert plan.reads == 2
    plan.fails = True  # nothing is read any more
    assert [batch.number for batch in reader.take(1)] == [2]
    reader.read_ahead()
    assert plan.reads == 2


def test_batches_that_are_taken_together_may_be_read_one_after_another() -> None:
    for at_once, reads in ((1, 2), (2, 1), (3, 1)):
        plan = _Plan()
        reader = PlanReader(cast("Ledger", plan), "run", range(1, 3), at_once)
        taken = reader.take(2)
        assert (next(taken).number, plan.reads) == (1, 1)
        reader.read_ahead()
        assert plan.reads == reads
        assert [batch.number for batch in taken] == [2]
        assert plan.reads == reads


def test_what_cannot_be_read_ahead_is_read_when_its_turn_comes() -> None:
    plan = _Plan()
    reader = PlanReader(cast("Ledger", plan), "run", range(1, 3), 1)
    list(reader.take(1))
    plan.fails = True
    reader.read_ahead()
    with pytest.raises(MusterError, match="away"):
        list(reader.take(1))
