"""Whatever stands in a spec file, it is read or reported: never a crash, never a mistake of our own."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from dbt_muster.specs import SpecErrors, load
from dbt_muster.specs.yaml_tree import read_documents
from tests.unit.specs.corpus import GOOD, write_project
from tests.unit.specs.test_docs_examples import examples

Steps = tuple[str | int, ...]

DOCUMENTS = [
    (name, json.loads(json.dumps([each.data for each in read_documents(Path(name), text)[0]], default=float)))
    for name, text in {**GOOD, **examples()}.items()
]
"""Good files as their documents."""

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet="ab_.-1 é'\"{}$`", max_size=8),
    st.sampled_from(["30 days", "orders", "?", "unsaid", "ref('x')", "on", "2026-01-01", "muster_x", "a__b"]),
    st.sampled_from([[], {}, [[]], [{}], [None], {"all": []}, {"attribute": "age"}, {"event": "orders"}]),
    st.sampled_from([{"": ""}, {"is": None}, {"where": 3}, {"property": "x", "is": 3}, {"of": "amount"}]),
)


def places(value: object, path: Steps = ()) -> list[Steps]:
    """The paths of every value inside of a value."""
    found: list[Steps] = []
    if isinstance(value, dict):
        for key, item in value.items():
            found += [(*path, key), *places(item, (*path, key))]
    if isinstance(value, list):
        for index, item in enumerate(value):
            found += [(*path, index), *places(item, (*path, index))]
    return found


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, str]:
    """A good file in which up to three values are replaced, keys renamed or left out."""
    name, documents = copy.deepcopy(draw(st.sampled_from(DOCUMENTS)))
    for _ in range(draw(st.integers(min_value=1, max_value=3))):
        known = places(documents)
        if not known:
            break
        *steps, last = draw(st.sampled_from(known))
        parent = documents
        for step in steps:
            parent = parent[step]
        action = draw(st.sampled_from(["replace", "remove", "rename"]))
        if action == "replace":
            parent[last] = copy.deepcopy(draw(JUNK))
        elif action == "remove":
            del parent[last]
        elif isinstance(parent, dict):
            parent[draw(st.text(alphabet="abcdeé_A ", max_size=6))] = parent.pop(last)
    return name, "\n---\n".join(json.dumps(document) for document in documents) + "\n"


def report_of(root: Path) -> str:
    """What is reported about a project; nothing where it is right."""
    try:
        load(root)
    except SpecErrors as errors:
        return str(errors)
    return ""


@settings(max_examples=100, deadline=None)
@given(damaged())
def test_a_damaged_file_is_read_or_reported(file: tuple[str, str]) -> None:
    name, text = file
    with tempfile.TemporaryDirectory() as folder:
        root = write_project(Path(folder), {**examples(), name: text})
        said = report_of(root)
    assert "unsaid" not in said or "unsaid" in text
    assert "Hole" not in said


def test_importing_specs_is_light() -> None:
    code = "import sys, dbt_muster.specs; print(sorted({'pydantic', 'yaml'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
