"""What has been found out before: a statement that is written the same, by the same versions, is the same.

A fact is kept under a hash of everything that it depends on: the model's text and the macros, which together
are its SQL, the tables that it reads, the dialects, and the versions of what rendered, read and ran it. So a
folder of facts can be shared between machines, and an old one does no harm. It holds SQL and names of the
project, and no data.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from dbt_muster.render.macros import macro_folder

_VERSIONS = ("dbt-muster", "sqlglot", "duckdb", "jinja2", "pytz")
_FORM = 2
"""Of the file: one of another form is not read."""
_FILE = "muster_check.json"
_READABLE = 0o644
"""As other files: whoever shares the folder reads it."""
_KEPT = 20
"""So many checks a fact is kept through that nobody asks for."""


@dataclass
class Facts:
    """The facts of earlier checks, and of this one.

    Attributes:
        folder: where they are kept; None keeps nothing.
        known: by key, what an earlier check found.
        used: by key, what this check asked for or found.
        unused: by key, through how many checks nobody has asked for a fact.
    """

    folder: Path | None
    known: dict[str, Any] = field(default_factory=dict)
    used: dict[str, Any] = field(default_factory=dict)
    unused: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path | None) -> Facts:
        """The facts of a folder; a file that is not there or cannot be read holds none."""
        try:
            content = json.loads((folder / _FILE).read_text(encoding="utf-8")) if folder else {}
            if content.get("form") != _FORM:
                return cls(folder)
            return cls(folder, dict(content["facts"]), unused=dict(content["unused"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(folder)

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
        """Keep the facts; one that many checks in a row did not ask for is forgotten.

        The file is replaced as a whole, so that nobody reads half of one.
        """
        if self.folder is None or self.used.keys() <= self.known.keys():
            return
        unused = {key: self.unused.get(key, 0) + 1 for key in self.known.keys() - self.used.keys()}
        unused = {key: checks for key, checks in unused.items() if checks <= _KEPT}
        kept = {key: self.known[key] for key in unused}
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=self.folder, prefix=f".{_FILE}.", delete=False
        ) as file:
            json.dump({"form": _FORM, "facts": {**kept, **self.used}, "unused": unused}, file)
        temporary = Path(file.name)
        temporary.chmod(_READABLE)
        temporary.replace(self.folder / _FILE)


def key(*parts: object) -> str:
    """The hash of what a fact depends on, besides the macros and the versions, which are in every key."""
    text = json.dumps([_surroundings(), parts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _surroundings() -> Mapping[str, str]:
    found = {
        "macros": digest_of(macro_folder(), "*.sql"),
        "rules": digest_of(Path(__file__).parent, "*.py"),
    }
    for package in _VERSIONS:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = ""
    return found


def digest_of(folder: Path, files: str) -> str:
    """The hash of the names and contents of the files in a folder that a pattern fits.

    Args:
        folder: with the folders below it.
        files: the pattern, as `*.sql`.
    """
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob(files) if each.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
