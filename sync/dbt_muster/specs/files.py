"""Finding the spec files, and telling what each document describes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dbt_muster.errors import UsageError
from dbt_muster.specs.names import nearest
from dbt_muster.specs.problems import Problem
from dbt_muster.specs.yaml_tree import Document, read_documents

FOLDER = "audience_specs"

Kind = Literal["entity", "trait", "audience", "destination", "group", "test", "identity", "alerts"]

# What a document describes is said by its first matching key: a test names an audience too, audiences and
# traits name an entity, and a destination has alerts of its own.
KINDS: tuple[Kind, ...] = (
    "test",
    "audience",
    "trait",
    "group",
    "destination",
    "identity",
    "entity",
    "alerts",
)

_PLACES: dict[str, Kind] = {
    "entities": "entity",
    "traits": "trait",
    "audiences": "audience",
    "destinations": "destination",
    "groups": "group",
    "tests": "test",
    "identities": "identity",
    "alerts": "alerts",
}
"""The file or folder right under audience_specs/, and what is described there."""

_PLURALS = {kind: place for place, kind in _PLACES.items()}
_OF_TESTS = frozenset({"given", "expect"})
"""Keys that only tests have: a test without its own name is told from an audience by them."""

_NOUNS: dict[Kind, str] = {"alerts": "list of alerts"}
"""What a kind is called where its key is no noun of one thing."""

_SEVERAL: tuple[Kind, ...] = ("entity", "destination", "identity")
"""The kinds of which one file may hold several, as documents divided by `---`."""


@dataclass(frozen=True)
class Found:
    """One document, and what it describes."""

    kind: Kind
    document: Document


@dataclass
class Reading:
    """Everything that was read, what is wrong so far, and the names that broken files seem to hold."""

    found: list[Found] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    broken: dict[Kind, set[str]] = field(default_factory=lambda: {kind: set() for kind in KINDS})


def read_files(root: Path) -> Reading:
    """Reads every spec file of a project.

    Raises:
        UsageError: the project has no audience_specs folder.
    """
    folder = root / FOLDER
    if not folder.is_dir():
        raise UsageError(
            f"There is no folder {FOLDER}/ in the project. Make one with a file entities.yml, "
            "or name the project's folder with --project-dir."
        )
    reading = Reading()
    for path in sorted(_spec_files(folder)):
        _read_file(root, path, reading)
    return reading


def _spec_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in (".yml", ".yaml") and not hidden and path.is_file():
            yield path


def _read_file(root: Path, path: Path, reading: Reading) -> None:
    file = path.relative_to(root)
    if path.suffix != ".yml":
        message = f"spec files end in .yml, and this one ends in {path.suffix}"
        reading.problems.append(Problem(file, 1, 1, "", "file_name", message, f"the name {path.stem}.yml"))
        reading.broken[_place(file) or "audience"].add(path.stem)
        return
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        reading.problems.append(Problem(file, 1, 1, "", "unreadable", f"this file cannot be read: {reason}"))
        reading.broken[_place(file) or "audience"].add(path.stem)
        return
    documents, problems = read_documents(file, text)
    reading.problems += problems
    if any(problem.code in ("syntax", "too_large", "control_character") for problem in problems):
        _guess_names(file, text, reading)
    elif not documents:
        message = "this file says nothing"
        expected = "a spec, or no file; `enabled: false` switches an audience off"
        reading.problems.append(Problem(file, 1, 1, "", "empty", message, expected))
        reading.broken[_place(file) or "audience"].add(file.stem)
    _sort_out(file, documents, reading)


def _sort_out(file: Path, documents: list[Document], reading: Reading) -> None:
    for document in documents:
        kind = _kind(file, document, reading)
        if kind is None:
            continue
        if document.number and kind not in _SEVERAL and _place(file) in (None, kind):
            message = f"this is the second document of the file, and one file is one {_NOUNS.get(kind, kind)}"
            problem = document.problem((), "several", message, expected="a file of its own")
            reading.problems.append(problem)
        reading.found.append(Found(kind, document))


def _kind(file: Path, document: Document, reading: Reading) -> Kind | None:
    place = _place(file)
    data = document.data
    if not isinstance(data, dict):
        expected = f"keys and values, `{place or 'audience'}: <name>` first"
        problem = document.problem((), "wrong_type", "this is not a spec", expected=expected)
        reading.problems.append(problem)
        reading.broken[place or "audience"].add(file.stem)
        return None
    kind = next((kind for kind in KINDS if kind in data), None)
    if kind == "alerts" and place != kind and len(data) > 1:
        kind = None  # of a destination that lacks its name
    if place == "entity" and kind is None:
        return place
    if place == "test" and kind == "audience" and not _OF_TESTS.isdisjoint(data):
        return place
    if kind is None or (kind == "entity" and place):
        if place is None:
            _report_unclear(document, reading)
        return place
    if place and kind != place:
        message = f"this describes {_a(kind)}, and stands where {place} specs belong"
        expected = f"it in {FOLDER}/alerts.yml" if kind == "alerts" else f"it under {FOLDER}/{_PLURALS[kind]}"
        problem = document.problem((kind,), "place", message, expected=expected, key=True)
        reading.problems.append(problem)
    return kind


def _report_unclear(document: Document, reading: Reading) -> None:
    near = next((kind for key in document.data for kind in KINDS if nearest(key, KINDS) == kind), None)
    message = "this does not say what it describes"
    expected = (
        "a first key `audience`, `trait`, `entity`, `destination`, `group`, `identity`, `alerts` or `test`"
    )
    reading.broken[near or "audience"].add(document.file.stem)
    problem = document.problem(
        (), "unknown_kind", message, expected=expected, suggestion=f"`{near}`" if near else None
    )
    reading.problems.append(problem)


def _a(kind: Kind) -> str:
    noun = _NOUNS.get(kind, kind)
    return f"an {noun}" if noun[0] in "aei" else f"a {noun}"


def _place(file: Path) -> Kind | None:
    first = file.parts[1]
    return _PLACES.get(first.removesuffix(".yml").removesuffix(".yaml"))


_HEAD = re.compile(r"^(?P<kind>[a-z]+):[ \t]*[\"']?(?P<name>[a-z0-9_]+)", re.MULTILINE)


def _guess_names(file: Path, text: str, reading: Reading) -> None:
    """Notes what a file that cannot be read seems to declare, so that nobody is told it is unknown."""
    place = _place(file)
    if place:
        reading.broken[place].add(file.stem)
    for match in _HEAD.finditer(text):
        kind = next((kind for kind in KINDS if kind == match["kind"]), None)
        if kind:
            reading.broken[kind].add(match["name"])
