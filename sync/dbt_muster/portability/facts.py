"""What has been found out before: a statement that is written the same, by the same versions, is the same.

A fact is kept under a hash of everything that it depends on: the model's text, the macros, the tables that it
reads, the dialects, and the versions of what rendered, read and ran it. So a file of facts can be shared, and
an old one does no harm. It holds SQL and names of the project, and no data.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from dbt_muster.render.macros import macro_folder

_VERSIONS = ("dbt-muster", "sqlglot", "duckdb", "jinja2", "pytz")
_FORM = 1
"""Of the file: one of another form is not read."""


@dataclass
class Facts:
    """The facts of earlier checks, and of this one.

    Attributes:
        path: where they are kept; None keeps nothing.
        known: by key, what an earlier check found.
    """

    path: Path | None
    known: dict[str, Any] = field(default_factory=dict)
    used: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None) -> Facts:
        """The facts of a file; a file that is not there or cannot be read holds none."""
        try:
            content = json.loads(path.read_text(encoding="utf-8")) if path else {}
        except (OSError, ValueError):
            content = {}
        known = content.get("facts", {}) if content.get("form") == _FORM else {}
        return cls(path, known)

    def get(self, key: str) -> Any | None:
        """A fact, or None."""
        fact = self.known.get(key)
        if fact is not None:
            self.used[key] = fact
        return fact

    def put(self, key: str, fact: Any) -> None:
        """A new fact."""
        self.used[key] = fact

    def save(self) -> None:
        """Keep the facts that were used; what nothing asked for is forgotten."""
        if self.path is None or self.used == self.known:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"form": _FORM, "facts": self.used}, file)
        Path(temporary).replace(self.path)


def key(*parts: object) -> str:
    """The hash of what a fact depends on, besides the macros and the versions, which are in every key."""
    text = json.dumps([_surroundings(), parts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _surroundings() -> Mapping[str, str]:
    found = {"macros": _digest_of(macro_folder())}
    for package in _VERSIONS:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = ""
    return found


def _digest_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.sql")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
