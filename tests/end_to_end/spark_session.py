"""A session of Spark on this machine, as dbt-spark starts one."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.engines.known import java

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.log.level": "OFF",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "Pacific/Chatham",
    "spark.sql.catalogImplementation": "in-memory",
    # The tables are a few rows: planning the queries, and compiling the plans, is all that takes time.
    "spark.sql.shuffle.partitions": "1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


def skip_without_spark() -> None:
    """Skip where Spark cannot be run, and say why."""
    pytest.importorskip("dbt.adapters.spark", reason="dbt-spark is not installed")
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("Spark cannot be run here: the package pyspark is not installed")
    if not java():
        pytest.skip("Spark cannot be run here: there is no Java (17 or later), on the path or in JAVA_HOME")


def profile(name: str, schema: str, folder: Path, more: Mapping[str, str] | None = None) -> str:
    """The text of a `profiles.yml`.

    Args:
        name: of the profile.
        schema: where dbt builds.
        folder: of the project, under which the tables are.
        more: settings of the session besides.
    """
    target = {
        "type": "spark",
        "method": "session",
        "host": "none",
        "schema": schema,
        "threads": 1,
        "server_side_parameters": {
            **_SETTINGS,
            "spark.sql.warehouse.dir": str(folder / "tables"),
            **(more or {}),
        },
    }
    return json.dumps({name: {"target": "dev", "outputs": {"dev": target}}})
