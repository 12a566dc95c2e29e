"""Where the macros are, and how a folder of macro files becomes callable functions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
from jinja2 import nodes

# Inside a compiled file a macro's own name would hide the callable of the same name in the globals, which is
# the one that understands `return()`. So the compiled macros carry this prefix, and the globals the plain names.
_PREFIX = "compiled_macro__"


class MacroReturn(Exception):
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
    """Compile every `*.sql` under `folder` and put its macros into the environment's globals.

    Returns the macros as a namespace, for calls such as `muster.muster_audience_model(...)`.
    """
    trees = [
        (path, environment.parse(path.read_text(encoding="utf-8"), name=path.name, filename=str(path)))
        for path in sorted(folder.rglob("*.sql"))
    ]
    compiled: dict[str, Callable[..., Any]] = {}
    # A template looks its globals up when it is loaded, so every name must be there before the first file is.
    names = [macro.name for _, tree in trees for macro in tree.find_all(nodes.Macro)]
    functions = {name: _returning(name, compiled) for name in names}
    environment.globals.update(functions)
    for path, tree in trees:
        _load(environment, path, tree, compiled)
    return SimpleNamespace(**functions)


def _load(
    environment: jinja2.Environment, path: Path, tree: nodes.Template, compiled: dict[str, Callable[..., Any]]
) -> None:
    macros = list(tree.find_all(nodes.Macro))
    names = [macro.name for macro in macros]
    for macro in macros:
        macro.name = _PREFIX + macro.name
    code = environment.compile(tree, name=path.name, filename=str(path))
    module = jinja2.Template.from_code(environment, code, environment.globals).make_module()
    for name in names:
        compiled[name] = getattr(module, _PREFIX + name)


def _returning(name: str, compiled: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    def call(*arguments: object) -> object:
        try:
            return compiled[name](*arguments)
        except MacroReturn as returned:
            return returned.value

    return call
