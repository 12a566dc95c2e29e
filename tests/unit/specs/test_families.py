"""Families of audiences: what is inherited, what is replaced, and what a placeholder becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbt_muster.specs import SpecErrors, load
from dbt_muster.specs.meaning import Audience
from tests.unit.specs.corpus import write_project

TEMPLATE = """\
audience: template
description: Lapsed in {{ country }}.
entity: customer
enabled: false
owner: growth
tags: [retention, "{{ country }}"]
parameters: {country: GB, least: 18, days: 30, countries: [GB, IE], subscribed: true}
criteria:
  - {attribute: country, is: "{{ country }}"}
  - {attribute: age, at_least: "{{ least }}"}
  - {attribute: country, in: "{{ countries }}"}
  - {attribute: subscribed, is: "{{ subscribed }}"}
  - {event: orders, within: "{{ days }} days"}
"""
PLAIN = """\
audience: plain
entity: customer
criteria:
  - {attribute: country, is: FR}
  - {attribute: age, at_least: 21.5}
  - {attribute: country, in: [FR]}
  - {attribute: subscribed, is: false}
  - {event: orders, within: 7 days}
"""
CHILD = """\
audience: child
extends: template
parameters: {country: FR, least: 21.5, days: 7, countries: [FR], subscribed: false}
"""


def audiences(root: Path, **files: str) -> dict[str, Audience]:
    named = {f"audience_specs/audiences/{name}.yml": text for name, text in files.items()}
    return load(write_project(root, named)).audiences


def test_a_child_means_what_it_would_mean_written_out(tmp_path: Path) -> None:
    found = audiences(tmp_path, template=TEMPLATE, child=CHILD, plain=PLAIN)
    assert found["child"].criteria == found["plain"].criteria
    assert found["child"].digest == found["plain"].digest
    assert found["template"].digest != found["child"].digest


def test_a_child_is_built_though_its_template_is_switched_off_and_has_its_other_keys(tmp_path: Path) -> None:
    found = audiences(tmp_path, template=TEMPLATE, child=CHILD)
    child = found["child"]
    assert (found["template"].enabled, child.enabled) == (False, True)
    assert (child.owner, child.tags, child.description) == ("growth", ("retention", "FR"), "Lapsed in FR.")
    assert child.position.file == Path("audience_specs/audiences/child.yml")


def test_a_key_that_is_given_replaces_the_whole_key_and_parameters_are_merged(tmp_path: Path) -> None:
    child = "audience: child\nextends: template\nparameters: {least: 3}\ntags: []\ndescription: Mine.\n"
    grandchild = (
        "audience: grandchild\nextends: child\ncriteria: [{attribute: age, at_least: '{{ least }}'}]\n"
    )
    found = audiences(tmp_path, template=TEMPLATE, child=child, grandchild=grandchild)
    assert found["grandchild"].tags == ()
    assert found["grandchild"].description == "Mine."
    plain = "audience: plain\nentity: customer\ncriteria: [{attribute: age, at_least: 3}]\n"
    assert found["grandchild"].criteria == audiences(tmp_path / "b", plain=plain)["plain"].criteria


def test_a_value_is_put_in_as_it_stands_and_never_read_again(tmp_path: Path) -> None:
    text = "audience: it\nentity: customer\nparameters: {word: '{{ word }} }} {% x %} \\'}\n"
    text += "criteria: [{attribute: country, is: 'a {{ word }} b'}, {attribute: country, is: '{{word}}'}]\n"
    plain = "audience: plain\nentity: customer\n"
    plain += "criteria: [{attribute: country, is: 'a {{ word }} }} {% x %} \\ b'}, "
    plain += "{attribute: country, is: '{{ word }} }} {% x %} \\'}]\n"
    found = audiences(tmp_path, it=text, plain=plain)
    assert found["it"].criteria == found["plain"].criteria


def test_a_mistake_of_a_template_is_reported_once_and_a_childs_says_whose_it_is(tmp_path: Path) -> None:
    template = TEMPLATE.replace("attribute: country, in", "attribute: land, in")
    with pytest.raises(SpecErrors) as raised:
        audiences(tmp_path, template=template, child=CHILD.replace("days: 7", "days: some"))
    said = [(problem.file.name, problem.line, problem.said) for problem in raised.value.problems]
    assert said == [
        ("template.yml", 11, "the entity `customer` has no attribute `land`"),
        ("template.yml", 13, "`some days` is not a length of time (in `child`, which extends this)"),
    ]


def test_a_broken_template_makes_nothing_else_unknown(tmp_path: Path) -> None:
    user = "audience: user\nentity: customer\ncriteria: [{audience: child}]\n"
    with pytest.raises(SpecErrors) as raised:
        audiences(tmp_path, template="audience: [", child=CHILD, user=user)
    assert [problem.code for problem in raised.value.problems] == ["syntax"]
