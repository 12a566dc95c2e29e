"""Values out of JSON: one expression of each dialect's own grammar, whatever the keys are."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel

from dbt_muster.render import DIALECTS, Renderer, RenderError

RENDERERS = {dialect: Renderer(dialect) for dialect in DIALECTS}
TYPES = ["string", "integer", "number", "boolean", "date", "timestamp", "timestamptz", "list"]
KEYS = ["plan", "a.b", "O'Hara'); drop table x; --", "{{ x }} {% y %}", "0", "$[*]", "~/ 東京", "/* no */ --"]


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_value_out_of_json_is_one_expression_in_every_dialect(dialect: str, kind: str) -> None:
    sql = RENDERERS[dialect].call("muster_from_json", "body", KEYS, kind, "Europe/London")
    trees = sqlglot.parse(f"select {sql} as value", dialect=dialect, error_level=ErrorLevel.RAISE)
    assert len(trees) == 1
    assert isinstance(trees[0], exp.Select)
    assert len(trees[0].expressions) == 1
    assert {column.name for column in trees[0].find_all(exp.Column)} <= {"body", "item"}


@pytest.mark.parametrize("key", ['a"b', "a\\b"])
def test_a_key_that_would_end_a_path_is_refused_where_paths_are_texts(key: str) -> None:
    with pytest.raises(RenderError, match="a quote or a backslash"):
        RENDERERS["trino"].call("muster_from_json", "body", [key], "string", None)
