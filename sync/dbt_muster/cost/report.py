"""What `muster cost` prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dbt_muster.cost.costs import AudienceCost, Costs
from dbt_muster.cost.savings import Savings

_HEADING = ("audience", "reads", "alone", "shared", "share", "dropping it saves")


def as_dict(found: Costs, names: Iterable[str]) -> dict[str, Any]:
    """The facts as plain data: of the audiences that were asked about, and every scan."""
    return {
        "as_of": f"{found.as_of.isoformat()}Z",
        "scans": [scan.to_dict() for scan in found.scans],
        "audiences": [found.audiences[name].to_dict() for name in names],
    }


def table_rows(found: Costs, names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """A row for each audience, after the heading."""
    yield _HEADING
    for cost in (found.audiences[name] for name in names):
        counts = (len(cost.scans), cost.alone, len(cost.scans) - cost.alone)
        yield (cost.name, *map(str, counts), f"{float(cost.share):.2f}", _in_short(cost.savings))


def totals(found: Costs) -> str:
    """What the shares add up to."""
    needed = len(found.scans) - len(found.unneeded)
    text = f"{_counted(len(found.scans), 'scan')} of source tables in all; {needed} needed by audiences"
    models = ", ".join(sorted({scan.model for scan in found.unneeded}))
    return f"{text}." if not models else f"{text}, the rest by none: {models}."


def details(cost: AudienceCost, *, dated: bool) -> Iterator[str]:
    """Everything about one audience.

    Args:
        cost: the facts.
        dated: whether to say since when, besides how far back.
    """
    yield cost.name
    yield "  reads"
    for source in cost.sources:
        over = "whole" if source.over is None else source.over.words(dated=dated)
        also = "; all of it for repeated ids" if source.ids_over_all_time and over != "ever" else ""
        yield f"    {source.source} ({over}{also}): {', '.join(source.columns)}"
    yield "  uses"
    for model, columns in cost.features.items():
        yield f"    {model}"
        for column, others in columns.items():
            yield f"      {column}: {_with(others)}"
    if not cost.features:
        yield "    no features"
    yield "  pays for"
    for scan in cost.scans:
        share = "alone" if scan.share == 1 else f"{scan.share} of it"
        yield f"    {scan.model}, over {scan.source}: {share}"
    yield "  dropping it saves"
    yield from (f"    {line}" for line in _saved(cost.savings, dated=dated))


def _with(others: Sequence[str]) -> str:
    return f"shared with {', '.join(others)}" if others else "nobody else"


def _in_short(savings: Savings) -> str:
    if savings.kept_by:
        return f"nothing: used by {', '.join(savings.kept_by)}"
    columns = sum(map(len, savings.columns.values()))
    parts = [_counted(len(savings.models), "model")]
    parts += [_counted(columns, "column")] if columns else []
    narrower = len(savings.narrower)
    parts += [f"{narrower} narrower {'scan' if narrower == 1 else 'scans'}"] if narrower else []
    return ", ".join(parts)


def _saved(savings: Savings, *, dated: bool) -> Iterator[str]:
    if savings.kept_by:
        refer = "refers" if len(savings.kept_by) == 1 else "refer"
        yield f"nothing while {', '.join(savings.kept_by)} {refer} to it"
    for model in savings.models:
        yield f"the model {model}"
    for model, columns in savings.columns.items():
        yield f"of {model}: {', '.join(columns)}"
    for each in savings.narrower:
        yield f"of {each.model}: {each.then.words(dated=dated)} instead of {each.now.words(dated=dated)}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
