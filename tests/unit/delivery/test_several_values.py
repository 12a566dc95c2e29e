"""A person with several values of an identifier, from a list or a table: one record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlglot

from dbt_muster.delivery import Pair
from dbt_muster.destinations import Capabilities, Form
from dbt_muster.plan import plan
from dbt_muster.plan.identifiers import identifiers_model
from dbt_muster.render import DIALECTS, Renderer
from dbt_muster.render.renderer import RenderError
from dbt_muster.specs import load
from dbt_muster.specs.meaning import Project
from tests.oracle.identifiers import sha256
from tests.unit.delivery.kit import KeyedPlatform, MemoryWarehouse, Scene
from tests.unit.specs.corpus import write_project

ENTITY = """\
entity: customer
model: ref('customers')
key: {column: customer_id, type: integer}
identifiers:
  email: {column: emails, list: true}
  phone: {model: ref('customer_phones'), key: customer, column: number, most: 2}
  external_id: code
aliases: {model: ref('merged'), from: old_id, to: customer_id}
"""
AUDIENCE = """\
audience: fans
entity: customer
criteria: [{attribute: code, is_set: true}]
"""


class Platform(KeyedPlatform):
    """Takes all addresses, hashed, and one number."""

    capabilities = Capabilities(
        keyed_by="entity_key",
        creates=False,
        identifiers={
            "email": Form("email", "sha256"),
            "phone": Form("phone", most=1),
            "external_id": Form("text"),
        },
        batch_size=3,
    )


def project(folder: Path, entity: str = ENTITY) -> Project:
    files = {"audience_specs/entities.yml": entity, "audience_specs/audiences/fans.yml": AUDIENCE}
    return load(write_project(folder, files, good=False))


def models(specs: Project, dialect: str) -> dict[str, str]:
    """The SQL of the models of an entity's table and of its identifiers."""
    renderer = Renderer(dialect)
    wanted = ("muster_entities__customer", "muster_aliases__customer", identifiers_model("customer"))
    return {stub.model: renderer.model(stub.text) for stub in plan(specs).stubs if stub.model in wanted}


def built(specs: Project, list_type: str = "varchar[]") -> MemoryWarehouse:
    """A warehouse with the models of the entity, of a few customers."""
    warehouse = MemoryWarehouse()
    run = warehouse.connection.execute
    run("drop table muster_entities__customer")
    run(f"create table customers (customer_id bigint, emails {list_type}, code varchar)")
    run("create table customer_phones (customer bigint, number varchar)")
    run("create table merged (old_id bigint, customer_id bigint)")
    addresses = '["B@x.example", " a@x.example", "b@x.example", "nobody"]'
    run(f"insert into customers values (1, '{addresses}', 'one')")
    run("insert into customers values (2, '[]', 'two'), (3, null, 'three')")
    run("insert into customer_phones values (1, '+447700900002'), (1, '+44 7700 900001'), (1, null)")
    run("insert into customer_phones values (9, '+447700900009'), (2, '07700'), (8, '+447700900008')")
    run("insert into merged values (9, 3)")
    for name, sql in models(specs, "duckdb").items():
        run(f"create table {name} as {sql}")
    return warehouse


def scene(specs: Project, platform: Any, list_type: str = "varchar[]") -> Scene:
    found = Scene(platform, warehouse=built(specs, list_type))
    pair = found.pair()
    found.pair = lambda: Pair(pair.audience, specs.entities["customer"], pair.sync, pair.spec, platform)  # type: ignore[method-assign]
    found.warehouse.set_members({1, 2, 3})
    return found


@pytest.mark.parametrize("list_type", ["varchar[]", "json", "varchar"])
def test_all_values_go_out_in_one_record_once_each_sorted_and_within_the_cap(
    tmp_path: Path, list_type: str
) -> None:
    platform = Platform(hashing="sha256")
    shop = scene(project(tmp_path), platform, list_type)
    report = shop.sync()
    assert (report.status, report.adds) == ("applied", 3)
    addresses = [sha256("a@x.example"), sha256("b@x.example")]
    assert platform.held == {
        "1": {"email": addresses, "phone": "+447700900001", "external_id": "one"},
        "2": {"email": None, "phone": None, "external_id": "two"},
        "3": {"email": None, "phone": "+447700900009", "external_id": "three"},
    }
    record = platform.batches[0].records[0]
    assert (record.values("email"), record.values("phone")) == (addresses, ["+447700900001"])
    assert report.quarantined == {"not_a_phone_number": 1, "not_an_email": 1}
    assert shop.sync().adds == 0


