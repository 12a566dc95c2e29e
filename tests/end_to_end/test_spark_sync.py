"""Syncs on Spark, over tables whose rows can be changed: a process of its own goes through all of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.commands import REPOSITORY
from tests.end_to_end.spark_session import skip_without_spark
from tests.servers.spark_tables import COMPILER, compile_into

pytestmark = [pytest.mark.dbt, pytest.mark.slow]


def test_whoever_leaves_or_is_erased_is_gone_everywhere_and_stays_out(tmp_path: Path) -> None:
    skip_without_spark()
    if shutil.which(COMPILER) is None:
        pytest.skip("rows of tables cannot be changed here: there is no javac, which a JDK (17 or later) has")
    classes, folder = tmp_path / "classes", tmp_path / "bakery"
    folder.mkdir()
    compile_into(classes)
    done = subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.spark_bakery", str(folder), str(classes)],
        cwd=REPOSITORY,
        env={
            **os.environ,
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "PYTHONPATH": str(REPOSITORY / "sync"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
