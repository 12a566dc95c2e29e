"""`muster test` as people and build servers call it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dbt_muster.cli.main import main
from dbt_muster.specs import load
from dbt_muster.testing.run import run, select
from tests.unit.testing.kit import project

AUDIENCE = """\
entity: customer
criteria:
  - {attribute: country, is: GB}
  - {event: app.opened the app, where: [{property: screen, is: home}]}
  - {trait: spent, at_least: 5}
"""
SPENT = "trait: spent\nentity: customer\nsum: {of: amount, event: orders}\n"
GOOD = """\
as_of: 2026-11-01
given:
  customers: [{customer_id: 1, country: GB}]
  app: [{user_id: 1, event_name: opened the app, event_time: 1 day ago, screen: home}]
  orders: [{customer_id: 1, order_id: a, ordered_at: 1 day ago, amount: 5}]
expect: [1]
"""
BAD = f"test: bad\naudience: them\n{GOOD.replace('expect: [1]', 'expect: [2]')}"


def muster_test(root: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["test", "--project-dir", str(root), *arguments])
    return int(left.value.code or 0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    project(tmp_path, AUDIENCE, GOOD, traits__spent=SPENT)
    return tmp_path


@pytest.fixture
def failing(root: Path) -> Path:
    (root / "audience_specs/tests/bad.yml").write_text(BAD)
    return root


def test_it_leaves_with_0_when_all_tests_pass(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert muster_test(root) == 0
    assert "1 test, all passed" in capsys.readouterr().out


def test_it_leaves_with_1_when_a_test_fails(failing: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert muster_test(failing) == 1
    said = capsys.readouterr().out
    assert "FAIL  bad" in said
    assert "2 tests, 1 failed" in said


def test_it_leaves_with_2_for_a_mistake_in_the_specs_and_says_where(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "audience_specs/tests/bad.yml").write_text(BAD.replace("amount: 5", "amount: five"))
    assert muster_test(root) == 2
    assert "bad.yml:7:73: the text `five` is not a number" in capsys.readouterr().err
    assert muster_test(root, "--output", "json") == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "type_mismatch"


def test_only_the_tests_of_a_name_are_run(failing: Path, capsys: pytest.CaptureFixture[str]) -> None:
    specs = load(failing)
    (failing / "audience_specs/tests/good.yml").write_text(f"test: good\naudience: them\n{GOOD}")
    assert muster_test(failing, "good") == 0
    assert muster_test(failing, "them") == 1
    assert "3 tests, 1 failed" in capsys.readouterr().out
    assert len(specs.tests) == 2


def test_a_name_of_no_test_is_answered_with_the_nearest(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert muster_test(root, "thm") == 2
    assert "Did you mean `them`?" in capsys.readouterr().err
    (root / "audience_specs/tests/them.yml").unlink()
    assert muster_test(root, "them") == 2
    assert "`muster test --new them`" in capsys.readouterr().err


def test_without_any_tests_it_says_how_to_start(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "audience_specs/tests/them.yml").unlink()
    assert muster_test(root) == 0
    assert "muster test --new" in capsys.readouterr().out


def test_the_json_says_which_keys_are_wrong_and_why(
    failing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert muster_test(failing, "--output", "json") == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["passed"], report["failed"]) == (1, 1)
    bad, good = report["tests"]
    assert (good["test"], good["passed"]) == ("them", True)
    assert bad["expected_and_missing"] == [{"key": 2, "exists": False, "criteria": _criteria(False)}]
    assert bad["found_and_not_expected"] == [{"key": 1, "exists": True, "criteria": _criteria(True)}]


def _criteria(holds: bool) -> list[dict[str, object]]:
    texts = [
        "{attribute: country, is: GB}",
        "{event: app.opened the app, where: [{property: screen, is: home}]}",
        "{trait: spent, at_least: 5}",
    ]
    return [
        {
            "group": "all",
            "criterion": text,
            "file": "audience_specs/audiences/them.yml",
            "line": line,
            "holds": holds,
            "keeps_out": not holds,
        }
        for line, text in enumerate(texts, start=4)
    ]


def test_a_build_server_can_read_what_came_of_the_tests(failing: Path) -> None:
    (failing / "audience_specs/tests/wrong.yml").write_text(BAD.replace("bad", "wrong").replace("home", "7"))
    assert muster_test(failing, "--junit", str(failing / "out/of/tests.xml")) == 1
    suites = ElementTree.parse(failing / "out/of/tests.xml").getroot()  # noqa: S314 - our own file
    assert (suites.tag, suites[0].tag) == ("testsuites", "testsuite")
    assert suites[0].get("tests") == "3"
    assert suites[0].get("failures") == "1"
    assert suites[0].get("errors") == "1"
    cases = {case.get("name"): case for case in suites[0]}
    assert cases["bad"].get("classname") == "them"
    assert "2 was expected" in (cases["bad"].findtext("failure") or "")
    assert "cannot be built" in (cases["wrong"].findtext("error") or "")
    assert len(cases["them"]) == 0


def test_what_no_xml_can_hold_is_replaced(root: Path) -> None:
    text = GOOD.replace("expect: [1]", 'expect: [1]\ndescription: "odd \\uFFFE"').replace("GB", "FR")
    (root / "audience_specs/tests/them.yml").write_text(f"test: them\n{text}", encoding="utf-8")
    assert muster_test(root, "--junit", str(root / "tests.xml")) == 1
    ElementTree.parse(root / "tests.xml")  # noqa: S314 - our own file


def test_new_writes_a_test_with_what_the_audience_reads(root: Path) -> None:
    assert muster_test(root, "--new", "them", "another") == 0
    text = (root / "audience_specs/tests/another.yml").read_text()
    assert text.partition("as_of")[0] == "test: another\naudience: them\n"
    assert (
        text.partition("given:")[2]
        == """
  customers:
    - {customer_id: 1, country: text}
  app:
    - {user_id: 1, event_time: 30 days ago, event_name: opened the app, screen: text}
  orders:
    - {customer_id: 1, order_id: orders_1, ordered_at: 30 days ago, amount: 1.5}
expect: [1]  # the keys of the members
"""
    )
    specs = load(root)
    (found,) = run(specs, select(specs, ["another"]))
    assert found.error is None


def test_new_never_overwrites(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "audience_specs/tests/them.yml"
    before = path.read_text()
    assert muster_test(root, "--new", "them") == 2
    assert "left as it is" in capsys.readouterr().err
    assert path.read_text() == before


@pytest.mark.parametrize(
    "arguments", [["thm"], ["them", "../up"], ["them", "a", "b"], ["them", "--junit", "x"]]
)
def test_new_refuses_what_it_cannot_write(root: Path, arguments: list[str]) -> None:
    assert muster_test(root, "--new", *arguments) == 2
    assert [path.name for path in (root / "audience_specs/tests").iterdir()] == ["them.yml"]


def test_without_duckdb_it_says_how_to_install_it(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert muster_test(root) == 2
    assert "pip install 'dbt-muster[duckdb]'" in capsys.readouterr().err
