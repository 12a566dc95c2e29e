"""Which process a run belongs to, and whether that process still lives."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

# A run beats its heart at least this often while it sends; a statement in the warehouse may take longer.
HEARTBEAT = timedelta(seconds=10)
# After this long without a heartbeat a run counts as dead wherever it was. Longer than any one batch may be
# tried.
LEASE = timedelta(minutes=30)


def this_host() -> str:
    """This machine, as far as process numbers mean the same thing in it: name, boot, and container."""
    boot = _read("/proc/sys/kernel/random/boot_id")[:8]
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return "/".join(part for part in (socket.gethostname(), boot, space) if part)


def this_process() -> str:
    """This process: its number and, where the system tells, when it started, since numbers come again."""
    return f"{os.getpid()}:{_started(os.getpid())}"


def is_alive(host: str, process: str, heartbeat: datetime, now: datetime) -> bool:
    """Whether a run may still be at work.

    A process of this machine is looked up; one of another machine counts as alive until its lease is over. A
    run of this very process that is not the one asking has ended without saying so.
    """
    if host == this_host():
        return process != this_process() and _is_running(process)
    return now - heartbeat < LEASE


def _is_running(process: str) -> bool:
    number, _, started = process.partition(":")
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        pass
    return _started(int(number)) == started


def _started(number: int) -> str:
    """A process's start in ticks since boot (proc(5), field 22), or empty; a zombie has ended."""
    fields = _read(f"/proc/{number}/stat").rpartition(")")[2].split()
    if not fields:
        return ""
    return "ended" if fields[0] == "Z" else fields[19]


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
