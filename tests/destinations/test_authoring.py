"""A destination is written with the public interface alone, so that other packages can write theirs too."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from pathlib import Path

import pytest

from dbt_muster.destinations import destination_types, find_type, registry, types

ROOT = Path(__file__).parents[2]
AUTHORING = "dbt_muster.destinations.authoring."


def imports(source: str) -> set[str]:
    """The modules of muster that a source imports from."""
    nodes = list(ast.walk(ast.parse(source)))
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    some = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    return {module for module in whole | some if module.startswith("dbt_muster")}


# Lines of the platform that has most to say: what an account and a destination are, and how jobs end.
LONGEST = {"google_data_manager": 133}


@pytest.mark.parametrize("name", sorted(registry.own_types()))
def test_a_destination_is_one_short_file_that_needs_nothing_but_the_public_interface(name: str) -> None:
    source = inspect.getsource(sys.modules[find_type(name).__module__])
    assert [each for each in sorted(imports(source)) if not each.startswith(AUTHORING)] == []
    assert len(source.splitlines()) <= LONGEST.get(name, 125)


def _example() -> str:
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    return str(example)


def test_so_is_the_platform_that_contributing_shows() -> None:
    assert all(each.startswith(AUTHORING) for each in imports(_example()))


def test_a_file_in_the_folder_of_types_is_a_type_and_nothing_else_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gazette.py").write_text(_example(), encoding="utf-8")
    monkeypatch.setattr(types, "__path__", [*types.__path__, str(tmp_path)])
    registry.own_types.cache_clear()
    try:
        assert "gazette" in destination_types()
        assert find_type("gazette").__name__ == "Gazette"
    finally:
        registry.own_types.cache_clear()
        sys.modules.pop(f"{types.__name__}.gazette", None)
