"""The demo's project as the tests build it, in a database of their own."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.end_to_end.commands import REPOSITORY, start

A_FRIDAY = "2011-11-25"
PROFILE = "muster_demo: {{target: test, outputs: {{test: {{type: duckdb, path: '{path}', threads: 2}}}}}}"


@dataclass(frozen=True)
class DemoShop:
    """The demo's project, built into a database of the tests' own."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> DemoShop:
        """A shop whose database is in a folder."""
        (folder / "profiles.yml").write_text(PROFILE.format(path=folder / "shop.duckdb"))
        return cls(folder)

    def copied(self, folder: Path) -> DemoShop:
        """The same shop in another folder, with what dbt has parsed already."""
        for name in ("shop.duckdb", "partial_parse.msgpack"):
            shutil.copy(self.folder / name, folder / name)
        return self.at(folder)

    def build(self, as_of: str) -> None:
        """Every table, as of an instant."""
        places = ["--profiles-dir", self.folder, "--target-path", self.folder, "--log-path", self.folder]
        command = ["dbt", "run", "--vars", f"muster_as_of: {as_of}", *map(str, places)]
        finished = start(command, REPOSITORY)
        assert finished.returncode == 0, finished.stdout

    def ask(self, query: str) -> set[Any]:
        """The first column of a query's answer."""
        with duckdb.connect(str(self.folder / "shop.duckdb"), read_only=True) as connection:
            return {row[0] for row in connection.execute(query).fetchall()}

    def members(self) -> set[str]:
        """Every membership, as `audience:key`."""
        return self.ask("select audience || ':' || entity_key from muster_memberships")
