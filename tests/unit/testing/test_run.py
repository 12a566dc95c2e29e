"""Given rows become tables, and the members that the macros find are compared with the expected ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dbt_muster.plan import plan
from dbt_muster.specs import load
from dbt_muster.specs.meaning import Type
from dbt_muster.testing.run import run, select
from dbt_muster.testing.scaffold import scaffold
from dbt_muster.testing.tables import source_tables
from tests.unit.testing.kit import ENTITIES, outcome, project

CUSTOMER = "entity: customer\ncriteria:\n"


def assert_passes(root: Path, audience: str, test: str, *, entities: str = ENTITIES, **others: str) -> None:
    found = outcome(root, audience, test, entities=entities, **others)
    assert found.error is None
    assert found.differences == ()


def test_a_person_with_no_event_at_all_has_fewer_than_three(tmp_path: Path) -> None:
    assert_passes(
        tmp_path,
        CUSTOMER + "  - {event: orders, count: {less_than: 3}}",
        "as_of: 2026-11-01\ngiven: {customers: [{customer_id: 1}]}\nexpect: [1]",
    )


def test_a_column_that_is_not_given_is_null(tmp_path: Path) -> None:
    assert_passes(
        tmp_path,
        CUSTOMER + "  - {attribute: country, is_set: false}",
        "as_of: 2026-11-01\n"
        "given:\n  customers:\n"
        "    - {customer_id: 1}\n    - {customer_id: 2, country: ''}\n    - {customer_id: 3, country: null}\n"
        "expect: [1, 3]",
    )


def test_nobody_is_a_member_where_no_table_is_given(tmp_path: Path) -> None:
    assert_passes(
        tmp_path,
        CUSTOMER + "  none: [{event: orders}]",
        "as_of: 2026-11-01\ngiven: {}\nexpect: []",
    )


@pytest.mark.parametrize(
    ("column", "criterion", "inside", "outside"),
    [
        ("signed_up_at", "within: 72 hours", "72 hours ago", "4321 minutes ago"),
        ("signed_up_at", "within: 72 hours", "2026-10-28T20:00:00", "2026-10-28T19:59:59"),
        ("renews_at", "within_next: 1 day", "now", "in 1 day"),
        ("renews_at", "before: 2026-11-01", "2026-10-31T23:59:59", "2026-11-01T00:00:00"),
        ("renews_at", "before: 2026-11-01", "2026-11-01T00:59:59+01:00", "2026-11-01T01:00:00+01:00"),
        ("birthday", "on: yesterday", "yesterday", "today"),
        ("birthday", "after: start of month", "start of month", "end of last month"),
    ],
)
def test_a_given_time_is_what_its_column_holds(
    tmp_path: Path, column: str, criterion: str, inside: str, outside: str
) -> None:
    if inside == "start of month":
        outside = "2026-10-31"
    assert_passes(
        tmp_path,
        f"{CUSTOMER}  - {{attribute: {column}, {criterion}}}",
        "as_of: 2026-11-01\n"
        f"given:\n  customers:\n    - {{customer_id: 1, {column}: {inside}}}\n"
        f"    - {{customer_id: 2, {column}: {outside}}}\n"
        "expect: [1]",
    )


def test_the_instant_of_a_test_without_an_offset_is_local_to_the_entity(tmp_path: Path) -> None:
    assert_passes(
        tmp_path,
        CUSTOMER + "  - {attribute: renews_at, before: now}",
        "as_of: 2026-07-01\ngiven:\n  customers:\n"
        "    - {customer_id: 1, renews_at: 2026-06-30T22:59:59Z}\n"
        "    - {customer_id: 2, renews_at: 2026-06-30T23:00:00Z}\n"
        "expect: [1]",
    )


def test_other_audiences_and_traits_are_built_first(tmp_path: Path) -> None:
    assert_passes(
        tmp_path,
        CUSTOMER + "  - {audience: buyers}\n  - {attribute: score, at_least: {trait: spent}}",
        "as_of: 2026-11-01\ngiven:\n"
        "  customers:\n"
        "    - {customer_id: 1, score: 9.5}\n    - {customer_id: 2, score: 9.49}\n"
        "    - {customer_id: 3, score: 99}\n"
        "  orders:\n"
        "    - {customer_id: 1, order_id: a, ordered_at: 1 day ago, amount: 9.5}\n"
        "    - {customer_id: 2, order_id: b, ordered_at: 1 day ago, amount: 9.5}\n"
        "expect: [1]",
        audiences__buyers="audience: buyers\nentity: customer\ncriteria: [{event: orders}]\n",
        traits__spent="trait: spent\nentity: customer\nsum: {of: amount, event: orders}\n",
    )


def test_an_audience_that_is_switched_off_can_be_tested(tmp_path: Path) -> None:
    assert_passes(
        tmp_path,
        "enabled: false\n" + CUSTOMER + "  - {attribute: country, is: GB}",
        "as_of: 2026-11-01\n"
        "given: {customer: [{customer_id: 1, country: GB}, {customer_id: 2}]}\nexpect: [1]",
    )


def test_lists_are_given_as_lists(tmp_path: Path) -> None:
    assert_passes(
        tmp_path,
        CUSTOMER + "  - {attribute: interests, includes: \"rock'n'roll\"}",
        "as_of: 2026-11-01\ngiven:\n  customers:\n"
        "    - {customer_id: 1, interests: [news, \"rock'n'roll\"]}\n"
        "    - {customer_id: 2, interests: []}\n    - {customer_id: 3}\nexpect: [1]",
    )


@pytest.mark.parametrize(
    "text",
    [
        "O'Hara",
        "'); drop schema test_1_given cascade; --",
        "back\\slash",
        "{{ var('x') }}",
        "%s ? $1",
        "a\nb",
        '"',
        "",
    ],
)
def test_a_hostile_text_is_only_text(tmp_path: Path, text: str) -> None:
    quoted = "'" + text.replace("'", "''").replace("\n", "\n\n  ") + "'"
    assert_passes(
        tmp_path,
        f"{CUSTOMER}  - attribute: country\n    is: {quoted}\n",
        f"as_of: 2026-11-01\ngiven:\n  customers:\n  - customer_id: 1\n    country: {quoted}\n"
        f"  - customer_id: 2\n    country: x{'y' if not text else ''}\nexpect: [1]",
    )


HOSTILE_NAMES = """\
entity: customer
model: source('the "shop"', 'select; --')
key: customer id
attributes: {country: 'the "country"; drop'}
events:
  orders: {model: "ref('fct''s')", key: who?, at: 'at "local" time'}
