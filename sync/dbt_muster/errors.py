"""Errors that a person can act on, and the exit code that each ends the command with."""

from __future__ import annotations


class MusterError(Exception):
    """Something went wrong that the message explains: what, where, and what to do instead.

    Every command prints the message without a traceback and leaves with `exit_code`:
    1 for a failure while doing the work, 2 for a mistake in what it was given, 3 for a guard that said no.
    """

    exit_code = 1


class UsageError(MusterError):
    """A mistake in the specs, the configuration or the call; nothing was done."""

    exit_code = 2


class BlockedError(MusterError):
    """A guard stopped the work before anything was sent."""

    exit_code = 3
