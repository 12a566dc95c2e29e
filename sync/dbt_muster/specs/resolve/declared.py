"""Which document declares which name: each name once, and in a file of that name."""

from __future__ import annotations

from pathlib import Path

from dbt_muster.specs.families import expand
from dbt_muster.specs.files import Kind, Reading
from dbt_muster.specs.names import is_name
from dbt_muster.specs.problems import Problem
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.validate import Checked, validate

_NAMED_BY_FILE: tuple[Kind, ...] = ("audience", "trait", "group", "test")
_SHARED_FILES: tuple[tuple[Kind, str], ...] = (
    ("entity", "entities"),
    ("destination", "destinations"),
    ("identity", "identities"),
)


class Declared:
    """The documents of a project that could be read, by what they describe."""

    def __init__(self, reading: Reading) -> None:
        documents = expand(reading)
        self.problems: list[Problem] = list(reading.problems)
        self.broken = reading.broken
        self.open_kinds = {kind for kind, file in _SHARED_FILES if file in reading.broken[kind]}
        self.of_kind: dict[Kind, list[tuple[Site, Checked]]] = {kind: [] for kind in reading.broken}
        self._first: dict[tuple[object, ...], Site] = {}
        for found in documents:
            checked = validate(found, self.problems)
            raw = found.document.data.get(found.kind)
            if checked is None or (found.kind,) in checked.patches.values:
                self.broken[found.kind] |= {str(raw), found.document.file.stem}
            if checked is not None:
                self._declare(checked, raw)

    def _declare(self, checked: Checked, name: object) -> None:
        """Takes a document in, unless another one has its name."""
        site = Site(checked.document, checked.patches, self.problems)
        if not site.is_named(checked.kind):
            self.of_kind[checked.kind].append((site, checked))
            return
        owner = str(checked.document.data.get("entity")) if checked.kind == "trait" else None
        identity = (checked.kind, owner, None if checked.kind == "alerts" else name)
        first = self._first.setdefault(identity, site)
        if first is not site:
            place = first.document.position((checked.kind,))
            what, expected = f"the {checked.kind} `{name}` is", "each name once"
            if checked.kind == "alerts":
                what, expected = "the project's alerts are", "all of them in one list"
            message = f"{what} declared already, in {place.file.as_posix()}:{place.line}"
            site.report((checked.kind,), "declared_twice", message, expected=expected)
            return
        self._check_file_name(site, checked.kind, str(name), checked.document.file)
        self.of_kind[checked.kind].append((site, checked))

    def _check_file_name(self, site: Site, kind: Kind, name: str, file: Path) -> None:
        if kind not in _NAMED_BY_FILE or file.stem == name or site.document.number:
            return
        self.broken[kind].add(file.stem)  # who refers to it may mean either name
        site.report(
            (kind,),
            "file_name",
            f"the {kind} is named `{name}`, and its file {file.name}",
            expected=f"the file's name to be {name}.yml, or the {kind}'s to be the file's",
            suggestion=file.stem if is_name(file.stem) else None,
        )
