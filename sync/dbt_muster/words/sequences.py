"""Sequences, in words: `app.cart, then app.pay within 1 hour, then no orders for 2 days after it`."""

from __future__ import annotations

from dataclasses import replace

from dbt_muster.specs.meaning import Length, Sequence, Step
from dbt_muster.words.conditions import inline
from dbt_muster.words.operands import event_words, to_now
from dbt_muster.words.points import counted, window_words
from dbt_muster.words.voice import Voice


@inline.register
def _sequence(condition: Sequence, voice: Voice) -> str:
    steps = ", then ".join(_step(step, voice) for step in condition.steps)
    window = window_words(to_now(condition.window), voice)
    return f"{steps}, all {window}" if window else steps


def beginnings(sequence: Sequence) -> tuple[Sequence, ...]:
    """A sequence as far as each of its events, the shortest first: who meets one meets those before it."""
    return tuple(
        replace(sequence, steps=sequence.steps[:number])
        for number, step in enumerate(sequence.steps, start=1)
        if not step.without
    )


def progress_words(sequence: Sequence, met: int, *, holds: bool) -> str:
    """How far somebody has come in a sequence.

    Args:
        sequence: what was asked for.
        met: how many of its beginnings hold.
        holds: whether all of it does.
    """
    steps = len(sequence.steps)
    if holds:
        return f"all {steps} steps held"
    if not met:
        return f"got to none of {steps} steps"
    furthest = beginnings(sequence)[met - 1].steps
    return f"got to step {len(furthest)} of {steps}, {event_words(furthest[-1])}"


def _step(step: Step, voice: Voice) -> str:
    said = f"no {event_words(step)}" if step.without else event_words(step)
    if step.within is not None:
        said += f" for {_length(step.within)} after it" if step.without else f" within {_length(step.within)}"
    return said if step.where is None else f"{said} (where {inline(step.where, voice)})"


def _length(length: Length) -> str:
    return counted(length.count, length.unit)
