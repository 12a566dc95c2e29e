"""Builds a project's audiences on an open DuckDB connection, with the renderer in dbt's place."""

from __future__ import annotations

from pathlib import Path

import duckdb

from dbt_muster.plan import plan
from dbt_muster.render import Renderer
from dbt_muster.specs import load


def build(root: Path, connection: duckdb.DuckDBPyConnection, as_of: str) -> None:
    """Make every table that the specs under a folder become.

    Args:
        root: the folder of `audience_specs/`.
        connection: where the tables that the specs name already are.
        as_of: the evaluation's instant.
    """
    renderer = Renderer("duckdb", variables={"muster_as_of": as_of})
    for stub in plan(load(root)).stubs:
        connection.execute(f'create or replace table "{stub.model}" as {renderer.model(stub.text)}')
