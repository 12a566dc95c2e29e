"""What came of tests, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dbt_muster.specs.problems import printable
from dbt_muster.testing.criteria import Verdict
from dbt_muster.testing.run import Difference, Outcome

_OUT = "   <- keeps it out"
_NOTHING = (
    "There are no tests under audience_specs/tests/. "
    "`muster test --new <audience>` writes the beginnings of one."
)


def lines(outcome: Outcome) -> Iterator[str]:
    """One test: a line, and where it failed, why."""
    case = outcome.case
    yield f"{'ok  ' if outcome.passed else 'FAIL'}  {case.name}  ({outcome.seconds * 1000:.0f} ms)"
    if not outcome.passed:
        yield from (f"      {line}" for line in explanation(outcome))


def explanation(outcome: Outcome) -> Iterator[str]:
    """Why a test failed."""
    case = outcome.case
    yield f"{case.position.file.as_posix()}:{case.position.line}"
    if case.description:
        yield printable(case.description.strip())
    if outcome.error is not None:
        yield "It could not be run:"
        yield from (printable(line) for line in outcome.error.splitlines())
        yield "Where a column has another type than specs take it for, declare its type in entities.yml."
    for difference in outcome.differences:
        yield from _difference(difference)


def summary(outcomes: Sequence[Outcome]) -> str:
    """The last line, which counts."""
    if not outcomes:
        return _NOTHING
    failed = sum(not outcome.passed for outcome in outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes)
    count = f"{len(outcomes)} test{'s' * (len(outcomes) != 1)}"
    return f"{count}, {f'{failed} failed' if failed else 'all passed'} ({seconds:.1f} s)"


def to_dict(outcomes: Iterable[Outcome]) -> dict[str, object]:
    """The machine form, for `--output json`."""
    tests = [
        {
            "test": outcome.case.name,
            "audience": outcome.case.audience,
            "file": outcome.case.position.file.as_posix(),
            "passed": outcome.passed,
            "seconds": round(outcome.seconds, 4),
            "error": outcome.error,
            "expected_and_missing": [_to_dict(each) for each in outcome.differences if each.expected],
            "found_and_not_expected": [_to_dict(each) for each in outcome.differences if not each.expected],
        }
        for outcome in outcomes
    ]
    failed = sum(not test["passed"] for test in tests)
    return {"tests": tests, "passed": len(tests) - failed, "failed": failed}


def _difference(difference: Difference) -> Iterator[str]:
    key = printable(str(difference.key))
    if difference.expected and not difference.exists:
        yield f"{key} was expected, and no given row of the entity's own table has that key."
        return
    if difference.expected:
        yield f"{key} was expected, and is not a member:"
    else:
        yield f"{key} was not expected, and is a member:"
    yield from (f"    {line}" for line in map(_verdict, difference.criteria))
    if difference.expected and not any(verdict.decides for verdict in difference.criteria):
        yield "    The criteria hold, and the audience's limit leaves it out."


def _verdict(verdict: Verdict) -> str:
    holds = "true " if verdict.holds else "false"
    text = f"{holds}  {verdict.group:<4}  {printable(verdict.criterion)}"
    return text + _OUT if verdict.decides else text


def _to_dict(difference: Difference) -> dict[str, object]:
    return {
        "key": difference.key,
        "exists": difference.exists,
        "criteria": [
            {
                "group": verdict.group,
                "criterion": verdict.criterion,
                "file": verdict.position.file.as_posix(),
                "line": verdict.position.line,
                "holds": verdict.holds,
                "keeps_out": verdict.decides,
            }
            for verdict in difference.criteria
        ],
    }
