"""The bakery on Spark, in one process: the session alone knows its tables, and Spark starts slowly."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dbt.cli.main import dbtRunner

from dbt_muster.warehouse import Warehouse
from tests.end_to_end.bakery import SCHEMA, Bakery
from tests.end_to_end.leaving import leave_and_be_erased, snapchat
from tests.end_to_end.spark_session import profile
from tests.servers.spark_tables import settings

_KEPT_AS_DELTA = "\nmodels:\n  +file_format: delta\n"


class SparkBakery(Bakery):
    """A bakery whose dbt runs in this process too."""

    kept_as = " using delta"

    def do(self, *commands: list[str]) -> None:
        """Run dbt's commands, each of which must go well."""
        for program, *arguments in commands:
            assert program == "dbt"
            done = dbtRunner().invoke(arguments)
            assert done.success, done.exception

    def columns(self, warehouse: Warehouse) -> dict[str, list[str]]:
        """The tables and views of the schema, each with its columns; no catalogue can be queried."""
        shown = warehouse.query(f"show tables in {SCHEMA}")
        names = [str(name) for _, name, is_temporary in shown if not is_temporary]
        return {
            name: [str(row[0]) for row in warehouse.query(f"describe table {warehouse.relation(name)}")]
            for name in names
        }


def run(folder: Path, classes: Path) -> None:
    """Go through it all.

    Args:
        folder: of the project.
        classes: of tables whose rows can be changed.
    """
    profiles = profile("bakery", SCHEMA, folder, settings(classes))
    os.chdir(folder)
    with snapchat() as snap:
        leave_and_be_erased(SparkBakery(folder, profiles, snap.url, _KEPT_AS_DELTA), snap)


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