"""


def test_hostile_names_of_tables_and_columns_are_only_names(tmp_path: Path) -> None:
    assert_passes(
        tmp_path,
        CUSTOMER + "  - {attribute: country, is: GB}\n  - {event: orders}",
        "as_of: 2026-11-01\ngiven:\n"
        "  customers: [{customer id: 1, 'the \"country\"; drop': GB}]\n"
        "  orders: [{who?: 1, 'at \"local\" time': 1 day ago}]\nexpect: [1]",
        entities=HOSTILE_NAMES.replace("''s", " s"),
    )


ACCOUNT = "entity: account\ncriteria:\n"


@pytest.mark.parametrize(
    ("criterion", "inside", "outside"),
    [
        ("at_least: 10", "10", "9"),
        ("at_least: 10", "10.0", "9.9"),
        ("is: true", "true", "false"),
        ("is: gold", "gold", "now"),
        ("within: 30 days", "30 days ago", "31 days ago"),
        ("includes: a", "[a, b]", "[]"),
    ],
)
def test_a_column_that_no_spec_declares_is_of_the_type_of_its_values(
    tmp_path: Path, criterion: str, inside: str, outside: str
) -> None:
    assert_passes(
        tmp_path,
        f"{ACCOUNT}  - {{attribute: x, {criterion}}}",
        "as_of: 2026-11-01\ngiven:\n  accounts:\n"
        f"    - {{id: a, x: {inside}}}\n    - {{id: b, x: {outside}}}\n    - {{id: c}}\nexpect: [a]",
    )


@pytest.mark.parametrize(
    ("criterion", "kind"),
    [
        ("at_least: 10", Type.NUMBER),
        ("between: [1.5, 2]", Type.NUMBER),
        ("contains: a", Type.STRING),
        ("is: true", Type.BOOLEAN),
        ("within: 30 days", Type.TIMESTAMP),
        ("includes_any: [a]", Type.LIST),
        ("is_set: true", Type.UNKNOWN),
    ],
)
def test_a_column_that_nobody_declares_or_gives_is_of_the_type_that_it_is_compared_with(
    tmp_path: Path, criterion: str, kind: Type
) -> None:
    audience = f"{ACCOUNT}  - {{attribute: x, {criterion}}}\n"
    audience += f"  - {{event: logins, where: [{{property: y, {criterion}}}]}}"
    test = "as_of: 2026-11-01\ngiven: {accounts: [{id: 1}], logins: [{account_id: 1, at: now}]}\nexpect: []"
    specs = project(tmp_path, audience, test)
    tables = {relation.names[-1]: table for relation, table in source_tables(specs).items()}
    assert (tables["accounts"].columns["x"], tables["logins"].columns["y"]) == (kind, kind)
    assert_passes(tmp_path, audience, test)


@pytest.mark.parametrize(("keys", "expected"), [("1", "[1]"), ("one", "[one]"), ("'1'", "['1']")])
def test_expected_keys_are_keys_of_the_type_of_the_given_ones(
    tmp_path: Path, keys: str, expected: str
) -> None:
    assert_passes(
        tmp_path,
        ACCOUNT + "  - {event: logins}",
        "as_of: 2026-11-01\n"
        f"given: {{accounts: [{{id: {keys}}}], logins: [{{account_id: {keys}, at: 1 day ago}}]}}\n"
        f"expect: {expected}",
    )


def test_a_test_may_give_events_and_nobody_whom_they_are_of(tmp_path: Path) -> None:
    assert_passes(
        tmp_path,
        ACCOUNT + "  - {event: logins}",
        "as_of: 2026-11-01\ngiven: {logins: [{account_id: 1, at: 1 day ago}]}\nexpect: []",
    )


TWO_OF_ONE_TABLE = """\
entity: customer
model: ref('customers')
key: id
events:
  visits: {model: ref('facts'), key: id, at: visited_at}
  calls: {model: ref('facts'), key: id, at: called_at}
