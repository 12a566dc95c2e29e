"""Tables on Spark whose rows can be changed, which plain Spark has none of: Java, compiled here."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

COMPILER = "javac"
_SOURCES = Path(__file__).parent / "spark_rows"


def compile_into(folder: Path) -> None:
    """Compile the tables, which stand in for Delta Lake's; RowCatalog.java says what they do not model.

    Args:
        folder: where the classes are put.
    """
    import pyspark

    jars = Path(pyspark.__file__).parent / "jars"
    sources = [str(path) for path in sorted(_SOURCES.rglob("*.java"))]
    command = [COMPILER, "-Xlint:-deprecation", "-d", str(folder), "-cp", f"{jars}/*", *sources]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def settings(classes: Path) -> Mapping[str, str]:
    """What a session of Spark is told so that `create table … using delta` makes such tables."""
    return {
        "spark.sql.catalog.spark_catalog": "rows.RowCatalog",
        "spark.driver.extraClassPath": str(classes),
    }