def test_a_value_more_or_less_is_a_change(tmp_path: Path) -> None:
    platform = Platform(hashing="none")
    shop = scene(project(tmp_path), platform)
    shop.sync()
    shop.warehouse.connection.execute(
        "insert into muster_identifiers__customer values ('1', 'email', 'c@x.example'), "
        "('2', 'email', 'd@x.example'), ('3', 'email', 'nobody')"
    )
    report = shop.sync()
    assert (report.adds, report.changes, report.removes) == (0, 2, 0)
    assert platform.held["1"]["email"] == ["a@x.example", "b@x.example", "c@x.example"]
    assert platform.held["2"]["email"] == ["d@x.example"]


def test_no_more_values_are_sent_than_the_spec_says(tmp_path: Path) -> None:
    platform = KeyedPlatform(hashing="none")
    shop = scene(project(tmp_path, ENTITY.replace("list: true", "list: true, most: 1")), platform)
    shop.sync()
    assert platform.held["1"]["email"] == "a@x.example"
    assert platform.held["1"]["phone"] == ["+447700900001", "+447700900002"]


@pytest.mark.parametrize("dialect", [dialect for dialect in DIALECTS if dialect != "redshift"])
def test_the_model_of_values_is_one_query_of_each_dialect(tmp_path: Path, dialect: str) -> None:
    for sql in models(project(tmp_path), dialect).values():
        (tree,) = sqlglot.parse(sql, dialect=dialect, error_level=sqlglot.ErrorLevel.RAISE)
        assert isinstance(tree, sqlglot.exp.Query)


def test_redshift_takes_a_table_of_values_and_says_so_of_a_list(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="name it by `model:`"):
        models(project(tmp_path / "list"), "redshift")
    of_a_table = ENTITY.replace("email: {column: emails, list: true}", "email: email")
    assert models(project(tmp_path / "table", of_a_table), "redshift")


def test_an_entity_of_single_values_has_no_such_model(tmp_path: Path) -> None:
    single = ENTITY.replace(", list: true", "").replace(
        "  phone: {model: ref('customer_phones'), key: customer, column: number, most: 2}\n", ""
    )
    assert identifiers_model("customer") not in models(project(tmp_path, single), "duckdb")


class Birthdays(KeyedPlatform):
    """Takes a day of birth in three parts, as Meta does."""

    capabilities = Capabilities(
        keyed_by="entity_key",
        creates=False,
        identifiers={
            "external_id": Form("id_trimless"),
            "date_of_birth.year": Form("birth_year", "sha256"),
            "date_of_birth.month": Form("birth_month", "sha256"),
            "date_of_birth.day": Form("birth_day", "sha256"),
        },
    )


def test_one_identifier_goes_out_in_all_the_forms_that_a_platform_takes_and_is_refused_once(
    tmp_path: Path,
) -> None:
    entity = ENTITY.replace("  external_id: code\n", "  external_id: code\n  date_of_birth: code\n")
    platform = Birthdays(hashing="sha256")
    shop = scene(project(tmp_path, entity), platform)
    shop.warehouse.connection.execute(
        "update muster_entities__customer set identifier__date_of_birth = '1990-01-05' where customer_id = 1"
    )
    report = shop.sync()
    born = {"date_of_birth.year": "1990", "date_of_birth.month": "01", "date_of_birth.day": "05"}
    assert platform.held["1"] == {"external_id": "one"} | {name: sha256(part) for name, part in born.items()}
    assert platform.held["2"] == {"external_id": "two"} | dict.fromkeys(born)
    assert report.quarantined == {"not_a_date": 2}
