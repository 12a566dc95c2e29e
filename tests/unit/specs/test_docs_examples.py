"""Every example of docs/language.md is a spec that can be loaded, and the page leaves nothing out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dbt_muster.destinations.checking import check_destinations
from dbt_muster.specs import load
from dbt_muster.specs import models as specs_models
from dbt_muster.specs.files import KINDS
from dbt_muster.specs.models.base import Spec
from dbt_muster.specs.points import CALENDAR_UNITS
from dbt_muster.specs.resolve.operators import OPERATORS
from tests.unit.specs.corpus import write_project

PAGE = Path(__file__).parents[3] / "docs" / "language.md"
_EXAMPLE = re.compile(r"```yaml\n# (?P<name>audience_specs/\S+)\n(?P<text>.*?)```", re.DOTALL)


def examples() -> dict[str, str]:
    """The page's examples, by the file that each names in its first line."""
    return {match["name"]: match["text"] for match in _EXAMPLE.finditer(PAGE.read_text(encoding="utf-8"))}


def test_every_fenced_yaml_block_names_its_file() -> None:
    blocks = PAGE.read_text(encoding="utf-8").count("```yaml")
    assert len(examples()) == blocks


def test_every_example_loads(tmp_path: Path) -> None:
    project = load(write_project(tmp_path, examples(), good=False))
    assert {Path(name).stem for name in examples() if "/audiences/" in name} == set(project.audiences)
    assert {Path(name).stem for name in examples() if "/traits/" in name} == set(project.traits["customer"])


def test_every_destination_and_every_sync_of_the_page_is_one_that_its_type_takes(tmp_path: Path) -> None:
    root = write_project(tmp_path, examples(), good=False)
    check_destinations(load(root), root)


@pytest.mark.parametrize("operator", [name for name, _ in OPERATORS])
def test_every_operator_has_an_example(operator: str) -> None:
    assert any(re.search(rf"\b{operator}:", text) for text in examples().values())


def models(model: type[Spec] = Spec) -> Iterator[type[Spec]]:
    """Everything that has keys in a spec."""
    for each in model.__subclasses__():
        if each.__module__.startswith(specs_models.__name__):
            yield each
        yield from models(each)


@pytest.mark.parametrize("model", sorted(set(models()), key=str))
def test_every_key_of_every_part_of_a_spec_has_an_example(model: type[Spec]) -> None:
    keys = [field.alias or name for name, field in model.model_fields.items()]
    missing = [key for key in keys if not any(re.search(rf"\b{key}:", text) for text in examples().values())]
    assert not missing


@pytest.mark.parametrize(
    "form", ["start of", "start of last", "end of", "end of last", "ago", "in 14", "now"]
)
def test_every_form_of_a_point_has_an_example(form: str) -> None:
    assert any(form in text for text in examples().values())


def test_the_page_names_every_calendar_unit_and_every_kind_of_spec_but_groups() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(unit in page for unit in CALENDAR_UNITS)
    assert all(
        any(re.search(rf"^{kind}:", text, re.MULTILINE) for text in examples().values())
        for kind in KINDS
        if kind != "group"
    )