"""


def test_event_sources_that_read_one_table_see_each_others_rows(tmp_path: Path) -> None:
    assert_passes(
        tmp_path,
        CUSTOMER + "  - {event: visits}\n  - {event: calls}",
        "as_of: 2026-11-01\ngiven:\n  customers: [{id: 1}, {id: 2}]\n"
        "  visits: [{id: 1, visited_at: 1 day ago, called_at: 2 days ago}]\n"
        "  calls: [{id: 2, called_at: 1 day ago}]\nexpect: [1]",
        entities=TWO_OF_ONE_TABLE,
    )


def test_one_audience_may_have_several_tests_and_they_share_nothing(tmp_path: Path) -> None:
    first = "as_of: 2026-11-01\ngiven: {customers: [{customer_id: 1, country: GB}]}\nexpect: [1]"
    second = first.replace("1, country", "2, country").replace("expect: [1]", "expect: [2]")
    specs = project(
        tmp_path,
        CUSTOMER + "  - {attribute: country, is: GB}",
        first,
        tests__others=f"test: others\naudience: them\n{second}",
    )
    assert [case.name for case in select(specs, ["them"])] == ["others", "them"]
    assert [case.name for case in select(specs, ["others"])] == ["others"]
    assert [found.passed for found in run(specs, select(specs, []))] == [True, True]


def test_a_test_that_cannot_be_run_says_why_and_the_others_are_run(tmp_path: Path) -> None:
    specs = project(
        tmp_path,
        ACCOUNT + "  - {attribute: x, at_least: 10}",
        "as_of: 2026-11-01\ngiven: {accounts: [{id: 1, x: ten}]}\nexpect: []",
        tests__well="test: well\naudience: them\nas_of: 2026-11-01\n"
        "given: {accounts: [{id: 1, x: 10}]}\nexpect: [1]",
    )
    failed, well = run(specs, select(specs, []))
    assert failed.error is not None
    assert "The model them cannot be built" in failed.error
    assert not failed.passed
    assert well.passed


ALIASES = ENTITIES.replace(
    "events:\n",
    "aliases: {model: ref('aliases'), from: old, to: new}\nidentifiers: {id: customer_id}\nevents:\n",
    1,
)


def test_given_aliases_are_what_their_rows_and_events_count_for(tmp_path: Path) -> None:
    assert_passes(
        tmp_path,
        CUSTOMER + "  - {event: orders, count: {is: 2}}\n  - {attribute: country, is: GB}",
        "as_of: 2026-11-01\n"
        "given:\n"
        "  customers: [{customer_id: 2, country: GB}, {customer_id: 3, country: FR}, {customer_id: 4}]\n"
        "  customer_aliases: [{old: 2, new: 1}, {old: 3, new: 1}, {old: 4, new: null}]\n"
        "  orders:\n"
        "    - {customer_id: 2, order_id: a, ordered_at: 1 day ago}\n"
        "    - {customer_id: 3, order_id: b, ordered_at: 1 day ago}\n"
        "expect: [1]",
        entities=ALIASES,
    )


def test_an_entity_s_own_table_may_say_whom_its_rows_mean(tmp_path: Path) -> None:
    assert_passes(
        tmp_path,
        CUSTOMER + "  - {event: orders}",
        "as_of: 2026-11-01\n"
        "given:\n"
        "  customers: [{customer_id: 1}, {customer_id: 2, merged_into: 1}]\n"
        "  orders: [{customer_id: 2, order_id: a, ordered_at: 1 day ago}]\n"
        "expect: [1]",
        entities=ALIASES.replace(
            "ref('aliases'), from: old, to: new", "ref('dim_customers'), from: customer_id, to: merged_into"
        ),
    )


def test_the_identifier_that_is_the_key_is_the_canonical_one(tmp_path: Path) -> None:
    specs = project(tmp_path, CUSTOMER + "  - {attribute: country, is: GB}", entities=ALIASES)
    entity = next(stub for stub in plan(specs).stubs if stub.model == "muster_entities__customer")
    assert '"identifier__id",\n            "column": "muster_key"' in entity.text or (
        '"name": "identifier__id", "column": "muster_key"' in entity.text
    )


AROUND = (
    ENTITIES.replace("events:\n", "through: {entity: account, key: account_id}\nevents:\n", 1)
    + "aliases: {model: ref('account_aliases'), from: old, to: new}\n"
)


def test_rows_of_the_account_are_given_beside_those_of_its_customers(tmp_path: Path) -> None:
    assert_passes(
        tmp_path,
        CUSTOMER
        + "  - {through: account, where: [{attribute: plan, is: free}, {event: logins}, {audience: lively}]}",
        "as_of: 2026-11-01\n"
        "given:\n"
        "  customers: [{customer_id: 1, account_id: a}, {customer_id: 2, account_id: c}, {customer_id: 3}]\n"
        "  accounts: [{id: a, plan: free}, {id: b, plan: free}]\n"
        "  account_aliases: [{old: c, new: b}]\n"
        "  account.logins: [{account_id: a, at: 1 day ago}, {account_id: b, at: 1 day ago}]\n"
        "  orders: [{customer_id: 2, ordered_at: 1 day ago}]\n"
        "expect: [2]",
        entities=AROUND,
        audiences__lively="audience: lively\nentity: account\n"
        "criteria: [{through: customer, match: all, where: [{event: orders}]}]\n",
    )


def test_a_failing_test_says_that_a_condition_about_the_account_did_not_hold(tmp_path: Path) -> None:
    found = outcome(
        tmp_path,
        CUSTOMER + "  - {through: account, where: [{attribute: plan, is: free}]}",
        "as_of: 2026-11-01\n"
        "given:\n  customers: [{customer_id: 1, account_id: 7}]\n  account: [{id: 7, plan: paid}]\n"
        "expect: [1]",
        entities=AROUND,
    )
    assert found.error is None
    assert [verdict.holds for difference in found.differences for verdict in difference.criteria] == [False]


def test_the_beginnings_of_a_test_have_the_tables_of_other_entities_too(tmp_path: Path) -> None:
    audience = CUSTOMER + "  - {through: account, where: [{attribute: plan, is: free}, {event: logins}]}"
    specs = project(tmp_path, audience, entities=AROUND)
    text = (tmp_path / scaffold(specs, "them", None, date(2026, 11, 1))).read_text()
    assert "  customers:\n    - {customer_id: 1, account_id: 1}" in text
    assert "  accounts:\n    - {id: 1, plan: text}" in text
    assert "  account.logins:\n    - {account_id: 1, at: 30 days ago}" in text
    specs = load(tmp_path)
    assert [found.error for found in run(specs, specs.tests.values())] == [None]
