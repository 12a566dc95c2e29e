"""The digest of an audience says what it means, and the canonical JSON is one text for one meaning."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from dbt_muster.specs import load
from dbt_muster.specs.canonical import canonical_json
from dbt_muster.specs.meaning import Compare, Position, Property, Type, Value
from tests.unit.specs.corpus import GOOD, write_project

AUDIENCE = """\
audience: it
description: One.
entity: customer
criteria:
  - {trait: lifetime_value, at_least: 500}
  - {audience: vip}
  - {event: orders, count: {at_least: 3, at_most: 9}, where: [{property: status, is: paid}]}
"""
ALIASES = "aliases: {model: ref('aliases'), from: old, to: new}"
SAME = """\
# another layout
entity: customer
owner: growth
tags: [a]
enabled: true
audience: it
criteria:
  all:
  - at_least: 5.0e2
    trait: lifetime_value
  - {audience: "vip"}
  - event: orders
    where:
      all:
      - {is: paid, property: status}
    count: {at_most: 9, at_least: 3}
"""


def digest(folder: Path, audience: str = AUDIENCE, **files: str) -> str:
    named = {f"audience_specs/{name.replace('__', '/')}.yml": content for name, content in files.items()}
    project = load(write_project(folder, {"audience_specs/audiences/it.yml": audience, **named}))
    return project.audiences["it"].digest


def test_layout_description_and_owner_do_not_change_the_digest(tmp_path: Path) -> None:
    assert digest(tmp_path / "a") == digest(tmp_path / "b", SAME)


@pytest.mark.parametrize(
    "files",
    [
        {"audience": AUDIENCE.replace("500", "501")},
        {"audience": AUDIENCE.replace("paid", "Paid")},
        {"audience": AUDIENCE + "limit: {top: 3, by: score}\n"},
        {"traits__lifetime_value": GOOD["audience_specs/traits/lifetime_value.yml"].replace("sum", "max")},
        {"audiences__vip": "audience: vip\nentity: customer\ncriteria: [{event: orders}]\n"},
        {"entities": GOOD["audience_specs/entities.yml"].replace("fct_orders", "fct_sales")},
        {"entities": GOOD["audience_specs/entities.yml"].replace("Europe/London", "Europe/Paris")},
        {"entities": GOOD["audience_specs/entities.yml"].replace("\nevents:", f"\n{ALIASES}\nevents:", 1)},
        {"entities": GOOD["audience_specs/entities.yml"].replace("status: {", "status: {column: state, ")},
    ],
)
def test_another_meaning_is_another_digest(files: dict[str, str], tmp_path: Path) -> None:
    assert digest(tmp_path / "a") != digest(tmp_path / "b", **files)


def test_a_trait_that_an_event_is_compared_with_changes_the_digest(tmp_path: Path) -> None:
    audience = AUDIENCE.replace("{trait: lifetime_value, at_least: 500}", "{trait: above, at_least: 1}")
    above = """\
trait: above
entity: customer
count: {event: orders, where: [{property: amount, more_than: {trait: usual}}]}
"""
    usual = "trait: usual\nentity: customer\naverage: {of: amount, event: orders}\n"
    one = digest(tmp_path / "a", audience, traits__above=above, traits__usual=usual)
    other = digest(
        tmp_path / "b", audience, traits__above=above, traits__usual=usual.replace("average", "max")
    )
    assert one != other


def test_what_an_audience_does_not_use_does_not_change_its_digest(tmp_path: Path) -> None:
    entities = GOOD["audience_specs/entities.yml"].replace("score: {type: number}", "score: {type: integer}")
    assert digest(tmp_path / "a") == digest(tmp_path / "b", entities=entities)


SEQUENCE = """\
audience: it
entity: customer
criteria:
  - sequence:
      - {event: app.open, as: first}
      - {event: app.close, within: 1 day, where: [{property: screen, is: {step: first, property: screen}}]}
"""


def test_the_name_of_a_step_does_not_change_the_digest(tmp_path: Path) -> None:
    assert digest(tmp_path / "a", SEQUENCE) == digest(tmp_path / "b", SEQUENCE.replace("first", "opened"))


@pytest.mark.parametrize(
    ("written", "instead"), [("1 day", "2 days"), ("app.open", "app.read"), ("is:", "is_not:")]
)
def test_another_step_is_another_digest(written: str, instead: str, tmp_path: Path) -> None:
    assert digest(tmp_path / "a", SEQUENCE) != digest(tmp_path / "b", SEQUENCE.replace(written, instead))


def test_a_property_that_only_a_later_step_compares_with_is_part_of_the_digest(tmp_path: Path) -> None:
    entities = GOOD["audience_specs/entities.yml"].replace("screen: {", "screen: {column: page, ")
    assert digest(tmp_path / "a", SEQUENCE) != digest(tmp_path / "b", SEQUENCE, entities=entities)


def test_canonical_json_has_keys_in_order_exact_decimals_and_no_positions() -> None:
    value = {"b": Decimal("1.50"), "a": (Decimal("2.0"), Type.DATE, Path("x/y")), "é": None}
    assert canonical_json(value) == '{"a":[2,"date","x/y"],"b":{"decimal":"1.5"},"é":null}'
    assert canonical_json(Position(Path("x"), 1, 2)) == '{"column":2,"file":"x","is":"Position","line":1}'


def test_fields_at_their_default_are_left_out_of_canonical_json() -> None:
    compare = Compare(Property("a", Type.STRING), "is", (Value("x", Type.STRING),))
    assert "negated" not in canonical_json(compare)
    assert '"negated":true' in canonical_json(Compare(compare.left, "is", compare.right, negated=True))


def test_a_class_without_a_canonical_form_is_refused() -> None:
    @dataclass
    class Held:
        it: object

    with pytest.raises(TypeError, match="canonical form"):
        canonical_json(Held(object()))


def test_the_digest_changes_with_what_is_read_of_another_entity(tmp_path: Path) -> None:
    around = GOOD["audience_specs/entities.yml"].replace(
        "\nevents:", "\nthrough: {entity: account, key: account_id}\nevents:", 1
    )
    audience = (
        "audience: it\nentity: customer\n"
        "criteria: [{through: account, where: [{trait: seats, at_least: 2}, {audience: big}]}]\n"
    )
    big = (
        "audience: big\nentity: account\ncriteria: [{through: customer, where: [{attribute: age, is: 3}]}]\n"
    )
    seats = GOOD["audience_specs/traits/seats.yml"]
    changed = [
        {},
        {"entities": around.replace("key: account_id}", "key: account}")},
        {"entities": around.replace("'accounts'", "'companies'")},
        {"entities": around.replace("ref('logins')", "ref('visits')")},
        {"traits__seats": seats.replace("{event", "{within: 30 days, event")},
        {"audiences__big": big.replace("is: 3", "is: 4")},
        {"audience": audience.replace("at_least: 2", "at_least: 3")},
        {"entities": around.replace("age: {type", "age: {column: years, type")},
    ]
    found = {
        digest(
            tmp_path / str(index),
            **{
                "audience": audience,
                "entities": around,
                "audiences__big": big,
                "traits__seats": seats,
                **files,
            },
        )
        for index, files in enumerate(changed)
    }
    assert len(found) == len(changed)
