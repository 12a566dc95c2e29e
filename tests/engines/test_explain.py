"""`muster explain` looks into the audiences and the other entities that criteria name, on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from dbt_muster.plan.audiences import has_standing
from dbt_muster.seeing import Clock, explain
from dbt_muster.seeing.criteria import standing_note
from dbt_muster.seeing.inline import Site
from dbt_muster.seeing.verdicts import Named, Naming, Verdict
from dbt_muster.specs import load
from dbt_muster.specs.meaning import MemberOf, Project
from tests.engines.cases import Case, read_case, read_cases
from tests.engines.emulator import MISSING_TIME, with_example
from tests.engines.engines import DuckDB, Engine, Warehouse, steps, write_specs
from tests.engines.known import ENGINES
from tests.engines.test_random import drawn
from tests.engines.test_seeing import site_of
from tests.oracle.entities import Subject
from tests.oracle.evaluate import Evaluation
from tests.oracle.strategies import worlds
from tests.oracle.world import Key, World
from tests.thorough import examples, thorough


def _naming_others(world: World) -> list[str]:
    """The audiences of a world that name another one, or another entity."""
    return [
        name for name, spec in world.audiences.items() if {"audience", "through"} & _words(spec["criteria"])
    ]


def _words(criteria: object) -> set[str]:
    """Every key of a written part of a spec."""
    if isinstance(criteria, dict):
        return set(criteria).union(*map(_words, criteria.values()))
    return set().union(*map(_words, criteria)) if isinstance(criteria, list) else set()


_OF_OTHERS = [case for case in read_cases() if _naming_others(case.world)]
_ENGINES = [name for name, known in ENGINES.items() if thorough() or not known.slow]

AROUND = """\
case: Customers of accounts, and audiences of audiences.
as_of: 2026-11-23T12:00:00
attributes: {country: {type: string}, spent: {type: integer}}
through: {entity: account, key: account_id}
aliases: {rows: [{old: 40, new: 4}]}
people:
  - {id: 1, country: GB, spent: 50, account_id: 70}
  - {id: 2, country: GB, spent: 40, account_id: 7}
  - {id: 10, country: FR, spent: 60, account_id: 7}
  - {id: 40, country: GB, account_id: 99}
  - {id: 5, country: GB, spent: 10}
  - {id: 6, country: GB, spent: 10, account_id: 9}
  - {id: 7, country: GB, spent: 10, account_id: 9}
  - {id: 8, country: IE, spent: 10, account_id: 9}
  - {id: 9, country: GB, spent: 10, account_id: 9}
  - {id: 11, country: GB, spent: 10, account_id: 9}
events:
  orders: {rows: [{person: 1, at: 1 hour ago}, {person: 1, at: 2 hours ago}, {person: 10, at: 1 day ago}]}
others:
  account:
    key: {column: account, type: string}
    timezone: Asia/Tokyo
    attributes: {plan: {type: string}, seats: {type: integer}, renewed: {type: timestamp}}
    aliases: {rows: [{old: "70", new: "7"}]}
    rows:
      - {account: "7", plan: big, seats: 2, renewed: 2026-11-22T20:00:00}
      - {account: "8", plan: small}
      - {account: "9", plan: small, seats: 4}
audiences:
  british: [{attribute: country, is: GB}]
  buyers: [{event: orders, count: {at_least: 2}}]
  top_british: {criteria: [{audience: british}], limit: {top: 2, by: spent}}
  nested: {any: [{audience: buyers}, {none: [{audience: top_british}]}, {audience: british}]}
  of_big: [{through: account, where: [{attribute: plan, is: big}, {attribute: renewed, on: today}]}]
  fine_accounts:
    entity: account
    criteria: [{through: person, count: {at_least: {attribute: seats}}, where: [{audience: british}]}]
  of_fine: [{through: account, where: [{audience: fine_accounts}]}]
  all_spent: {entity: account, criteria: [{through: person, match: all, where: {any: [{attribute: spent, at_least: 50}, {audience: top_british}]}}]}
  no_irish: {entity: account, criteria: [{through: person, match: none, where: [{attribute: country, is: IE}]}]}
expect: {}
"""  # noqa: E501 - one audience a line
SAID = {
    ("nested", "1"): """\
true   at least one of these holds:
true     a member of buyers:
true       orders happened at least 2 times ever  (count 2, wanted at least 2)
false    none of these holds:
true       a member of top_british:  (the criteria hold, and it is one of the 2 with the largest spent, ties by key: spent 50)
true         a member of british:
true           country is GB  (country GB, wanted GB)
true     a member of british  (its criteria stand above)
""",  # noqa: E501 - as it is printed
    ("nested", "5"): """\
