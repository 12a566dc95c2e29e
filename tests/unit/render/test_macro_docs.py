"""Every macro says what it is for and what it takes, and keeps to what both of dbt's engines parse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from jinja2 import nodes

from dbt_muster.render import DIALECTS
from dbt_muster.render.macros import macro_folder, make_environment

FILES = sorted(macro_folder().rglob("*.sql"))
DISPATCHED = re.compile(f"({'|'.join([*DIALECTS, 'default'])})__")


def signatures(path: Path) -> dict[str, list[str]]:
    """The macros of a file with the names of their arguments."""
    tree = make_environment().parse(path.read_text())
    return {macro.name: [argument.name for argument in macro.args] for macro in tree.find_all(nodes.Macro)}


def documented() -> dict[str, list[dict[str, str]]]:
    """The documented macros with their documented arguments."""
    entries = [
        entry
        for path in macro_folder().rglob("*.yml")
        for entry in yaml.safe_load(path.read_text())["macros"]
    ]
    assert all(entry["description"] for entry in entries)
    return {entry["name"]: entry.get("arguments", []) for entry in entries}


def test_every_macro_is_documented_with_its_arguments() -> None:
    public = {
        name: arguments
        for path in FILES
        for name, arguments in signatures(path).items()
        if not name.startswith("_") and not DISPATCHED.match(name)
    }
    described = {name: [item["name"] for item in arguments] for name, arguments in documented().items()}
    assert described == public


def test_every_documented_argument_has_a_type_and_a_description() -> None:
    for name, arguments in documented().items():
        for argument in arguments:
            assert argument["type"], name
            assert argument["description"], name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_macros_have_distinctive_names_and_no_variable_arguments(path: Path) -> None:
    """The root project's macros win dispatch by name; and dbt's second engine has no varargs."""
    for name in signatures(path):
        assert re.match("(?:[a-z]+__)?_?muster_", name), name
    text = path.read_text()
    assert "varargs" not in text
    assert "kwargs" not in text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_variable_of_dbt_has_its_default_beside_it(path: Path) -> None:
    """A package's own defaults do not reach a macro that a user's model calls."""
    for call in re.findall(r"\bvar\(([^)]*)\)", path.read_text()):
        assert "," in call, call


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_type_of_the_target_is_asked_by_dispatch_alone(path: Path) -> None:
    assert re.findall(r"\btarget\.(?!schema\b)\w+", path.read_text()) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_dispatched_macro_is_named_in_place(path: Path) -> None:
    """dbt reads the names of dispatched macros from the source, before it runs anything."""
    for call in re.findall(r"adapter\.dispatch\(([^)]*)\)", path.read_text()):
        assert re.fullmatch(r"'muster_\w+', 'muster'", call), call


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_macro_is_called_by_its_package(path: Path) -> None:
    """In somebody's own model, dbt looks up a bare name among the macros of that project."""
    bare = re.findall(r"(?<!macro )(?<![\w.'\"])((?:[a-z]+__)?_?muster_\w+)\(", path.read_text())
    assert bare == []
