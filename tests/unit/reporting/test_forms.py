"""What a check has to say, for people, for GitHub and for code scanning."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbt_muster.portability.findings import Finding, Verdict
from dbt_muster.reporting.github import github
from dbt_muster.reporting.remark import Remark, gathered, of_sql
from dbt_muster.reporting.sarif import NOWHERE, Explained, sarif
from dbt_muster.reporting.table import table
from dbt_muster.reporting.text import counted, line
from dbt_muster.specs.meaning import Position
from dbt_muster.specs.problems import printable
from tests.unit.reporting.sarif_schema import SCHEMA

IN_SPEC = Remark(
    "contradiction",
    "error",
    "“a: b, 100%” cannot hold together with “c” (line 4)",
    "vip",
    "docs/lint.md#contradiction",
    file="audience_specs/audiences/a b,c.yml",
    line=5,
    column=7,
)
IN_SQL = Remark(
    "unknown_function",
    "error",
    "there is no function `f`",
    "vip",
    "docs/portability-codes.md#unknown_function",
    ("trino", "redshift"),
    "F(a,\tb)",
    "a function that there is",
    "audience_specs/audiences/vip.yml",
    3,
    5,
)
NOTE = Remark(
    "not_run", "note", "not run", "muster_memberships", "docs/portability-codes.md#not_run", ("trino",)
)
REMARKS = [NOTE, IN_SPEC, IN_SQL]
VERDICTS: dict[str, dict[str, Verdict]] = {
    "vip": {"snowflake": "proved", "trino": "parsed only"},
    "everyone_else": {"snowflake": "fails", "trino": "proved"},
}


def test_an_annotation_has_its_place_and_escapes_what_github_would_read_otherwise() -> None:
    (error, *_) = github(REMARKS).splitlines()
    assert error == (
        "::error file=audience_specs/audiences/a b%2Cc.yml,line=5,col=7,title=muster contradiction::"
        "“a: b, 100%25” cannot hold together with “c” (line 4)"
    )


def test_annotations_are_one_line_each_with_the_worst_first() -> None:
    lines = github([NOTE, IN_SQL]).splitlines()
    assert [each.split(" ")[0] for each in lines] == ["::error", "::notice"]
    assert lines[0].endswith(
        "::vip (trino, redshift): there is no function `f`%0AF(a,\tb)"
        "%0Awrite instead: a function that there is"
    )
    assert lines[1].startswith("::notice title=muster not_run::")


@settings(max_examples=50)
@given(message=st.text(min_size=1), file=st.text(min_size=1), fragment=st.text())
def test_whatever_a_remark_holds_is_one_annotation_and_one_valid_result(
    message: str, file: str, fragment: str
) -> None:
    remark = Remark(
        "x", "note", message, "m", "docs/lint.md#x", fragment=fragment, file=file, instead=message
    )
    (annotation,) = github([remark]).splitlines()
    properties, data = annotation.removeprefix("::notice ").split("::", 1)
    assert len(properties.split(",")) == 4
    assert printable(message) in read_back(data)
    (result,) = sarif([remark], {})["runs"][0]["results"]
    jsonschema.validate(json.loads(json.dumps(sarif([remark], {}))), SCHEMA)
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri) == file


def read_back(text: str) -> str:
    """An annotation's text as GitHub reads it."""
    return text.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def test_a_log_is_valid_sarif() -> None:
    page = "docs/lint.md#contradiction"
    explained = {
        "contradiction": Explained("Conditions that cannot hold together", page, "One of *two*."),
        "unused": Explained("Not found", "docs/lint.md#unused"),
    }
    log = sarif(REMARKS, explained)
    jsonschema.validate(log, SCHEMA, format_checker=jsonschema.FormatChecker())
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    results = log["runs"][0]["results"]
    assert [rules[each["ruleIndex"]]["id"] for each in results] == [each["ruleId"] for each in results]
    assert {rule["id"] for rule in rules} == {"contradiction", "unused", "unknown_function", "not_run"}
    assert len(results) == 3
    (rule,) = [rule for rule in rules if rule["id"] == "contradiction"]
    assert rule["shortDescription"] == {"text": "Conditions that cannot hold together"}
    assert rule["help"]["markdown"] == f"One of *two*.\n\n`{page}` says more."


