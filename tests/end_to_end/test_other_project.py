"""A dbt project that installs muster as a package, taken through the README's own steps."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.commands import REPOSITORY, start

README = (REPOSITORY / "README.md").read_text()
OTHER_PROJECT = REPOSITORY / "tests" / "other_project"


def readme_commands() -> list[list[str]]:
    """The commands that the README gives for a project of one's own."""
    block = re.search(r"<!-- commands: tests/other_project -->\n```sh\n(.*?)```", README, flags=re.DOTALL)
    assert block is not None
    return [shlex.split(line, comments=True) for line in block.group(1).splitlines()]


@dataclass(frozen=True)
class Gym:
    """The project after the README's steps."""

    folder: Path
    manifest: dict[str, Any]

    def models(self) -> dict[str, str]:
        """The enabled models: name to package."""
        nodes = self.manifest["nodes"].values()
        return {node["name"]: node["package_name"] for node in nodes if node["resource_type"] == "model"}


@pytest.fixture(scope="module")
def gym(tmp_path_factory: pytest.TempPathFactory) -> Gym:
    folder = tmp_path_factory.mktemp("elsewhere") / "gym"
    shutil.copytree(OTHER_PROJECT, folder)
    packages = folder / "packages.yml"
    packages.write_text(packages.read_text().replace("../../", str(REPOSITORY)))
    for command in readme_commands():
        finished = start(command, folder)
        assert finished.returncode == 0, f"{shlex.join(command)}\n{finished.stdout}"
        assert "WARNING" not in finished.stdout, f"{shlex.join(command)}\n{finished.stdout}"
    return Gym(folder, json.loads((folder / "target" / "manifest.json").read_text()))


@pytest.mark.dbt
def test_the_members_that_may_be_sent_are_delivered(gym: Gym) -> None:
    files = (gym.folder / "out").rglob("*.csv")
    delivered = [row for file in files for row in csv.DictReader(file.read_text().splitlines())]
    assert delivered == [{"_action": "add", "_key": "101", "email": "alva@example.com"}]


@pytest.mark.dbt
def test_nothing_of_the_demo_appears_in_a_project_that_installs_the_package(gym: Gym) -> None:
    models = gym.models()
    starter_library = {file.stem for file in (REPOSITORY / "audience_specs" / "audiences").glob("*.yml")}
    assert starter_library.isdisjoint(models)
    assert not [name for name in models if name.startswith("demo_")]
    assert not gym.manifest["sources"]
    assert not [
        name for name, exposure in gym.manifest["exposures"].items() if exposure["package_name"] == "muster"
    ]


@pytest.mark.dbt
def test_the_projects_own_audience_is_its_own_model(gym: Gym) -> None:
    assert gym.models()["drifting_away"] == "gym"


@pytest.mark.dbt
def test_a_second_delivery_of_the_same_members_sends_nothing(gym: Gym) -> None:
    before = sorted((gym.folder / "out").rglob("*.csv"))
    assert start(["muster", "sync"], gym.folder).returncode == 0
    assert sorted((gym.folder / "out").rglob("*.csv")) == before
