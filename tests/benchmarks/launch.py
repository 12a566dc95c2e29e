"""Starts a command and writes down what it needed. Run by `measure.run` as a process of its own, and small.

Linux counts the memory of whoever starts a process as the process's own, up to the instant at which the
command takes over; so the benchmark, which may have held a warehouse, must not be the one that starts it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time


def main(result: str, command: list[str]) -> None:
    """Write status, seconds, seconds of all cores, and `ru_maxrss` to the file `result`."""
    started = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    with open(result, "w") as file:  # noqa: PTH123 - pathlib is more than this process should load
        print(process.returncode, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss, file=file)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
