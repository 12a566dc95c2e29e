"""The order in which models can be built."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import TopologicalSorter

from dbt_muster.plan.stub import Stub


def in_dependency_order(stubs: Iterable[Stub]) -> tuple[Stub, ...]:
    """The stubs, each after the ones that it reads; the specs have shown that there is no cycle."""
    by_model = {stub.model: stub for stub in stubs if stub.model}
    graph = {model: [ref for ref in stub.refs if ref in by_model] for model, stub in by_model.items()}
    return tuple(by_model[model] for model in TopologicalSorter(graph).static_order())
