"""What members are worth goes from a trait in the warehouse to Meta, and follows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot

from dbt_muster.destinations.checking import check_destinations
from dbt_muster.render import DIALECTS, Renderer
from dbt_muster.specs import SpecErrors, load
from tests.destinations.stage import Stage, people, set_secrets
from tests.destinations.standins.base import Holding
from tests.destinations.standins.meta_custom_audiences import MetaCustomAudiencesStandIn

SPECS = {
    "audience_specs/entities.yml": """\
entity: customer
model: ref('customers')
key: customer_id
attributes: {country: {type: string}}
identifiers: {email: email}
events:
  orders:
    model: ref('orders')
    key: customer_id
    at: ordered_at
    properties: {amount: {type: number}, shop: {type: string}}
""",
    "audience_specs/traits/spend.yml": """\
trait: spend
entity: customer
description: Spent, ever.
sum: {event: orders, of: amount}
""",
    "audience_specs/traits/first_shop.yml": """\
trait: first_shop
entity: customer
description: Where they ordered first.
first: {event: orders, of: shop}
""",
    "audience_specs/destinations.yml": """\
destination: meta
type: meta_custom_audiences
ad_account: "1"
access_token: "{{ env_var('MUSTER_TEST_META') }}"
""",
    "audience_specs/audiences/fans.yml": """\
audience: fans
entity: customer
criteria:
  - {attribute: country, is: GB}
sync:
  - to: meta
    match_on: [email]
    value: spent
""",
}


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    set_secrets(MetaCustomAudiencesStandIn, monkeypatch)
    stand_in = MetaCustomAudiencesStandIn()
    with stand_in.running():
        stage = Stage(stand_in, options={"value": "spend"})
        stage.warehouse.connection.execute(
            "create table muster_traits__customer (customer_id bigint, spend decimal(18, 2))"
        )
        yield stage
    assert stand_in.violations == []


def spent(stage: Stage, amounts: dict[int, float]) -> None:
    """Put down what the trait says of members."""
    stage.warehouse.connection.execute("delete from muster_traits__customer")
    for member, amount in amounts.items():
        stage.warehouse.connection.execute(
            "insert into muster_traits__customer values (?, ?)", [member, amount]
        )


def worth(stage: Stage) -> list[float]:
    """What the platform was told of the people it holds, the largest first."""
    at = stage.stand_in
    assert isinstance(at, MetaCustomAudiencesStandIn)
    told: dict[Holding, float] = at.audiences[at.audience_ids()[0]].worth
    return sorted((told[person] for person in stage.held()), reverse=True)


def test_the_value_of_a_trait_goes_along_with_each_member(stage: Stage) -> None:
    spent(stage, {0: 120.5, 1: 3})
    stage.fill(people(range(3)))
    assert stage.sync().status == "applied"
    assert stage.is_exact()
    assert worth(stage) == [120.5, 3, 0]


def test_a_value_that_changes_is_sent_again_and_nothing_else_is(stage: Stage) -> None:
    spent(stage, {0: 120.5, 1: 3})
    stage.fill(people(range(3)))
    stage.sync()
    spent(stage, {0: 120.5, 1: 70})
    report = stage.sync()
    assert (report.status, report.adds, report.removes) == ("applied", 1, 1)
    assert stage.is_exact()
    assert worth(stage) == [120.5, 70, 0]


def test_who_has_a_value_and_nothing_to_match_on_is_not_sent(stage: Stage) -> None:
    spent(stage, {7: 120.5})
    nobody = dict.fromkeys(stage.stand_in.match_on, None)
    stage.fill({**people([0]), 7: {**people([7])[7], **nobody}})
    report = stage.sync()
    assert (report.status, report.unmatchable, report.accepted) == ("applied", 1, 1)
    assert stage.is_exact()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_plan_with_a_value_is_sql_of_every_warehouse(stage: Stage, dialect: str) -> None:
    relations = {name: f'"main"."{name}"' for name in ("audience", "entity", "traits", "erasures")}
    sql = Renderer(dialect).call("muster_sync_desired", stage.pair().request(), relations)
    assert "trait.value" in sql
    reading = {"bigquery": "bigquery", "databricks": "databricks", "spark": "spark"}.get(dialect, dialect)
    sqlglot.parse_one(f"with {sql} select * from desired", read=reading)


@pytest.mark.parametrize(
    ("trait", "message", "suggestion"),
    [
        ("spent", "'customer' has no trait 'spent'", "did you mean `spend`?"),
        ("first_shop", "the trait 'first_shop' is no number", "expected `spend`"),
    ],
)
def test_a_trait_that_is_not_there_or_no_number_is_told_at_its_place(
    tmp_path: Path, trait: str, message: str, suggestion: str
) -> None:
    for name, text in SPECS.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("value: spent", f"value: {trait}"))
    with pytest.raises(SpecErrors) as raised:
        check_destinations(load(tmp_path), tmp_path)
    assert f"audience_specs/audiences/fans.yml:8:12: {message}" in str(raised.value)
    assert suggestion in str(raised.value)
