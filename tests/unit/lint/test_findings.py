"""What `muster check` finds, by its code and line; and what it keeps silent about."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbt_muster.lint import lint
from dbt_muster.specs import load
from tests.unit.specs.corpus import write_project

ENTITIES = """\
entity: customer
model: ref('customers')
key: id
timezone: Europe/London
attributes:
  country: {type: string}
  age: {type: integer}
  score: {type: number}
  subscribed: {type: boolean}
  interests: {type: list}
  birthday: {type: date}
  seen_at: {type: timestamptz}
  anything:
events:
  orders:
    model: ref('orders')
    key: customer_id
    at: ordered_at
    history: 2 years
    properties: {status: {type: string}, amount: {type: number}}
  app: {model: ref('app'), key: user_id, at: at, name: kind}
through: {entity: account, key: account_id}
---
entity: account
model: ref('accounts')
key: id
events:
  logins: {model: ref('logins'), key: account_id, at: at, history: 1 year}
  orders: {model: ref('account_orders'), key: account_id, at: at}
"""
TRAITS = {
    "order_count": "trait: order_count\nentity: customer\ncount: {event: orders}\n",
    "last_ordered_at": "trait: last_ordered_at\nentity: customer\nlast: {event: orders}\n",
    "old_share": "trait: old_share\nentity: customer\nexpression: old_orders / nullif(order_count, 0)\n",
    "old_orders": "trait: old_orders\nentity: customer\ncount: {event: orders, within: 3 years}\n",
}


def findings(root: Path, criteria: str, **others: str) -> list[tuple[str, int]]:
    """The code and the line of each finding about `them`, whose criteria begin on line 4."""
    files = {"audience_specs/entities.yml": ENTITIES}
    files |= {f"audience_specs/traits/{name}.yml": text for name, text in TRAITS.items()}
    for name, text in {"them": criteria, **others}.items():
        head = f"audience: {name}\nentity: customer\n"
        files[f"audience_specs/audiences/{name}.yml"] = f"{head}criteria:\n{text}"
    found = lint(load(write_project(root, files, good=False)), ["them"])
    return [(finding.code, finding.position.line) for finding in found]


CONTRADICTORY = {
    "numbers": ("{attribute: score, at_least: 5}", "{attribute: score, less_than: 3}"),
    "whole numbers with nothing between": (
        "{attribute: age, more_than: 5}",
        "{attribute: age, less_than: 6}",
    ),
    "an end that is excluded": ("{attribute: score, at_least: 5}", "{attribute: score, less_than: 5}"),
    "two values": ("{attribute: country, is: GB}", "{attribute: country, is: FR}"),
    "lists apart": ("{attribute: country, in: [GB, IE]}", "{attribute: country, in: [FR, DE]}"),
    "a value that is excluded": ("{attribute: country, is: GB}", "{attribute: country, not_in: [GB, FR]}"),
    "a text and its beginning": ("{attribute: country, is: GB}", "{attribute: country, starts_with: F}"),
    "two beginnings": (
        "{attribute: country, starts_with: GB}",
        "{attribute: country, starts_with: FR}",
    ),
    "one and its complement": (
        "{attribute: country, contains: x}",
        "{attribute: country, not_contains: x}",
    ),
    "capitals or not": (
        "{attribute: country, is: gb, ignore_case: true}",
        "{attribute: country, is: FR, ignore_case: true}",
    ),
    "missing and set": (
        "{attribute: country, is_set: false}",
        "{attribute: country, is_not: GB}\n  - {attribute: country, is_set: true}",
    ),
    "true and false": ("{attribute: subscribed, is: true}", "{attribute: subscribed, is: false}"),
    "lists that include": (
        "{attribute: interests, includes: a}",
        "none: [{attribute: interests, includes_any: [a, b]}]",
    ),
    "windows apart": ("{attribute: seen_at, within: 30 days}", "{attribute: seen_at, before: 60 days ago}"),
    "days apart": ("{attribute: birthday, before: 2000-01-01}", "{attribute: birthday, after: 2001-01-01}"),
    "counts": ("{event: orders, count: {at_least: 3}}", "{event: orders, count: {at_most: 2}}"),
    "more in a part than in the whole": (
        "{event: orders, within: 30 days, count: {at_least: 3}}",
        "{event: orders, within: 60 days, count: {less_than: 3}}",
    ),
    "an event, and none in a longer window": (
        "{event: orders, within: 30 days}",
        "none: [{event: orders, within: 60 days}]",
    ),
    "a trait and what it counts": ("{trait: order_count, at_least: 1}", "{event: orders, count: {is: 0}}"),
    "a trait's time and its events": (
        "{trait: last_ordered_at, before: 60 days ago}",
        "{event: orders, within: 4 weeks}",
    ),
    "an audience and its complement": ("{audience: others}", "none: [{audience: others}]"),
    "three weeks and a month": (
        "{attribute: seen_at, after: 3 weeks ago}",
        "{attribute: seen_at, before: 1 month ago}",
    ),
}
OTHERS = "  - {attribute: country, is: GB}\n"


@pytest.mark.parametrize(("one", "other"), CONTRADICTORY.values(), ids=CONTRADICTORY)
def test_what_cannot_hold_together_is_found(tmp_path: Path, one: str, other: str) -> None:
    found = findings(tmp_path, f"  - {one}\n  - {other}\n", others=OTHERS)
    lines = 5 + other.count("\n  - ")
    assert [each for each in found if each[0] != "missing_counts"] == [("contradiction", lines)]


CONSISTENT = {
    "one number": ("{attribute: age, more_than: 5}", "{attribute: age, less_than: 7}"),
    "a number with a fraction": ("{attribute: score, more_than: 5}", "{attribute: score, less_than: 6}"),
    "both ends": ("{attribute: score, at_least: 5}", "{attribute: score, at_most: 5}"),
    "lists that meet": ("{attribute: country, in: [GB, IE]}", "{attribute: country, in: [IE, DE]}"),
    "capitals matter": (
        "{attribute: country, is: gb, ignore_case: true}",
        "{attribute: country, is: GB}",
    ),
    "nothing declared": ("{attribute: anything, is: '5'}", "{attribute: anything, is: '5.0'}"),
    "fewer in a part": (
        "{event: orders, within: 60 days, count: {at_least: 3}}",
        "{event: orders, within: 30 days, count: {less_than: 3}}",
    ),
    "an event before": ("{event: orders, within: 60 days}", "none: [{event: orders, within: 30 days}]"),
    "other events": (
        "{event: orders, within: 30 days}",
        "none: [{event: orders, within: 60 days, where: [{property: status, is: returned}]}]",
    ),
    "30 days and a month": (
        "{attribute: seen_at, after: 30 days ago}",
        "{attribute: seen_at, before: 1 month ago}",
    ),
    "a pattern": ("{attribute: country, is: GB}", "{attribute: country, matches: ^F}"),
    "includes both": ("{attribute: interests, includes: a}", "{attribute: interests, includes: b}"),
    "a sum without events": ("{event: orders, sum: {of: amount, at_most: 0}}", "{event: orders}"),
}


@pytest.mark.parametrize(("one", "other"), CONSISTENT.values(), ids=CONSISTENT)
def test_what_can_hold_together_is_left_alone(tmp_path: Path, one: str, other: str) -> None:
    assert findings(tmp_path, f"  - {one}\n  - {other}\n") == []


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ("  - {attribute: score, at_least: 5, less_than: 3}\n", [("contradiction", 4)]),
        (
            "  - {attribute: age, is: 1}\n  - {attribute: age, is: 2}\n  - {attribute: country, is: GB}\n",
            [("contradiction", 5), ("after_contradiction", 6)],
        ),
        ("  - {audience: british}\n  - {audience: french}\n", [("empty_intersection", 5)]),
        ("  - {audience: british}\n  - {attribute: country, is: FR}\n", [("empty_intersection", 5)]),
        (
            "  any:\n    - {attribute: age, at_least: 5}\n    - {attribute: age, at_least: 8}\n",
            [("redundant_branch", 6)],
        ),
        (
            "  any:\n    - {event: orders, within: 30 days}\n    - {event: orders}\n",
            [("redundant_branch", 5)],
        ),
        (
            "  any:\n    - {attribute: country, is: GB}\n    - {audience: british}\n",
            [("redundant_branch", 6)],
        ),
        (
            "  all: [{attribute: age, at_least: 5}]\n"
            "  any:\n    - {attribute: age, is: 3}\n    - {event: orders}\n",
            [("unreachable_branch", 6)],
        ),
        (
            "  all: [{attribute: country, is: GB}]\n  none:\n    - {attribute: country, is: FR}\n",
            [("unreachable_branch", 6)],
        ),
        ("  any:\n    - {event: orders}\n    - {event: orders, count: {is: 0}}\n", [("everyone", 5)]),
        ("  - {event: orders, count: {at_least: 0}}\n", [("everyone", 4)]),
        ("  - {event: orders, within: 3 years}\n", [("longer_than_history", 4)]),
        ("  - {event: orders, within: 24 months}\n", []),
        ("  - {event: app.opened, within: 3 years}\n", []),
        ("  - {trait: old_share, at_least: 1}\n", [("longer_than_history", 4)]),
        ("  - sql: age > 3\n  - none: [{sql: age > 3}]\n", [("contradiction", 5)]),
        (
            "  - sequence: [{event: app.opened}, {event: orders, within: 1 hour}]\n    within: 3 years\n",
            [("longer_than_history", 4)],
        ),
        (
            "  - {event: orders, periods: {at_least: 3, of: 4, each: week}}\n"
            "  - {event: orders, periods: {at_most: 2, of: 4, each: week}}\n",
            [("contradiction", 5)],
        ),
        ("  - {event: orders, periods: {at_most: 4, of: 4, each: week}}\n", [("everyone", 4)]),
        ("  - any: [{trait: old_orders, at_least: 5}]\n", [("longer_than_history", 4)]),
        (
            "  - through: account\n    where: [{event: logins, within: 2 years}]\n",
            [("longer_than_history", 4)],
        ),
        ("  - through: account\n    where: [{event: orders, within: 3 years}]\n", []),
        (
            "  - through: account\n    where:\n      - through: customer\n        count: {at_least: 2}\n"
            "        where: [{event: orders, within: 3 years}]\n",
            [("longer_than_history", 4)],
        ),
        ("  - {attribute: country, is_not: GB}\n", [("missing_counts", 4)]),
        ("  - {attribute: country, is_not: GB, is_set: true}\n", []),
        ("  - {attribute: country, is_not: GB}\n  - {attribute: country, starts_with: G}\n", []),
        ("  none: [{attribute: country, is: GB}]\n", [("missing_counts", 4)]),
        ("  none: [{attribute: country, is_not: GB}]\n", []),
        ("  none: [{attribute: seen_at, within: 30 days}]\n", [("missing_counts", 4)]),
        ("  any: [{all: [{attribute: age, not_in: [1]}, {attribute: age, is_set: true}]}]\n", []),
        ("  - {attribute: country, is_set: false}\n", []),
    ],
)
def test_each_kind_of_finding(tmp_path: Path, criteria: str, expected: list[tuple[str, int]]) -> None:
    others = {"british": OTHERS, "french": OTHERS.replace("GB", "FR")}
    assert findings(tmp_path, criteria, **others) == expected


def test_the_same_criteria_in_another_order_are_a_duplicate(tmp_path: Path) -> None:
    one = "  - {event: orders, within: 72 hours}\n  - {attribute: country, in: [GB, IE]}\n"
    other = "  all:\n    - {attribute: country, in: [IE, GB]}\n    - {event: orders, within: 3 days}\n"
    assert findings(tmp_path, one, alpha=other) == [("duplicate_audience", 1)]
    split = f"{one}split: {{control: 10%, rest: 90%}}\n"
    assert findings(tmp_path, split, alpha=other) == [("duplicate_audience", 1)]
    assert findings(tmp_path, f"{one}limit: {{top: 5, by: order_count}}\n", alpha=other) == []


def test_what_is_accepted_is_silent_and_what_accepts_nothing_is_found(tmp_path: Path) -> None:
    criteria = "  - {attribute: country, is_not: GB}\n"
    accept = "accept:\n  - {finding: missing_counts, because: guests are welcome}\n"
    assert findings(tmp_path, criteria + accept) == []
    more = "  - {finding: everyone, because: no}\n  - {finding: missing_counts, because: again}\n"
    assert findings(tmp_path, criteria + accept + more) == [("unused_accept", 7), ("unused_accept", 8)]


def test_an_audience_with_a_limit_is_not_all_who_meet_its_criteria(tmp_path: Path) -> None:
    limited = f"{OTHERS}limit: {{top: 5, by: order_count}}\n"
    criteria = "  - {attribute: country, is: GB}\n  - none: [{audience: limited}]\n"
    assert findings(tmp_path, criteria, limited=limited) == []


def test_many_alternatives_are_looked_at_in_a_moment(tmp_path: Path) -> None:
    branches = "".join(
        f"  - any: [{{attribute: age, is: {n}}}, {{attribute: score, is: {n}}}, {{event: app.e{n}}}]\n"
        for n in range(40)
    )
    assert findings(tmp_path, branches) == []
