"""Where the macros are, and how a folder of macro files becomes callable functions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any

import jinja2
from jinja2.bccache import Bucket

_STUB = "{# Written by muster compile"
_SET = re.compile(r"^\{%- set (\w+) = (.*?) -%\}$", re.DOTALL | re.MULTILINE)
_WORDS = re.compile(r'"(?:[^"\\]|\\.)*"|\w+')
_IN_JSON = {"none": "null"}

# Inside a compiled file a macro's own name would hide the callable of the same name in the globals, the one
# that understands `return()`. So the compiled macros carry this prefix, and the globals the plain names.
_PREFIX = "compiled_macro__"
_MACRO = re.compile(r"(?P<before>\{%-?\s*macro\s+)(?P<name>\w+)")


class MacroReturn(Exception):  # noqa: N818 - it is no error
    """Carries the value of `{{ return(value) }}` out of a macro, as dbt's own hosts do."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


def macro_folder() -> Path:
    """The folder of muster's macros: inside an installed wheel, or beside `sync/` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    packaged = package / "_macros"
    return packaged if packaged.is_dir() else package.parents[1] / "macros"


def load_macros(environment: jinja2.Environment, folder: Path) -> SimpleNamespace:
    """Put the macros of every `*.sql` under `folder` into the environment, as the namespace `muster`.

    They are reached by that name alone, as in dbt, which looks up a bare name among the macros of the project
    whose model is being rendered.
    """
    compiled: dict[str, Callable[..., Any]] = {}
    files = _compiled_files(folder)
    # A file looks its globals up when it is loaded, so the namespace must be whole before the first one is.
    functions = {name: _returning(name, compiled) for names, _ in files for name in names}
    namespace = SimpleNamespace(**functions)
    environment.globals["muster"] = namespace
    for names, code in files:
        module = jinja2.Template.from_code(environment, code, environment.globals).make_module()
        compiled.update({name: getattr(module, _PREFIX + name) for name in names})
    return namespace


def make_environment() -> jinja2.Environment:
    """An environment with dbt's syntax, in which an unknown name is an error."""
    return jinja2.Environment(  # noqa: S701 - the output is SQL, and the macros quote what goes into it
        undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"]
    )


@lru_cache(maxsize=4096)  # a check renders every model for eight dialects
def compiled_text(text: str) -> tuple[CodeType, Mapping[str, str]]:
    """A model's text: its code, and the literals that a stub sets, by name, as JSON.

    Both are the same for every dialect. Jinja takes far longer to read a literal than to run what is left, so
    those that `muster compile` has written are taken out and given to the template as values.
    """
    literals: dict[str, str] = {}

    def take(found: re.Match[str]) -> str:
        literal = _WORDS.sub(lambda word: _IN_JSON.get(word[0], word[0]), found[2])
        try:
            json.loads(literal)
        except ValueError:
            return found[0]
        literals[found[1]] = literal
        return ""

    rest = _SET.sub(take, text) if text.startswith(_STUB) else text
    return make_environment().compile(rest), literals


@cache
def _compiled_files(folder: Path) -> tuple[tuple[tuple[str, ...], CodeType], ...]:
    """The code of each file with the names of its macros: the same for every dialect, so compiled once."""
    environment = make_environment()
    kept = _kept_code()
    files = []
    for path in sorted(folder.rglob("*.sql")):
        source = path.read_text(encoding="utf-8")
        names = tuple(found["name"] for found in _MACRO.finditer(source))
        prefixed = _MACRO.sub(rf"\g<before>{_PREFIX}\g<name>", source)
        bucket = kept.get_bucket(environment, path.name, str(path), prefixed)
        if bucket.code is None:
            bucket.code = environment.compile(prefixed, name=path.name, filename=str(path))
            with suppress(OSError):  # a full disk is no reason to stop
                kept.set_bucket(bucket)
        files.append((names, bucket.code))
    return tuple(files)


def _kept_code() -> jinja2.BytecodeCache:
    """Where code is kept from one command to the next: to compile it takes longer than many a command."""
    try:
        return jinja2.FileSystemBytecodeCache()
    except (OSError, RuntimeError):  # no folder of temporary files, or none that is this person's alone
        return _Nowhere()


class _Nowhere(jinja2.BytecodeCache):
    """Keeps nothing."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """There is none."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Let it go."""


def _returning(name: str, compiled: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    def call(*arguments: object) -> object:
        try:
            return compiled[name](*arguments)
        except MacroReturn as returned:
            return returned.value

    return call
