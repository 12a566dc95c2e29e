"""Writes dbt projects to measure: files, specs, a DuckDB profile, and muster as an installed package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import yaml

from tests.benchmarks.measure import Usage, run

REPOSITORY = Path(__file__).resolve().parents[2]
AS_OF = "2026-11-01"

_SQL = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "sql"),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # noqa: S701 - it is SQL
)


def sql(template: str, **values: object) -> str:
    """The text of a template in `tests/benchmarks/sql/`."""
    return _SQL.get_template(f"{template}.sql").render(**values)


class Project:
    """A dbt project in a folder, with a DuckDB warehouse.

    Args:
        folder: where; made if it is not there.
        attach: another DuckDB file to read from, as the database `data`.
        memory: what DuckDB may take, if not most of what the machine has.
        output: a profile's output, where the warehouse is another one.
    """

    def __init__(
        self,
        folder: Path,
        attach: Path | None = None,
        memory: str | None = None,
        output: Mapping[str, Any] | None = None,
    ) -> None:
        self.folder = folder
        output = dict(output or {"type": "duckdb", "path": "warehouse.duckdb", "threads": 2})
        if attach is not None:
            output["attach"] = [{"path": str(attach), "alias": "data", "read_only": True}]
        if memory is not None:
            output["settings"] = {"memory_limit": memory}
        self.write_yaml("profiles.yml", {"benchmark": {"target": "dev", "outputs": {"dev": output}}})
        self.write_yaml(
            "dbt_project.yml",
            {
                "name": "benchmark",
                "version": "1.0.0",
                "profile": "benchmark",
                "models": {"benchmark": {"+materialized": "table"}},
                "vars": {"muster_as_of": AS_OF},
            },
        )
        (folder / "models").mkdir(exist_ok=True)

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt builds in."""
        return self.folder / "warehouse.duckdb"

    def write(self, name: str, text: str) -> None:
        """Write a file, and the folders above it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def write_yaml(self, name: str, *documents: Mapping[str, Any]) -> None:
        """Write a YAML file of one or more documents."""
        self.write(name, yaml.safe_dump_all(documents, sort_keys=False))

    def write_audience(self, audience: str, criteria: Mapping[str, Any], **keys: object) -> None:
        """Write the spec of an audience of the entity `customer`."""
        spec = {"audience": audience, "description": f"{audience}.", "entity": "customer", **keys}
        self.write_yaml(f"audience_specs/audiences/{audience}.yml", {**spec, "criteria": dict(criteria)})

    def compile(self) -> None:
        """Install muster as a package, and compile the specs."""
        self.write_yaml("packages.yml", {"packages": [{"local": str(REPOSITORY)}]})
        # What `dbt deps` does for a local package, without starting dbt.
        (self.folder / "dbt_packages").mkdir()
        (self.folder / "dbt_packages" / "muster").symlink_to(REPOSITORY)
        self.muster("compile")

    def dbt(self, *arguments: str) -> Usage:
        """Run a dbt command."""
        return run(["dbt", "--quiet", *arguments, "--profiles-dir", "."], self.folder)

    def muster(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Usage:
        """Run a muster command, with variables set besides."""
        return run(["muster", *arguments], self.folder, environment)

    def members(self, audiences: list[str]) -> list[tuple[int, int]]:
        """How many members each audience has, and a number that depends on exactly which."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            found = []
            for name in audiences:
                row = connection.execute(sql("fingerprint", audience=name)).fetchone()
                assert row is not None
                found.append((int(row[0]), int(row[1])))
        return found
