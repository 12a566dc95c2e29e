"""docs/pull-requests.md: its commands run, its hooks are there, and its annotation is what is written."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from dbt_muster.cli.main import main
from tests.end_to_end.commands import REPOSITORY, start

PAGE = (REPOSITORY / "docs" / "pull-requests.md").read_text()
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())}


def shown(kind: str, language: str) -> str:
    block = re.search(rf"<!-- {kind} -->\n```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
    assert block is not None
    return block[1]


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(shown("workflow", "yaml"))["jobs"]["check"]["steps"]
    return found


@pytest.fixture
def gym(tmp_path: Path) -> Path:
    shutil.copytree(REPOSITORY / "tests" / "other_project", tmp_path / "gym")
    with pytest.raises(SystemExit) as left:
        main(["compile", "--project-dir", str(tmp_path / "gym")])
    assert left.value.code == 0
    return tmp_path / "gym"


def contradict(gym: Path) -> None:
    spec = gym / "audience_specs" / "audiences" / "drifting_away.yml"
    added = "    - trait: visit_count\n      at_least: 3\n    - trait: visit_count\n      less_than: 2\n"
    spec.write_text(spec.read_text().replace("    - trait: visit_count\n      at_least: 3\n", added))


def test_the_commands_of_the_workflow_run_and_the_log_is_there(gym: Path) -> None:
    commands = [step["run"] for step in steps() if step.get("run", "").startswith("muster")]
    assert len(commands) == 3
    for command in commands:
        finished = start(["bash", "-ec", command], gym)
        assert finished.returncode == 0, f"{command}\n{finished.stdout}"
    (upload,) = [step["with"]["sarif_file"] for step in steps() if "sarif" in step.get("uses", "")]
    log = json.loads((gym / upload).read_text())
    assert log["version"] == "2.1.0"


def test_what_the_workflow_keeps_is_what_a_check_remembers() -> None:
    (kept,) = [step["with"]["path"] for step in steps() if "cache" in step.get("uses", "")]
    assert kept == "target/muster_check.json"


def test_a_contradiction_is_annotated_as_the_page_shows(
    gym: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    contradict(gym)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.chdir(gym)
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        main(["check", "--output", "github"])
    assert left.value.code == 1
    assert capsys.readouterr().out == shown("annotation", "text")


def test_the_hooks_that_the_page_names_are_those_of_the_repository() -> None:
    (repository,) = yaml.safe_load(shown("pre-commit", "yaml"))["repos"]
    assert {hook["id"] for hook in repository["hooks"]} == set(HOOKS)


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_passes_good_specs_and_fails_bad_ones(gym: Path, name: str) -> None:
    hook = HOOKS[name]
    assert hook["pass_filenames"] is False
    command = hook["entry"].split()
    assert start(command, gym).returncode == 0
    contradict(gym)
    finished = start(command, gym)
    assert finished.returncode == 1
    assert "drifting_away" in finished.stdout


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_asked_where_a_spec_has_changed(name: str) -> None:
    files = re.compile(HOOKS[name]["files"])
    assert files.search("audience_specs/audiences/vip.yml")
    assert files.search("analytics/audience_specs/entities.yaml")
    assert not files.search("models/orders.sql")
    assert not files.search("docs/audience_specs_of_old.yml")
