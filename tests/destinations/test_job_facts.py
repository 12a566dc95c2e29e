"""How a job stands, by the states and counts that a platform's answer has."""

from __future__ import annotations

from typing import Any

import pytest

from dbt_muster.destinations import JobResult, UnknownOutcomeError
from dbt_muster.destinations.jobs import Jobs

JOBS = Jobs(
    made="job.id",
    one="/jobs/{job}",
    states="parts.state",
    done="DONE|PARTLY",
    failed="FAILED",
    errors="parts.errors",
    count="count",
    reason="why",
    prefix="REASON_",
)


def answer(*states: str, **counts: int) -> dict[str, Any]:
    errors = [{"why": why, "count": count} for why, count in counts.items()]
    return {
        "parts": [
            {"state": state, "errors": errors if not place else []} for place, state in enumerate(states)
        ]
    }


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ([], "running"),
        (["DONE", "PARTLY"], "done"),
        (["DONE", "WAITING"], "running"),
        (["NEW"], "running"),
        (["WAITING", "FAILED"], "failed"),
    ],
)
def test_a_job_is_through_when_all_its_parts_are_and_has_failed_when_one_has(
    states: list[str], status: str
) -> None:
    assert JOBS.standing(answer(*states)).status == status


def test_records_that_could_not_be_used_are_counted_by_reason() -> None:
    told = answer("DONE", REASON_NO_CONSENT=2, REASON_ODD=1)
    assert JOBS.standing(told) == JobResult("done", failed=3, words="no consent: 2; odd: 1")
    failed = JOBS.standing(answer("FAILED", REASON_ODD=1))
    assert (failed.failed, failed.words) == (1, "The platform says of its job: FAILED; odd: 1")


def test_what_a_call_became_is_unknown_where_the_answer_does_not_say() -> None:
    assert JOBS.made_by({"job": {"id": 7}}) == "7"
    with pytest.raises(UnknownOutcomeError, match="does not say what the job is"):
        JOBS.made_by({})