true   at least one of these holds:
false    a member of buyers:
false      orders happened at least 2 times ever  (count 0, wanted at least 2)
true     none of these holds:
false      a member of top_british:  (the criteria hold, but it is not one of the 2 with the largest spent, ties by key: spent 10)
true         a member of british:
true           country is GB  (country GB, wanted GB)
true     a member of british  (its criteria stand above)
""",  # noqa: E501 - as it is printed
    ("nested", "4"): """\
true   at least one of these holds:
false    a member of buyers:
false      orders happened at least 2 times ever  (count 0, wanted at least 2)
true     none of these holds:
false      a member of top_british:  (the criteria hold, but spent is missing, so it cannot be one of the 2 with the largest spent, ties by key)
true         a member of british:
true           country is GB  (country GB, wanted GB)
true     a member of british  (its criteria stand above)
""",  # noqa: E501 - as it is printed
    ("of_big", "1"): """\
true   all of these hold:
true     its account meets:  (account 7)
true       plan is big  (plan big, wanted big)
true       renewed is today (2026-11-23 to 2026-11-24)  (renewed 2026-11-23 05:00, wanted today)
""",
    ("of_big", "4"): """\
false  all of these hold:
false    its account meets: (plan is big and renewed is today (2026-11-23 to 2026-11-24))  (there is no account 99)
""",  # noqa: E501 - as it is printed
    ("of_big", "5"): """\
false  all of these hold:
false    its account meets: (plan is big and renewed is today (2026-11-23 to 2026-11-24))  (no account)
""",
    ("of_fine", "6"): """\
true    all of these hold:
true      its account meets:  (account 9)
true        a member of fine_accounts:
true          the number of its persons that meet this is at least seats:  (5 related, 4 meet it, wanted at least seats; seats is 4; person 6, 7, 9 and others meet it; person 8 does not)
4 of 5          a member of british:
4 of 5            country is GB
""",  # noqa: E501 - as it is printed
    ("all_spent", "7"): """\
true    all of these hold:
true      all of its persons meet:  (3 related, 3 meet it, wanted all; person 1, 2, 10 meet it)
3 of 3      at least one of these holds:
2 of 3        spent is at least 50
2 of 3        a member of top_british:  (limited to the 2 with the largest spent, ties by key)
2 of 3          a member of british:
2 of 3            country is GB
""",
    ("all_spent", "8"): """\
true   all of these hold:
true     all of its persons meet: (spent is at least 50 or a member of top_british)  (no related person, so none fails it)
""",  # noqa: E501 - as it is printed
    ("no_irish", "9"): """\
false   all of these hold:
false     none of its persons meets:  (5 related, 1 meets it, wanted none; person 8 meets it; person 6, 7, 9 and others do not)
1 of 5      country is IE
""",  # noqa: E501 - as it is printed
}


@contextmanager
def filled(engine: Warehouse, world: World, folder: Path) -> Iterator[tuple[Project, Site, Clock]]:
    """A world's tables, of which nothing is built."""
    write_specs(world, folder)
    clock = Clock.at(world.as_of.isoformat())
    with engine.schema():
        for name, table in world.tables.items():
            engine.fill(name, table)
        yield load(folder), site_of(engine, clock), clock


@pytest.mark.parametrize("engine", _ENGINES, indirect=True)
def test_what_stands_behind_an_audience_and_another_entity_is_said(engine: Engine, tmp_path: Path) -> None:
    assert isinstance(engine, Warehouse)
    with filled(engine, read_case(AROUND).world, tmp_path) as (project, site, clock):
        for (audience, key), said in SAID.items():
            found = explain(project, project.audiences[audience], key, site, clock)
            assert "\n".join([*found.lines()][2:]) + "\n" == said


@pytest.mark.parametrize("engine", _ENGINES, indirect=True)
def test_an_alias_is_explained_as_the_key_that_it_means(engine: Engine, tmp_path: Path) -> None:
    assert isinstance(engine, Warehouse)
    with filled(engine, read_case(AROUND).world, tmp_path) as (project, site, clock):
        for name, alias, key in [("british", "40", "4"), ("fine_accounts", "70", "7")]:
            audience = project.audiences[name]
            found = explain(project, audience, alias, site, clock)
            meant = explain(project, audience, key, site, clock)
            assert [*found.lines()] == [f"{alias} is an alias of {key}.", "", *meant.lines()]
            assert found.to_dict() == meant.to_dict() | {"alias": alias}
        nobody = explain(project, project.audiences["british"], "41", site, clock)
        assert (nobody.verdict, nobody.alias) == (None, None)


@pytest.mark.parametrize("case", _OF_OTHERS, ids=lambda case: case.name)
def test_what_is_said_of_others_is_what_the_oracle_finds(case: Case, tmp_path: Path) -> None:
    check(case.world, tmp_path)


def test_what_is_said_in_random_worlds_is_what_the_oracle_finds(tmp_path: Path) -> None:
    for number, world in enumerate(islice(drawn(worlds(audiences=6, accounts=True), 77), examples(15))):
        check(world, tmp_path / str(number))


