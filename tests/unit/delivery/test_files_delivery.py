"""The engine and files together: nothing counts before the manifest, which settles what a death left."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from dbt_muster.destinations.types.files import Files, FilesSettings
from tests.destinations.replay import manifests, replay
from tests.unit.delivery.kit import Person, Scene
from tests.unit.delivery.test_interruptions import die, shuffle


class SteppingFiles(Files):
    """Calls `step` around each file that is written, so that a death can fall there."""

    def __init__(self, folder: Path, mode: str) -> None:
        settings = {"path": "exports", "batch_size": 3, "hashing": "none", "mode": mode}
        super().__init__("exports", FilesSettings.model_validate(settings), root=folder)
        self.step: Any = lambda _name: None
        write = self._storage.write

        def stepping(name: str, content: bytes) -> None:
            self.step("before a file")
            write(name, content)
            self.step("after a file")

        self._storage.write = stepping  # type: ignore[method-assign]


def expected(people: dict[int, Person], members: set[int]) -> dict[str, Any]:
    return {
        str(key): {"email": person.email}
        for key, person in people.items()
        if key in members and person.consent and person.email
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("mode", ["mirror", "full"])
def test_a_reader_holds_exactly_the_members_after_any_deaths(tmp_path: Path, mode: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - tests repeat
    scene = Scene(SteppingFiles(tmp_path, mode), match_on=("email",), consent="ads")
    people: dict[int, Person] = {}
    members: set[int] = set()
    deaths = 0
    for _ in range(6):
        for _ in range(chance.randint(1, 4)):
            shuffle(chance, people, members)
            scene.set(people, members)
            deaths += die(scene, chance.randint(0, 75)) is not None
        assert scene.sync().status == "applied"
        assert replay(tmp_path / "exports", "fans") == expected(people, members)
        assert all(confirmed for _, _, confirmed in scene.state())
    assert deaths > 3


def test_a_snapshot_holds_every_member_and_the_state_follows_it(tmp_path: Path) -> None:
    scene = Scene(SteppingFiles(tmp_path, "full"), match_on=("email",))
    scene.set({key: Person(f"p{key}@example.com") for key in range(7)})
    report = scene.sync()
    assert (report.adds, report.sent) == (7, 7)
    scene.set({key: Person(f"p{key}@example.com") for key in range(7)}, members={1, 2, 3, 4})
    report = scene.sync()
    assert (report.adds, report.removes, report.sent) == (0, 3, 4)
    assert len(scene.state()) == 4
    assert [len(manifest["files"]) for manifest in manifests(tmp_path / "exports", "fans")] == [3, 2]


def test_a_disk_that_is_full_fails_the_run_and_leaves_nothing_behind(tmp_path: Path) -> None:
    scene = Scene(SteppingFiles(tmp_path, "mirror"), match_on=("email",))
    scene.set({key: Person(f"p{key}@example.com") for key in range(7)})

    def fill_up(name: str) -> None:
        if name == "after a file":
            raise OSError(28, "No space left on device")

    scene.platform.step = fill_up
    assert scene.sync().status == "failed"
    assert scene.state() == []
    assert [path for path in (tmp_path / "exports").rglob("*") if path.is_file()] == []
    scene.platform.step = lambda _name: None
    assert scene.sync().adds == 7
