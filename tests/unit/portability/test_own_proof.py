"""People's own models are typed, moved to other warehouses and proved, as far as their tables are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dbt_muster.cli.main import main
from dbt_muster.portability.own import Judged, OwnModel, judge, own_models
from dbt_muster.portability.own.proof import OwnProof
from dbt_muster.portability.own.tables import OwnTable
from tests.unit.portability.test_own import RAW, project
from tests.unit.portability.unportable import UNPORTABLE

COLUMNS = {
    "id": "bigint",
    "customer": "varchar",
    "amount": "decimal(18, 2)",
    "items": "integer",
    "ordered_at": "timestamp",
    "paid": "boolean",
}


def upstream(columns: dict[str, str], *, enforced: bool = True) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "name": "orders",
        "package_name": "shop",
        "relation_name": '"db"."main"."orders"',
        "original_file_path": "models/orders.sql",
        "raw_code": RAW,
        "config": {"contract": {"enforced": enforced}},
        "columns": {name: {"name": name, "data_type": kind} for name, kind in columns.items()},
    }


def own(sql: str) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "name": "revenue",
        "package_name": "shop",
        "raw_code": RAW,
        "compiled_code": sql,
        "original_file_path": "models/revenue.sql",
        "depends_on": {"nodes": ["model.shop.orders"]},
    }


def judged(root: Path, sql: str, *dialects: str, adapter: str = "duckdb", **more: Any) -> Judged:
    read = upstream(more.pop("columns", COLUMNS), **more)
    project(root, own(sql), read, adapter=adapter)
    (model,) = own_models(root, ["revenue"], root / "target")
    return judge(model, dialects)


def codes(found: Judged, level: str = "error") -> list[tuple[str, str]]:
    return [(each.dialect, each.code) for each in found.findings if each.level == level]


PORTABLE = [
    ("duckdb", 'select customer, sum(amount) as spent from "db"."main"."orders" group by 1'),
    ("duckdb", 'select * from "db"."main"."orders" where customer = \'it\'\'s\' or customer is null'),
    ("duckdb", "select o.id from db.main.orders as o where o.ordered_at >= timestamp '2026-01-01'"),
    ("postgres", 'select orders.items / 2 as half from "db"."main"."orders"'),
    ("postgres", "select upper(customer) as c, date_trunc('month', ordered_at) as m from db.main.orders"),
    ("duckdb", "select sqrt(amount) / items as each from db.main.orders where amount >= 0"),
    (
        "snowflake",
        "select customer from db.main.orders "
        "qualify row_number() over (partition by customer order by ordered_at, id) = 1",
    ),
    (
        "bigquery",
        "with a as (select id, items from `db`.`main`.`orders`) select count(*) as n from a where items > 2",
    ),
]


@pytest.mark.parametrize(("adapter", "sql"), PORTABLE)
def test_a_model_is_proved_where_the_moved_form_has_the_same_rows(
    tmp_path: Path, adapter: str, sql: str
) -> None:
    found = judged(tmp_path, sql, "duckdb", "postgres", "trino", "snowflake", adapter=adapter)
    assert codes(found) == []
    assert found.verdicts == dict.fromkeys(("duckdb", "postgres", "trino", "snowflake"), "proved")


def test_a_column_that_no_table_has_fails_everywhere_at_its_line(tmp_path: Path) -> None:
    found = judged(tmp_path, "select\n  amont as a\nfrom db.main.orders", "duckdb", "trino")
    (error,) = [each for each in found.findings if each.level == "error"]
    assert (error.code, error.instead, error.fragment) == ("unknown_column", "amount", "amont")
    assert found.verdicts == {"duckdb": "fails", "trino": "fails"}


def test_a_comparison_of_two_kinds_fails(tmp_path: Path) -> None:
    found = judged(tmp_path, "select id from db.main.orders where customer > 5", "duckdb")
    assert codes(found) == [("duckdb", "mixed_types")]


def test_columns_that_yaml_declares_may_not_be_all_of_them(tmp_path: Path) -> None:
    found = judged(tmp_path, "select other from db.main.orders", "trino", enforced=False)
    assert codes(found) == []
    assert found.verdicts == {"trino": "parsed only"}
    (note,) = [each for each in found.findings if each.code == "not_typed"]
    assert "there is no column `other`" in note.message
    assert note.fragment == "other"


def test_the_catalog_knows_all_columns_and_their_types(tmp_path: Path) -> None:
    project(tmp_path, own("select amount from db.main.orders"), upstream({}))
    columns = {"AMOUNT": {"name": "amount", "type": "DOUBLE", "index": 1}}
    catalog = {"nodes": {"model.shop.orders": {"columns": columns}}, "sources": {}}
    (tmp_path / "target" / "catalog.json").write_text(json.dumps(catalog))
    (model,) = own_models(tmp_path, ["revenue"], tmp_path / "target")
    assert judge(model, ["trino"]).verdicts == {"trino": "proved"}


@pytest.mark.parametrize("columns", [{}, {"amount": ""}])
def test_without_declared_types_a_model_is_only_read_and_says_so(
    tmp_path: Path, columns: dict[str, str]
) -> None:
    found = judged(tmp_path, "select amount from db.main.orders", "trino", columns=columns)
    assert found.verdicts == {"trino": "parsed only"}
    assert [code for _, code in codes(found, "note")] == ["not_typed" if not columns else "not_run"]


def test_a_function_that_another_warehouse_has_not_fails_there(tmp_path: Path) -> None:
    found = judged(tmp_path, "select frobnicate(amount) as a from db.main.orders", "trino", adapter="duckdb")
    assert codes(found) == [("trino", "unknown_function")]
    assert ("duckdb", "unknown_function") in codes(found, "note")
    assert found.verdicts == {"trino": "fails"}


@pytest.mark.parametrize(("sql", "dialect"), [each[:2] for each in UNPORTABLE])
def test_odd_sql_is_judged_too_and_whatever_is_found_is_shown(sql: str, dialect: str) -> None:
    kinds = {"a": "decimal(18, 2)", "b": "integer", "c": "varchar", "rows": "integer"}
    columns = {name.upper() if dialect == "snowflake" else name: kind for name, kind in kinds.items()}
    tables = tuple(OwnTable(name, ("shop", name), columns, complete=False) for name in ("t", "u"))
    found = judge(OwnModel("model", dialect, sql, "models/model.sql", reads=tables), ["postgres"])
    assert found.verdicts.keys() == {"postgres"}
    for each in found.findings:
        assert each.fragment or each.code == "not_typed", each.message
        assert each.position


def test_what_cannot_be_moved_is_only_read_and_shown(tmp_path: Path) -> None:
    sql = "select * from db.main.orders pivot (sum(amount) for customer in ('x'))"
    found = judged(tmp_path, sql, "postgres", adapter="snowflake")
    assert found.verdicts == {"postgres": "parsed only"}
    (note,) = [each for each in found.findings if each.code == "transpile"]
    assert note.dialect == "postgres"
    assert note.fragment


@pytest.mark.parametrize("column", ["random() as chance", "row_number() over (partition by paid) as place"])
def test_rows_that_depend_on_chance_or_on_the_order_of_a_table_prove_nothing(
    tmp_path: Path, column: str
) -> None:
    found = judged(tmp_path, f"select id, {column} from db.main.orders", "trino")
    assert found.verdicts == {"trino": "parsed only"}
    assert any("others at each run, or depend on the order" in each.message for each in found.findings)


def test_a_form_with_other_rows_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OwnProof, "differs", lambda *_: True)
    found = judged(tmp_path, "select id from db.main.orders", "trino")
    assert codes(found) == [("trino", "other_rows")]
    assert found.verdicts == {"trino": "fails"}


def test_where_sqlglot_is_known_to_be_wrong_other_rows_are_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OwnProof, "differs", lambda *_: True)
    found = judged(tmp_path, "select id, substr(customer, items, 2) as s from db.main.orders", "trino")
    assert found.verdicts == {"trino": "parsed only"}
    assert any("sqlglot moves something here" in each.message for each in found.findings)


def test_the_table_shows_models_and_warehouses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "audience_specs").mkdir()
    project(tmp_path, own("select id from db.main.orders"), upstream(COLUMNS), adapter="duckdb")
    call = ["check", "--select", "revenue", "--dialects", "trino,duckdb", "--project-dir", str(tmp_path)]
    for form in ("text", "json"):
        with pytest.raises(SystemExit) as left:
            main([*call, "--output", form])
        assert left.value.code == 0
    said = capsys.readouterr().out
    assert "model of your own  trino        duckdb\nrevenue            proved       proved\n" in said
    report = json.loads(said[said.index("{") :])
    assert report["model_verdicts"] == {"revenue": {"trino": "proved", "duckdb": "proved"}}
