"""OpenTelemetry spans of a sync, where its API is installed: one for the whole, a pair, and a batch.

What becomes of them is decided by whoever configures OpenTelemetry, for instance by starting muster with
`opentelemetry-instrument`. Attributes are names, counts and statuses; no error's text is among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Self

from dbt_muster.delivery.watching import Event, Value

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

_TEXTS = frozenset({"reason", "error", "resync"})
"""Values of events that are sentences, which no attribute is made of."""

_WRONG = frozenset({"failed", "unknown"})


class Traces:
    """Makes spans of events; without the API it does nothing."""

    def __init__(self) -> None:
        self._tracer: Tracer | None = None
        self._sync: Span | None = None
        self._pairs: dict[tuple[str | None, str | None], Span] = {}
        if find_spec("opentelemetry") is not None and find_spec("opentelemetry.trace") is not None:
            from opentelemetry import trace

            self._tracer = trace.get_tracer("dbt_muster")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End what an error left open."""
        for span in self._pairs.values():
            span.end()
        self._pairs.clear()
        if self._sync is not None:
            self._sync.end()
            self._sync = None

    def tell(self, event: Event) -> None:
        """Take one step of a sync."""
        if self._tracer is None:
            return
        pair = (event.audience, event.destination)
        match event.name:
            case "sync_started":
                self._sync = self._begin("muster.sync", event, None)
            case "started":
                self._pairs[pair] = self._begin("muster.deliver", event, self._sync)
            case "batch":
                self._batch(event, self._pairs.get(pair))
            case "finished":
                span = self._pairs.pop(pair, None) or self._begin("muster.deliver", event, self._sync)
                _end(span, event)
            case "sync_finished" if self._sync is not None:
                _end(self._sync, event)
                self._sync = None
            case "planned" if pair in self._pairs:
                self._pairs[pair].set_attributes(_attributes(event.values))
            case _:
                around = self._pairs.get(pair) or self._sync
                if around is not None:
                    around.add_event(event.name, _attributes(event.values), _nanoseconds(event.time))

    def _begin(self, name: str, event: Event, parent: Span | None, seconds: float = 0.0) -> Span:
        from opentelemetry import trace

        assert self._tracer is not None  # noqa: S101 - `tell` has asked
        return self._tracer.start_span(
            name,
            context=trace.set_span_in_context(parent) if parent is not None else None,
            attributes={**_where(event), **_attributes(event.values)},
            start_time=_nanoseconds(event.time) - int(seconds * 1e9),
        )

    def _batch(self, event: Event, parent: Span | None) -> None:
        took = event.values.get("seconds")
        seconds = took if isinstance(took, float | int) else 0.0
        _end(self._begin("muster.batch", event, parent, seconds), event)


def _end(span: Span, event: Event) -> None:
    from opentelemetry.trace import StatusCode

    span.set_attributes(_attributes(event.values))
    if event.values.get("status") in _WRONG or event.values.get("exit_code") == 1:
        span.set_status(StatusCode.ERROR)
    span.end(_nanoseconds(event.time))


def _where(event: Event) -> dict[str, str]:
    named = {"audience": event.audience, "destination": event.destination, "run_id": event.run_id}
    return {f"muster.{name}": value for name, value in named.items() if value is not None}


def _attributes(values: Mapping[str, Value]) -> dict[str, str | int | float]:
    return {
        f"muster.{name}": value for name, value in values.items() if value is not None and name not in _TEXTS
    }


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1e9)