def check(world: World, folder: Path) -> None:
    """Ask DuckDB about a few keys of each audience that names another one, or another entity."""
    evaluation = Evaluation(world)
    with closing(DuckDB()) as engine, filled(engine, world, folder) as (project, site, clock):
        for name in _naming_others(world):
            audience = project.audiences[name]
            if standing_note(project, audience):
                continue  # who is in depends on earlier evaluations, which only the built tables know
            for key in list(evaluation.entity(audience.entity).population)[:8]:
                found = explain(project, audience, str(key), site, clock)
                assert found.member == (key in evaluation.members_of(name)), f"{name}: {key}"
                assert found.verdict is not None
                _agree(found.verdict, Subject(audience.entity, key), evaluation)


def _agree(verdict: Verdict, subject: Subject, evaluation: Evaluation) -> None:
    """A verdict about one key, and those below it, against the oracle and each other."""
    condition, below = verdict.node.condition, verdict.children
    if isinstance(condition, MemberOf):
        assert verdict.holds == (subject.key in evaluation.members_of(condition.audience))
    elif below and verdict.node.kind != "condition":
        held = [bool(child.holds) for child in below]
        assert verdict.holds == {"all": all(held), "any": any(held), "none": not any(held)}[verdict.node.kind]
    match verdict.related:
        case Named(other, named):
            theirs = evaluation.related(subject, other)
            assert verdict.related.found == bool(theirs)
            assert not theirs or [named] == list(map(str, theirs))
            assert not theirs or verdict.holds == all(child.holds for child in below)
            for child in below:
                _agree(child, Subject(other, theirs[0]), evaluation)
        case Naming(other):
            _agree_of_several(verdict, verdict.related, evaluation.related(subject, other), evaluation)
        case None:
            for child in below:
                _agree(child, subject, evaluation)


def _agree_of_several(verdict: Verdict, found: Naming, keys: list[Key], evaluation: Evaluation) -> None:
    """A verdict about those who name a key."""
    assert found.count == len(keys)
    for child in _below(verdict):
        assert child.of == len(keys)
        if isinstance(child.node.condition, MemberOf):
            members = evaluation.members_of(child.node.condition.audience)
            assert child.holds == len(members.intersection(keys))
            if verdict.children == (child,):
                assert found.examples == tuple(map(str, sorted(members.intersection(keys))[:3]))
                assert found.others == tuple(map(str, sorted(set(keys) - members)[:3]))
    if len(verdict.children) == 1:
        assert found.meeting == verdict.children[0].holds


def _below(verdict: Verdict) -> Iterator[Verdict]:
    for child in verdict.children:
        yield child
        yield from _below(child)


@pytest.mark.parametrize("engine", _ENGINES, indirect=True)
def test_what_earlier_evaluations_know_of_a_key_is_said(engine: Engine, tmp_path: Path) -> None:
    assert isinstance(engine, Warehouse)
    if engine.name == "snowflake":
        pytest.skip(with_example(MISSING_TIME))
    (case,) = (case for case in read_cases() if case.name == "staying_and_expiring")
    with filled(engine, case.world, tmp_path) as (project, site, clock):
        for step in steps(case.world, engine.name, engine.quoted):
            engine.build(step)
        site = replace(site, built=engine.quoted)

        for name, audience in project.audiences.items():
            for key in ("1", "2", "3"):
                found = explain(project, audience, key, site, clock)
                was = "it was a member" if int(key) in case.expected[name] else "it was no member"
                assert (was in (found.standing or "")) == has_standing(audience), f"{name}: {key}"
        stays, expires = project.audiences["stays_longer"], project.audiences["expires"]
        stayed = explain(project, stays, "2", site, clock)
        assert next(stayed.lines()) == "2 does not qualify for stays_longer, as of 2026-03-10 (UTC)."
        assert stayed.standing == (
            "at its last evaluation, 2026-03-10, it was a member, since 2026-03-04: "
            "it last qualified 2026-03-04, and `stay` kept it"
        )
        expired = explain(project, expires, "3", site, clock)
        assert next(expired.lines()) == "3 qualifies for expires, as of 2026-03-10 (UTC)."
        assert expired.standing == (
            "at its last evaluation, 2026-03-10, it was no member: "
            "its membership had expired, and it had qualified ever since"
        )
        nested = explain(project, project.audiences["of_those_who_stay"], "3", site, clock)
        assert nested.verdict is not None
        (of_stays,) = nested.verdict.children
        said = "at its last evaluation, 2026-03-10, it was a member, since 2026-03-07"
        assert of_stays.reading == said
        unbuilt = explain(project, stays, "2", replace(site, built=lambda _: None), clock)
        assert unbuilt.standing == "it has not been built, so nothing is known of earlier evaluations"
        early = Clock.at("2026-02-01")
        before = explain(project, stays, "2", replace(site, as_of=early.as_of), early)
        assert before.standing == "it was never evaluated by then"
