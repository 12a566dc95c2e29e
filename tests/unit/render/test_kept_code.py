"""The code of macros is kept from one command to the next, where it can be."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest

from dbt_muster.render import macros
from dbt_muster.render.macros import load_macros, make_environment


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What this process knows by heart is no code that was kept."""
    macros._compiled_files.cache_clear()
    yield
    macros._compiled_files.cache_clear()


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are compiled from now on."""
    names: list[str] = []
    own = jinja2.Environment.compile

    def compile_and_tell(self: jinja2.Environment, *arguments: Any, **named: Any) -> Any:
        names.append(named["name"])
        return own(self, *arguments, **named)

    monkeypatch.setattr(jinja2.Environment, "compile", compile_and_tell)
    return names


def said(folder: Path) -> str:
    """What the macro `greeting` says, asked by a command of its own."""
    macros._compiled_files.cache_clear()
    return str(load_macros(make_environment(), folder).greeting("you"))


def write(folder: Path, word: str) -> Path:
    folder.mkdir(exist_ok=True)
    text = f"{{% macro greeting(whom) -%}} {word} {{{{ whom }}}} {{%- endmacro %}}"
    (folder / "greeting.sql").write_text(text)
    return folder


def test_a_second_command_compiles_only_what_has_changed_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiled: list[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = write(tmp_path / "macros", "hello")
    assert [said(folder), said(folder)] == ["hello you", "hello you"]
    assert compiled == ["greeting.sql"]
    write(folder, "goodbye")
    assert [said(folder), said(folder)] == ["goodbye you", "goodbye you"]
    assert compiled == ["greeting.sql"] * 2


def test_code_that_was_kept_and_then_damaged_is_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiled: list[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = write(tmp_path / "macros", "hello")
    said(folder)
    (kept,) = tmp_path.glob("_jinja2-cache-*/*")
    kept.write_bytes(kept.read_bytes()[:-20])
    assert said(folder) == "hello you"
    assert compiled == ["greeting.sql"] * 2


def test_macros_are_there_where_nothing_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiled: list[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "a folder that is not there"))
    folder = write(tmp_path / "macros", "hello")
    assert [said(folder), said(folder)] == ["hello you", "hello you"]
    assert compiled == ["greeting.sql"] * 2


def test_a_disk_that_is_full_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(jinja2.FileSystemBytecodeCache, "dump_bytecode", full)
    assert said(write(tmp_path / "macros", "hello")) == "hello you"
