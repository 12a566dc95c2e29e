"""What came of tests as JUnit XML, which build servers read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from dbt_muster.testing.report import explanation
from dbt_muster.testing.run import Outcome

# XML 1.0 has no place for these, not even escaped (chapter 2.2, Characters).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write a file with one suite; folders on the way to it are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(outcomes), encoding="utf-8")


def text(outcomes: Sequence[Outcome]) -> str:
    """The file's content."""
    errors = sum(outcome.error is not None for outcome in outcomes)
    counts = {
        "tests": str(len(outcomes)),
        "failures": str(sum(not outcome.passed for outcome in outcomes) - errors),
        "errors": str(errors),
        "time": f"{sum(outcome.seconds for outcome in outcomes):.3f}",
    }
    suites = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(suites, "testsuite", {"name": "muster test", **counts})
    for outcome in outcomes:
        _add(suite, outcome)
    ElementTree.indent(suites)
    body = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def _add(suite: ElementTree.Element, outcome: Outcome) -> None:
    case = outcome.case
    element = ElementTree.SubElement(
        suite,
        "testcase",
        {
            "classname": case.audience,
            "name": case.name,
            "file": case.position.file.as_posix(),
            "line": str(case.position.line),
            "time": f"{outcome.seconds:.3f}",
        },
    )
    if outcome.passed:
        return
    kind = "failure" if outcome.error is None else "error"
    found = ElementTree.SubElement(element, kind, {"message": _clean(_message(outcome))})
    found.text = _clean("\n".join(explanation(outcome)))


def _message(outcome: Outcome) -> str:
    if outcome.error is not None:
        return outcome.error.splitlines()[0]
    missing = sum(each.expected for each in outcome.differences)
    return f"expected and missing: {missing}, found and not expected: {len(outcome.differences) - missing}"


def _clean(value: str) -> str:
    return _NOT_XML.sub("\ufffd", value)
