"""What dbt reads is also read by MiniJinja, whose grammar dbt's second engine uses."""

from __future__ import annotations

from pathlib import Path

import minijinja
import pytest

from dbt_muster.render.macros import macro_folder

MODELS = macro_folder().parent / "models"
FILES = sorted([*macro_folder().rglob("*.sql"), *MODELS.rglob("*.sql")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_the_package_parses(path: Path) -> None:
    minijinja.Environment().add_template(path.name, path.read_text())


def test_a_file_that_does_not_parse_is_noticed() -> None:
    with pytest.raises(minijinja.TemplateError):
        minijinja.Environment().add_template("wrong", "{% macro wrong() %}")
