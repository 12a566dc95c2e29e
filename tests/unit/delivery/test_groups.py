"""Groups at delivery: who is held out, suppressed or given to another audience is taken away, not sent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dbt_muster.delivery import Pair
from dbt_muster.specs.meaning import Group, Holdout, Rules, Split
from tests.unit.delivery.kit import HERE, KeyedPlatform, Person, Scene, audience

OFFERS = Group("offers", "customer", "", ("vip", "fans"), None, (), HERE)


@dataclass
class Groups(Scene):
    """A scene with a second audience, and the tables that groups make."""

    other: KeyedPlatform = field(default_factory=lambda: KeyedPlatform("other"))

    def __post_init__(self) -> None:
        run = self.warehouse.connection.execute
        run("alter table fans add column variant varchar")
        run("create table vip (customer_id bigint, variant varchar)")
        run("create table offers (customer_id bigint, audience varchar)")
        run("create table muster_suppressed__customer (customer_id bigint)")
        self.warehouse.set_people({key: Person(f"p{key}@example.com") for key in range(1, 6)})

    def given(self, table: str, **keys: str | None) -> None:
        """Rows of one of the tables, by key (`k1`), each with its second column, where there is one."""
        self.warehouse.connection.execute(f"delete from {table}")
        for key, second in keys.items():
            values = [int(key[1:]), second] if table != "muster_suppressed__customer" else [int(key[1:])]
            marks = ", ".join("?" for _ in values)
            self.warehouse.connection.execute(f"insert into {table} values ({marks})", values)

    def pairs(self, rules: Rules) -> tuple[Pair, Pair]:
        """The two audiences, each with a platform of its own."""
        fans = replace(self.pair(), rules=rules)
        vip = replace(fans, audience=audience(fans.sync, "vip"), destination=self.other)
        return fans, vip


def test_who_moves_up_the_list_is_removed_from_the_lower_audience_and_added_to_the_higher_one() -> None:
    made = Groups()
    fans, vip = made.pairs(Rules(priorities=(OFFERS,)))
    made.given("fans", k1=None, k2=None, k3=None)
    made.given("vip", k3=None)
    made.given("offers", k1="fans", k2="fans", k3="vip")
    reports = [made.sync(pair=pair) for pair in (fans, vip)]
    assert (set(made.platform.held), set(made.other.held)) == ({"1", "2"}, {"3"})
    assert [(report.members, report.withheld) for report in reports] == [(3, 1), (1, 0)]
    made.given("vip", k3=None, k2=None)
    made.given("offers", k1="fans", k2="vip", k3="vip")
    lower, higher = (made.sync(pair=pair) for pair in (fans, vip))
    assert (lower.adds, lower.removes, higher.adds, higher.removes) == (0, 1, 1, 0)
    assert (set(made.platform.held), set(made.other.held)) == ({"1"}, {"2", "3"})


def test_an_audience_of_two_lists_sends_only_whom_both_give_to_it() -> None:
    made = Groups()
    made.warehouse.connection.execute("create table more (customer_id bigint, audience varchar)")
    made.given("fans", k1=None, k2=None, k3=None)
    made.given("offers", k1="fans", k2="fans", k3="vip")
    made.given("more", k1="fans", k2="vip", k3="fans")
    more = replace(OFFERS, name="more")
    report = made.sync(pair=made.pairs(Rules(priorities=(OFFERS, more)))[0])
    assert set(made.platform.held) == {"1"}
    assert report.withheld == 2


def test_who_is_suppressed_is_removed_everywhere_and_comes_back_afterwards() -> None:
    made = Groups()
    fans, _ = made.pairs(Rules(suppress=("unhappy",)))
    made.given("fans", k1=None, k2=None)
    made.sync(pair=fans)
    made.given("muster_suppressed__customer", k1=None)
    report = made.sync(pair=fans)
    assert set(made.platform.held) == {"2"}
    assert (report.members, report.withheld, report.removes) == (2, 1, 1)
    made.given("muster_suppressed__customer")
    assert made.sync(pair=fans).adds == 1


def test_who_is_held_out_is_never_sent_with_a_split_or_without() -> None:
    held = Rules(holdout=Holdout("safety", 500))
    made = Groups()
    fans, _ = made.pairs(held)
    made.given("fans", k1=None, k2="holdout", k3=None)
    report = made.sync(pair=fans)
    assert set(made.platform.held) == {"1", "3"}
    assert report.withheld == 1
    made.given("fans", k1="email", k2="holdout", k3="holdout", k4="control")
    split = Split("fans", (("control", 1000), ("email", 9000)))
    report = made.sync(pair=replace(fans, audience=replace(fans.audience, split=split)))
    assert set(made.platform.held) == {"1"}
    assert (report.withheld, report.removes) == (3, 1)


def test_a_group_may_have_the_name_of_anything_that_a_delivery_reads() -> None:
    made = Groups()
    made.warehouse.connection.execute("create table state (customer_id bigint, audience varchar)")
    made.given("fans", k1=None, k2=None)
    made.given("state", k1="fans", k2="vip")
    made.sync(pair=made.pairs(Rules(priorities=(replace(OFFERS, name="state"),)))[0])
    assert set(made.platform.held) == {"1"}


def test_a_dry_run_withholds_the_same_members() -> None:
    made = Groups()
    fans, _ = made.pairs(Rules(suppress=("unhappy",), priorities=(OFFERS,)))
    made.given("fans", k1=None, k2=None, k3=None)
    made.given("offers", k1="fans", k2="fans", k3="vip")
    made.given("muster_suppressed__customer", k1=None)
    report = made.engine().plan(fans)
    assert (report.members, report.withheld, report.adds) == (3, 2, 1)