def test_a_result_stands_at_its_place_and_says_what_instead() -> None:
    (result,) = sarif([IN_SQL], {})["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == IN_SQL.file
    assert place["region"] == {"startLine": 3, "startColumn": 5}
    assert "Write instead: a function that there is" in result["message"]["text"]
    assert "F(a,\tb)" in result["message"]["text"]
    (nowhere,) = sarif([NOTE], {})["runs"][0]["results"]
    assert nowhere["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == NOWHERE


def test_files_are_written_as_addresses() -> None:
    (result,) = sarif([IN_SPEC], {})["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "audience_specs/audiences/a%20b%2Cc.yml"


def test_a_fingerprint_stays_when_lines_move_and_no_two_are_alike() -> None:
    moved = Remark(**{**vars(IN_SPEC), "line": 9, "message": IN_SPEC.message.replace("line 4", "line 8")})
    before, after = fingerprints([IN_SPEC, IN_SPEC]), fingerprints([moved, moved])
    assert before == after
    assert len(set(before)) == 2
    assert fingerprints([IN_SQL]) != before[:1]


def fingerprints(remarks: list[Remark]) -> list[str]:
    results = sarif(remarks, {})["runs"][0]["results"]
    return [each["partialFingerprints"]["musterFinding/v1"] for each in results]


def test_what_holds_for_several_warehouses_is_said_once() -> None:
    place = Position(Path("audience_specs/audiences/vip.yml"), 3, 5)
    found = [
        Finding("not_offered", "error", "vip", dialect, "there are no lists", position=place)
        for dialect in ("redshift", "trino")
    ]
    (remark,) = of_sql([*found, found[0]])
    assert remark.dialects == ("redshift", "trino")
    assert line(remark) == (
        "audience_specs/audiences/vip.yml:3:5: error: vip (redshift, trino): there are no lists [not_offered]"
    )


def test_one_reason_for_many_models_is_said_once_and_failures_stay_apart() -> None:
    notes = [Remark(**{**vars(NOTE), "about": name}) for name in ("a", "b", "c")]
    errors = [Remark(**{**vars(IN_SQL), "about": name}) for name in ("a", "b")]
    assert [remark.about for remark in gathered([*notes, *errors])] == ["a and 2 more", "a", "b"]


def test_a_terminal_is_sent_no_control_characters() -> None:
    remark = Remark("x", "note", "a\x1b[31mb", "m", "docs/lint.md#x", fragment="c\x07")
    assert "\x1b" not in line(remark)
    assert "\x07" not in line(remark)


def test_the_pages_that_explain_the_codes_are_named() -> None:
    assert counted([IN_SPEC]) == "1 finding; docs/lint.md says what each code means."
    assert counted(REMARKS).startswith(
        "2 findings and 1 note; docs/lint.md and docs/portability-codes.md say"
    )


def test_the_table_has_a_row_an_audience_and_counts() -> None:
    assert table(VERDICTS) == (
        "audience       snowflake    trino\n"
        "vip            proved       parsed only\n"
        "everyone_else  fails        proved\n"
        "\n"
        "2 audiences in 2 warehouses: 2 proved, 1 parsed only, 1 fails"
    )


def test_a_terminal_gets_colours_and_no_line_that_is_too_long() -> None:
    wide = table(VERDICTS, 80)
    assert "\x1b[" in wide
    assert plain(wide) == [each.rstrip() for each in table(VERDICTS).splitlines()]
    narrow = plain(table(VERDICTS, 34))
    assert narrow[0] == "vip  proved: snowflake; parsed"
    assert all(len(each) <= 34 for each in narrow)


def plain(text: str) -> list[str]:
    return [re.sub(r"\x1b\[[0-9;]*m", "", each).rstrip() for each in text.splitlines()]


@pytest.mark.parametrize("width", [None, 80])
def test_a_table_of_nothing_is_no_error(width: int | None) -> None:
    assert "0 audiences in 0 warehouses: nothing" in table({}, width)
