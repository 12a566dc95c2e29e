"""The starter library in every dialect: strictly parsed, with nothing that the dialect does not know."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel

from dbt_muster.plan import plan
from dbt_muster.plan.stub import Stub
from dbt_muster.render import DIALECTS, Renderer
from dbt_muster.specs import load

ROOT = Path(__file__).resolve().parents[3]
STUBS = plan(load(ROOT)).stubs


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("stub", STUBS, ids=lambda stub: stub.model)
def test_every_stub_is_one_query_in_every_dialect(stub: Stub, dialect: str) -> None:
    sql = Renderer(dialect, variables={"muster_as_of": "2026-01-31"}).model(stub.text)
    trees = sqlglot.parse(sql, dialect=dialect, error_level=ErrorLevel.RAISE)
    assert len(trees) == 1
    assert isinstance(trees[0], exp.Query)
