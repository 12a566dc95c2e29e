"""A finding in generated SQL stands at the line of the spec that it came from."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions as exp

from dbt_muster.portability import locating
from dbt_muster.portability.checking import check
from dbt_muster.portability.findings import Finding
from dbt_muster.portability.locating import located
from dbt_muster.portability.parsing import shown
from dbt_muster.portability.statements import Statement, model_statements, renderer
from dbt_muster.specs import load
from dbt_muster.specs.meaning import Project
from tests.unit.testing.kit import ENTITIES
from tests.unit.testing.kit import project as written

THEM = (
    "entity: customer\n"
    "criteria:\n"
    "  all:\n"
    "    - {attribute: country, is: GB}\n"
    "    - any:\n"
    "        - {attribute: score, at_least: 3}\n"
    "        - {event: orders, where: [{property: wish, is: cake}]}\n"
)
BUYERS = (
    "audience: buyers\nentity: customer\ncriteria:\n"
    "  - {attribute: country, in: [GB, FR]}\n"
    "  - {event: orders, where: [{property: status, matches: 'a+'}], within: 30 days}\n"
)
WISH = "{status: {type: string}, wish: {path: [payload, 'the \"wish\"'], type: string}}"
ENTITY = ENTITIES.replace("{status: {type: string}, amount: {type: number}}", WISH)
OF_EVENTS = "muster_features__customer__orders__31_days"
OF_TRAIT = "muster_features__customer__orders__unique_list__status__100"
STATUSES = "trait: statuses\nentity: customer\nunique_list: {event: orders, of: status}\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    written(tmp_path, THEM, entities=ENTITY, audiences__buyers=BUYERS, traits__statuses=STATUSES)
    return load(tmp_path)


def places(project: Project, *findings: Finding) -> list[tuple[str, int]]:
    found = located(project, list(model_statements(project)), findings)
    assert all(finding.position for finding in found)
    return [(each.position.file.stem, each.position.line) for each in found if each.position]


def part(project: Project, model: str, kind: type[exp.Expr], dialect: str = "snowflake") -> Finding:
    """A finding about the first part of a kind that a model has."""
    (statement,) = [each for each in model_statements(project) if each.name == model and not each.incremental]
    tree = sqlglot.parse_one(statement.sql(renderer(dialect)), dialect=dialect)
    node = tree.find(kind)
    assert node is not None
    return Finding("mixed_types", "error", model, dialect, "no", shown(node.sql(dialect=dialect)))


def test_what_a_warehouse_does_not_offer_stands_at_the_criterion_inside_of_its_group(
    project: Project,
) -> None:
    statements = list(model_statements(project))
    findings = [
        finding
        for judgement in check(project, statements, ["trino"])
        for finding in judgement.findings
        if finding.code == "not_offered"
    ]
    assert places(project, *findings) == [("them", 8)]
    assert located(project, statements, findings)[0].instead


def test_a_part_of_an_audiences_model_stands_at_the_criterion_that_wrote_it(project: Project) -> None:
    assert places(project, part(project, "buyers", exp.In)) == [("buyers", 4)]


def test_a_part_of_a_shared_model_stands_at_the_audience_or_the_trait_that_asks_for_it(
    project: Project,
) -> None:
    assert places(project, part(project, OF_TRAIT, exp.AggFunc)) == [("statuses", 1)]
    assert places(project, part(project, OF_EVENTS, exp.RegexpInstr)) == [("buyers", 5)]


def test_a_column_of_an_entity_stands_at_the_attribute_that_declares_it(tmp_path: Path) -> None:
    entities = ENTITY.replace(
        "  country: {type: string}", "  country: {path: [facts, 'the \"country\"'], type: string}"
    )
    written(tmp_path, THEM, entities=entities, audiences__buyers=BUYERS)
    project = load(tmp_path)
    statements = [each for each in model_statements(project) if each.name == "muster_entities__customer"]
    (finding,) = [
        finding
        for judgement in check(project, statements, ["trino"])
        for finding in judgement.findings
        if finding.code == "not_offered"
    ]
    assert places(project, finding) == [("entities", 6)]


def test_two_audiences_that_ask_for_the_same_are_both_named(project: Project, tmp_path: Path) -> None:
    others = BUYERS.replace("audience: buyers", "audience: others").replace("GB, FR", "ES, PT")
    (tmp_path / "audience_specs/audiences/others.yml").write_text(others)
    both = load(tmp_path)
    assert places(both, part(both, OF_EVENTS, exp.RegexpInstr)) == [("buyers", 5), ("others", 5)]


def test_what_no_part_gives_stands_at_its_audience_or_its_entity(project: Project) -> None:
    findings = [
        Finding("other_rows", "error", model, "trino", "2 rows are different")
        for model in (
            "them",
            "muster_entities__customer",
            "muster_identifiers__customer",
            "muster_traits__customer",
        )
    ]
    assert places(project, *findings) == [("them", 1), ("entities", 1), ("entities", 1), ("statuses", 1)]


def test_a_model_that_one_part_alone_makes_stands_there(project: Project) -> None:
    models = (OF_EVENTS, OF_TRAIT)
    notes = [Finding("not_run", "note", model, "trino", "DuckDB does not run it") for model in models]
    assert sorted(places(project, *notes)) == [("buyers", 5), ("statuses", 1)]


def test_only_audiences_that_are_asked_about_are_named(project: Project) -> None:
    statements = list(model_statements(project))
    finding = Finding("not_run", "note", OF_EVENTS, "trino", "no")
    places = [located(project, statements, [finding], names)[0].position for names in (["buyers"], ["them"])]
    assert [place and place.file.stem for place in places] == ["buyers", None]


def test_when_too_many_parts_have_been_tried_a_finding_stands_at_its_audience(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = part(project, "buyers", exp.In)
    monkeypatch.setattr(locating, "MOST_TRIED", {"error": 0, "note": 0})
    assert places(project, finding) == [("buyers", 1)]


def test_a_statement_that_no_spec_makes_has_no_line(project: Project) -> None:
    statements = [*model_statements(project), Statement("muster_sizes", "shipped", "select 1")]
    finding = Finding("parse", "error", "muster_sizes", "trino", "no")
    (found,) = located(project, statements, [finding])
    assert found.position is None


def test_of_nothing_nothing_is_traced(project: Project) -> None:
    assert located(project, [], []) == []
