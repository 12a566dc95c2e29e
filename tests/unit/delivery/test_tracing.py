"""OpenTelemetry spans: one for the sync, a pair and a batch, with counts alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from dbt_muster.delivery.tracing import Traces
from dbt_muster.delivery.watching import Event, Watch
from dbt_muster.destinations import Batch, BatchResult, RefusedError
from tests.unit.delivery.kit import Person, Scene


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    made = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(made))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    yield made
    provider.shutdown()


def synced(answer: Any = None) -> Scene:
    """Eight people in three batches, told to new traces as a command does."""
    with Traces() as traces:
        scene = Scene(watch=Watch(traces.tell))
        scene.set({key: Person(f"canary.p{key}@example.com") for key in range(8)})
        if answer is not None:
            scene.platform.answer = answer
        traces.tell(Event("sync_started", values={"pairs": 1}))
        scene.sync()
        traces.tell(Event("sync_finished", values={"exit_code": 0}))
    return scene


def test_batches_are_inside_their_pair_and_pairs_inside_the_sync(exporter: InMemorySpanExporter) -> None:
    synced()
    spans = exporter.get_finished_spans()
    assert [span.name for span in spans] == ["muster.batch"] * 3 + ["muster.deliver", "muster.sync"]
    deliver, sync = spans[3:]
    assert {span.parent.span_id for span in spans[:3] if span.parent} == {deliver.context.span_id}
    assert deliver.parent is not None
    assert deliver.parent.span_id == sync.context.span_id
    assert sync.parent is None
    for span in spans:
        assert span.start_time is not None
        assert span.end_time is not None
        assert span.start_time <= span.end_time


def test_attributes_are_names_counts_and_statuses(exporter: InMemorySpanExporter) -> None:
    synced()
    deliver = exporter.get_finished_spans()[3]
    attributes = dict(deliver.attributes or {})
    assert attributes["muster.audience"] == "fans"
    assert attributes["muster.status"] == "applied"
    assert (attributes["muster.adds"], attributes["muster.accepted"]) == (8, 8)
    assert "example.com" not in str([span.to_json() for span in exporter.get_finished_spans()])


def test_what_went_wrong_is_an_error_without_its_words(exporter: InMemorySpanExporter) -> None:
    def answer(batch: Batch) -> BatchResult:
        if batch.number == 2:
            raise RefusedError("the words of a platform")
        return BatchResult()

    synced(answer)
    spans = exporter.get_finished_spans()
    assert [span.status.is_ok or span.status.is_unset for span in spans] == [True, False, True, False, True]
    assert "the words of a platform" not in str([span.to_json() for span in spans])


def test_a_sync_that_breaks_off_leaves_no_span_open(exporter: InMemorySpanExporter) -> None:
    with Traces() as traces:
        traces.tell(Event("sync_started"))
        traces.tell(Event("started", "fans", "crm", "r1"))
        traces.tell(Event("waiting", "fans", "crm"))
    assert [span.name for span in exporter.get_finished_spans()] == ["muster.deliver", "muster.sync"]


def test_without_the_api_nothing_is_imported_and_nothing_fails() -> None:
    program = (
        "import sys\n"
        "import importlib.util as util\n"
        "find = util.find_spec\n"
        "def found(name, *rest):\n"
        "    return None if name.startswith('opentelemetry') else find(name, *rest)\n"
        "util.find_spec = found\n"
        "from dbt_muster.delivery.tracing import Traces\n"
        "from dbt_muster.delivery.watching import Event\n"
        "with Traces() as traces:\n"
        "    traces.tell(Event('sync_started'))\n"
        "    traces.tell(Event('finished', 'fans', 'crm', 'r1'))\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
