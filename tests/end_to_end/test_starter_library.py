"""The starter library on the demo's data: against SQL written by hand, and what a week changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from tests.end_to_end.commands import REPOSITORY
from tests.end_to_end.demo_shop import DemoShop

pytestmark = [pytest.mark.dbt, pytest.mark.slow]

A_WEEK_LATER = "2011-12-02"

# Orders are in London's time; windows are counted back from midnight UTC, in summer one o'clock there.
BY_HAND = {
    "rfm_champions": """
        select customer_id from demo_orders
        where ordered_at >= timestamp '2010-11-25' and ordered_at < timestamp '2011-11-25'
        group by customer_id
        having max(ordered_at) >= timestamp '2011-10-26 01:00' and count(*) >= 6 and sum(amount) >= 2000
    """,
    "first_time_buyers": """
        select customer_id from demo_orders
        where ordered_at < timestamp '2011-11-25'
        group by customer_id
        having count(*) = 1 and min(ordered_at) >= timestamp '2011-10-26 01:00'
    """,
    "christmas_shoppers": """
        select distinct customer_id from demo_order_lines
        where product ilike '%christmas%' and ordered_at < timestamp '2011-01-01'
        except
        select customer_id from demo_order_lines
        where product ilike '%christmas%'
            and ordered_at >= timestamp '2011-09-01' and ordered_at < timestamp '2011-11-25'
    """,
    "cart_size_growers": """
        with orders as (select *, ordered_at >= timestamp '2011-08-27 01:00' as is_recent from demo_orders
                        where ordered_at < timestamp '2011-11-25')
        select customer_id from orders
        group by customer_id
        having count(*) filter (is_recent) >= 2
            and avg(amount) filter (is_recent) > avg(amount) filter (not is_recent)
            and max(amount) filter (is_recent) >= 500
            and not (max(amount) >= 5000 or count(*) filter (
                items >= 500 and ordered_at >= timestamp '2010-11-25') >= 3)
    """,
    "win_back": """
        select customer_id from demo_orders
        where ordered_at < timestamp '2011-11-25'
        group by customer_id
        having max(ordered_at) >= timestamp '2011-10-26 01:00'
            and min(ordered_at) < timestamp '2011-04-29 01:00'
            and count(*) filter (ordered_at >= timestamp '2011-04-29 01:00'
                and ordered_at < timestamp '2011-10-26 01:00') = 0
    """,
    "slowing_down": """
        select customer_id from demo_orders
        where ordered_at < timestamp '2011-11-25'
        group by customer_id
        having count(*) filter (ordered_at >= timestamp '2011-05-29 01:00') >= 6
            and max(ordered_at) < timestamp '2011-10-26 01:00'
            and not (max(amount) >= 5000 or count(*) filter (
                items >= 500 and ordered_at >= timestamp '2010-11-25') >= 3)
    """,
    "christmas_fans": """
        with lines as (select customer_id,
                           sum(amount) filter (product ilike '%christmas%') / sum(amount) as part
                       from demo_order_lines
                       where ordered_at >= timestamp '2010-11-25' and ordered_at < timestamp '2011-11-25'
                       group by customer_id),
            spent as (select customer_id, sum(amount) as amount from demo_orders
                      where ordered_at >= timestamp '2010-11-25' and ordered_at < timestamp '2011-11-25'
                      group by customer_id)
        select customer_id from lines inner join spent using (customer_id)
        where spent.amount >= 200 and part > 0
        order by part desc, customer_id
        limit 100
    """,
}


@dataclass(frozen=True)
class Weeks:
    """The shop's members on the Friday, with its tables then or a week later."""

    shop: DemoShop
    first: set[str]
    by_hand: dict[str, set[str]]


@pytest.fixture(scope="module")
def friday(friday_shop: DemoShop) -> Weeks:
    by_hand = {name: {str(key) for key in friday_shop.ask(query)} for name, query in BY_HAND.items()}
    return Weeks(friday_shop, friday_shop.members(), by_hand)


@pytest.fixture(scope="module")
def week_later(friday: Weeks, tmp_path_factory: pytest.TempPathFactory) -> Weeks:
    shop = friday.shop.copied(tmp_path_factory.mktemp("week_later"))
    shop.build(A_WEEK_LATER)
    return replace(friday, shop=shop)


def of(audience: str, memberships: set[str]) -> set[str]:
    return {key for name, _, key in (entry.partition(":") for entry in memberships) if name == audience}


@pytest.mark.parametrize("audience", BY_HAND)
def test_an_audience_has_the_members_that_sql_written_by_hand_finds(friday: Weeks, audience: str) -> None:
    assert friday.by_hand[audience]
    assert of(audience, friday.first) == friday.by_hand[audience]


def test_every_audience_of_the_starter_library_has_members(friday: Weeks) -> None:
    specs = (REPOSITORY / "audience_specs" / "audiences").glob("*.yml")
    assert {entry.partition(":")[0] for entry in friday.first} == {spec.stem for spec in specs}


def test_a_person_who_installed_in_the_last_72_hours_and_has_no_session_belongs(friday: Weeks) -> None:
    assert "ada" in of("new_installs_few_sessions", friday.first)


def test_who_had_fewer_than_three_sessions_belongs_and_nobody_else(friday: Weeks) -> None:
    assert of("new_installs_few_sessions", friday.first) == {"ada", "ben", "dev"}


def test_the_change_log_says_exactly_who_entered_and_left_in_a_week(week_later: Weeks) -> None:
    def changed(change: str) -> set[str]:
        return week_later.shop.ask(
            "select audience || ':' || entity_key from muster_membership_changes "
            f"where change = '{change}' and as_of = timestamp '{A_WEEK_LATER}'"
        )

    now = week_later.shop.members()
    assert changed("entered") == now - week_later.first
    assert changed("exited") == week_later.first - now
    assert changed("exited")
