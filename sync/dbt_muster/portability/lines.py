"""The lines of the specs that findings came from, traced once as long as no spec changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from dbt_muster.portability.facts import Facts, digest_of, key
from dbt_muster.portability.findings import Finding
from dbt_muster.specs.files import FOLDER
from dbt_muster.specs.meaning import Position


def remembered(
    facts: Facts,
    root: Path,
    findings: Sequence[Finding],
    audiences: Collection[str],
    trace: Callable[[], list[Finding]],
) -> list[Finding]:
    """What tracing findings gives, or gave in an earlier check.

    Tracing tries parts of the specs one by one, which takes longer than anything else in a check of which
    everything is known. The lines depend on where things stand in the spec files, so they are remembered for
    the very bytes of these.

    Args:
        facts: of earlier checks; what is traced now is added.
        root: the project's folder.
        findings: what is traced.
        audiences: those whose lines can be named.
        trace: traces them.
    """
    known_as = key("lines", digest_of(root / FOLDER, "*"), list(map(asdict, findings)), sorted(audiences))
    fact = facts.get(known_as)
    if fact is not None:
        return [_finding(each) for each in fact]
    traced = trace()
    facts.put(known_as, [_plain(each) for each in traced])
    return traced


def _plain(finding: Finding) -> dict[str, Any]:
    place = finding.position
    at = None if place is None else [place.file.as_posix(), place.line, place.column]
    return asdict(replace(finding, position=None)) | {"position": at}


def _finding(fact: dict[str, Any]) -> Finding:
    place = fact["position"]
    return Finding(**fact | {"position": None if place is None else Position(Path(place[0]), *place[1:])})
