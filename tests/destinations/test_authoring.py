"""A destination is written with the public interface alone, so that other packages can write theirs too."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from dbt_muster.destinations import destination_types, find_type, registry, types
from dbt_muster.destinations.platform import Platform

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "sync" / "dbt_muster" / "destinations"
AUTHORING = "dbt_muster.destinations.authoring."


def imports(source: str) -> set[str]:
    """The modules of muster that a source imports from."""
    found = {node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)}
    modules = {str(node.module): {f"{node.module}.{alias.name}" for alias in node.names} for node in found}
    whole = modules.pop("dbt_muster.destinations", set())
    return {module for module in modules if module.startswith("dbt_muster")} | whole


FILES = {
    f"{package}.{path.stem}": path
    for package, folder in (("dbt_muster.destinations", FOLDER), (types.__name__, FOLDER / "types"))
    for path in folder.glob("*.py")
}
USED = {module: imports(path.read_text(encoding="utf-8")) for module, path in FILES.items()}


PLATFORMS = [name for name in destination_types() if issubclass(find_type(name), Platform)]

# Lines of the platform that has most to say: what an account and a destination are, and how jobs end.
LONGEST = {"google_data_manager": 133}


@pytest.mark.parametrize("name", destination_types())
def test_a_destination_is_written_with_the_public_interface_and_helpers_that_nobody_else_uses(
    name: str,
) -> None:
    file = find_type(name).__module__
    helpers = {each for each in USED if [user for user in USED if each in USED[user]] == [file]}
    used = set().union(*(USED[each] for each in {file, *helpers})) - helpers
    assert [each for each in sorted(used) if not each.startswith(AUTHORING)] == []


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_platform_is_one_short_file_that_needs_nothing_but_the_public_interface(name: str) -> None:
    file = find_type(name).__module__
    assert [each for each in sorted(USED[file]) if not each.startswith(AUTHORING)] == []
    lines = FILES[file].read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST.get(name, 125)


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
