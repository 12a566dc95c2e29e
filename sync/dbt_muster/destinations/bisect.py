"""Batches in parts: the bad records of one that was refused are found, and the jobs of all parts are one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dbt_muster.destinations.answers import plain_words
from dbt_muster.destinations.records import (
    AudienceGoneError,
    BatchResult,
    JobResult,
    Record,
    Refusal,
    RefusedError,
    StoppedError,
    UnknownOutcomeError,
)

MOST_CALLS = 64
"""Calls that one batch may cost. With more bad records than that finds, what is left is refused with them."""

_ROUNDS = 8
"""How often records are sent again without those that were named as bad."""

Send = Callable[[Sequence[Record]], BatchResult]


def send_in_parts(send: Send, records: Sequence[Record]) -> BatchResult:
    """Send records; where they are refused, without those that are named as bad, or else each half by itself.

    Args:
        send: sends some of them. An error that it raises after a part of its own calls was taken has `partly`
            set.
        records: all of them.

    Returns:
        What became of them; refusals name places in `records`. Where parts became jobs of their own, `job`
        holds all of them, divided by spaces.

    Raises:
        RefusedError, StoppedError: nothing of them was taken.
        UnknownOutcomeError: some may have been.
    """
    return _Search(send).run(records)


def without_named(send: Send, records: Sequence[Record]) -> BatchResult:
    """Send records, and again without those that a refusal names as bad.

    Args:
        send: as in `send_in_parts`.
        records: all of them.

    Returns:
        What became of them, those that were named among the refused.

    Raises:
        RefusedError, StoppedError, UnknownOutcomeError: as `send` does; or new ones are named without end.
    """
    places, partly = list(range(len(records))), False
    refused: dict[int, str] = {}
    for _ in range(_ROUNDS):
        try:
            left = [records[place] for place in places] if refused else records
            result = send(left) if places else BatchResult()
        except RefusedError as error:
            error.partly = partly = partly or error.partly
            named = {places[at]: reason for at, reason in error.named.items() if at < len(places)}
            if not named:
                raise
            refused |= named
            places = [place for place in places if place not in refused]
            continue
        own = [replace(each, index=places[each.index]) for each in result.refusals]
        found = [*own, *(Refusal(place, reason) for place, reason in refused.items())]
        return replace(result, refusals=sorted(found, key=lambda each: each.index))
    last = RefusedError("Records were refused one after another.")
    last.partly = partly
    raise last


def poll_in_parts(poll: Callable[[str], JobResult], job: str) -> JobResult:
    """How the jobs stand that `send_in_parts` gave as one: failed if one did, done when all of them are.

    Args:
        poll: asks for one of them.
        job: all of them, divided by spaces.

    Raises:
        StoppedError, UnknownOutcomeError: one of them cannot be asked for.
    """
    found = []
    for each in job.split():
        try:
            found.append(poll(each))
        except StoppedError:
            raise
        except RefusedError as error:
            raise UnknownOutcomeError(f"How a batch went cannot be asked any more. {error}") from None
    states = {each.status for each in found}
    if "failed" not in states and "running" in states:
        return JobResult("running")
    return JobResult(
        "failed" if "failed" in states else "done",
        sorted((refusal for each in found for refusal in each.refusals), key=lambda each: each.index),
        sum(each.failed for each in found),
        "; ".join(each.words for each in found if each.words) or None,
    )


class _Search:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._calls = 0
        self._taken = self._may_be_taken = False

    def run(self, records: Sequence[Record]) -> BatchResult:
        try:
            found = self._part(records, 0)
        except AudienceGoneError:
            raise
        except StoppedError as error:
            if self._may_be_taken or error.partly:
                raise _unknown(error) from None
            raise
        if not self._taken and len(records) > 1:
            refused = RefusedError(found.refusals[0].reason)
            refused.attempts = found.attempts
            raise refused
        return found

    def _part(self, records: Sequence[Record], start: int) -> BatchResult:
        self._calls += 1
        try:
            result = without_named(self._send, records)
        except StoppedError:
            raise
        except RefusedError as error:
            self._may_be_taken = self._may_be_taken or error.beside
            return self._refused(records, start, error)
        self._taken = self._taken or len(result.refusals) < len(records)
        self._may_be_taken = self._may_be_taken or self._taken
        return replace(result, refusals=[replace(each, index=each.index + start) for each in result.refusals])

    def _refused(self, records: Sequence[Record], start: int, error: RefusedError) -> BatchResult:
        if len(records) > 1 and self._calls < MOST_CALLS:
            middle = len(records) // 2
            return _together(
                self._part(records[:middle], start), self._part(records[middle:], start + middle)
            )
        if error.partly:
            raise _unknown(error) from None
        refusals = [Refusal(start + place, plain_words(error)) for place in range(len(records))]
        return BatchResult(refusals, error.attempts)


def _unknown(error: RefusedError) -> UnknownOutcomeError:
    """What a refusal means of calls of which some may have been taken."""
    unknown = UnknownOutcomeError(str(error))
    unknown.attempts = error.attempts
    return unknown


def _together(first: BatchResult, second: BatchResult) -> BatchResult:
    return BatchResult(
        [*first.refusals, *second.refusals],
        first.attempts + second.attempts,
        " ".join(job for job in (first.job, second.job) if job) or None,
    )
