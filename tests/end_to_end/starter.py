"""Starts `muster` commands quickly: a process with the libraries already imported forks one for each.

What runs in the fork is the command's own `main`, from its arguments on; only Python's start and the imports
are saved, which is most of a small sync's time and none of what the tests are about. Reads one JSON list of
arguments a line; answers with the process's number, and after its end with its exit code.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback

IMPORTED = (
    "dbt.adapters.duckdb",
    "dbt.adapters.factory",
    "dbt_muster.cli.erase",
    "dbt_muster.cli.sync",
    "dbt_muster.delivery",
    "dbt_muster.destinations.types.files",
    "dbt_muster.destinations.types.webhook",
    "dbt_muster.specs.files",
    "dbt_muster.specs.resolve.project",
    "dbt_muster.warehouse",
)

FIRST_PAUSE = 0.02


def serve() -> None:
    for name in IMPORTED:
        importlib.import_module(name)
    # Platforms that run here work on jobs at once, so they are asked about them sooner.
    setattr(importlib.import_module("dbt_muster.delivery.jobs"), "FIRST_PAUSE", FIRST_PAUSE)  # noqa: B010 - a module has no such type
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            _run(json.loads(line))
        _say(process)
        _, status = os.waitpid(process, 0)
        _say(os.waitstatus_to_exitcode(status))


def _run(arguments: list[str]) -> None:
    """Never returns: the fork must not go on serving."""
    from dbt_muster.cli.main import main

    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    code = 70
    try:
        main(arguments)
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0 if leaving.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
