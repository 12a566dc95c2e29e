"""A stub whose literals are read as JSON renders as one that Jinja reads whole."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbt_muster.plan.literals import jinja_literal
from dbt_muster.render import Renderer
from dbt_muster.render.macros import compiled_text, make_environment

STUBS = Path(__file__).resolve().parents[3] / "models" / "audiences"
STUB = "{# Written by muster compile from somewhere: edit that, not this file. #}\n"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@pytest.mark.parametrize("path", sorted(STUBS.rglob("*.sql")), ids=lambda path: path.stem)
def test_a_stub_is_the_same_as_jinja_reads_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    _, literals = compiled_text(text)
    assert len(literals) == text.count("{%- set ")
    whole = text.replace("{# Written", "{# Copied")  # which is read by Jinja alone
    assert not compiled_text(whole)[1]
    renderer = Renderer("snowflake", variables={"muster_as_of": "2026-01-31"})
    assert renderer.model(text) == renderer.model(whole)


@given(VALUES)
def test_any_literal_is_the_value_that_was_written(value: object) -> None:
    text = f"{STUB}{{%- set it = {jinja_literal(value)} -%}}\n{{{{ it | string }}}}"
    whole = make_environment().from_string(text).render()
    code, literals = compiled_text(text)
    assert literals.keys() == {"it"}
    assert Renderer("duckdb").model(text) == whole.strip()
    assert code is not None


def test_what_is_no_literal_is_left_to_jinja() -> None:
    text = f"{STUB}{{%- set it = 1 + 1 -%}}\n{{{{ it }}}}"
    assert not compiled_text(text)[1]
    assert Renderer("duckdb").model(text) == "2"


def test_a_name_that_is_not_set_is_still_an_error() -> None:
    code, _ = compiled_text(f"{STUB}{{%- set it = 1 -%}}\n{{{{ that }}}}")
    environment = make_environment()
    with pytest.raises(jinja2.UndefinedError):
        jinja2.Template.from_code(environment, code, environment.globals).render(it=1)
