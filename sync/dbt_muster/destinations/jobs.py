"""Work that a platform does later with what it was sent: how it tells of it, as data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dbt_muster.destinations.answers import Fields, plain_words, value_at, values_at
from dbt_muster.destinations.named import Repeated
from dbt_muster.destinations.pages import Pages
from dbt_muster.destinations.records import JobResult, UnknownOutcomeError


@dataclass(frozen=True)
class Jobs:
    """How a platform tells of the job that a call became.

    Places inside JSON are paths as in `values_at`: the first below an answer, the others below an error.

    Attributes:
        made: where the answer to a call that sends has the job.
        one: where a job is asked for; `{job}` is what the platform calls it.
        states: where an answer has the job's state, or those of its parts.
        done: a regular expression for the states of what is through.
        failed: one for the states of what has failed; one such part is enough. Any other state is one of
            what goes on.
        errors: where an answer may have what counts records that could not be used.
        count: where each of these has how many.
        reason: where it may have why, in words or as the name of an enum.
        prefix: what such a name begins with that says nothing.
        named_at: where the records are listed that a job could not use, on a platform that names them.
        pages: how they are listed.
        named: how each of these names its record.
        total: where the answer has how many records the job has.
    """

    made: str
    one: str
    states: str
    done: str
    failed: str
    errors: str
    count: str
    reason: str = ""
    prefix: str = ""
    named_at: str = ""
    pages: Pages = field(default_factory=lambda: Pages(""))
    named: Repeated | None = None
    total: str = ""

    def made_by(self, answer: Any) -> str:
        """What the platform calls the job that a call became.

        Raises:
            UnknownOutcomeError: the answer does not say.
        """
        found = value_at(answer, self.made)
        if found is None:
            raise UnknownOutcomeError("The answer does not say what the job is that the batch became.")
        return str(found)

    def standing(self, answer: Any) -> JobResult:
        """How a job stands, by the answer to asking for it."""
        states = list(map(str, values_at(answer, self.states)))
        errors = values_at(answer, self.errors)
        count = sum(int(value_at(each, self.count) or 0) for each in errors)
        reasons = "; ".join(filter(None, map(self._counted, errors)))
        failed = [state for state in states if re.fullmatch(self.failed, state)]
        if failed:
            told = f"The platform says of its job: {plain_words(failed[0])}"
            return JobResult("failed", failed=count, words=f"{told}; {reasons}" if reasons else told)
        if not _are_all(self.done, states):
            return JobResult("running")
        return JobResult("done", failed=count, words=reasons or None)

    def _counted(self, error: Fields) -> str:
        reason = value_at(error, self.reason) if self.reason else None
        if not reason:
            return ""
        words = plain_words(reason).removeprefix(self.prefix).replace("_", " ").lower()
        return f"{words}: {value_at(error, self.count)}"


def _are_all(pattern: str, states: Sequence[str]) -> bool:
    return bool(states) and all(re.fullmatch(pattern, state) for state in states)
