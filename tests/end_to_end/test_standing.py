"""dbt builds an audience that remembers, and groups, over several days: a full refresh loses nothing."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.end_to_end.commands import REPOSITORY, start

FILES = {
    "audiences/lately.yml": """
audience: lately
entity: member
criteria: [{event: visits, within: 10 days}]
stay: 35 days
""",
    "groups/offers.yml": """
group: offers
description: One offer a member.
entity: member
priority: [lately, drifting_away]
holdout: 20%
suppress: [drifting_away]
""",
}
DAYS: tuple[tuple[str, list[str]], ...] = (
    ("2026-01-20", []),
    ("2026-02-01", ["--full-refresh"]),
    ("2026-02-01", []),
    ("2026-01-25", []),
    ("2026-03-05", ["--full-refresh"]),
)

pytestmark = [pytest.mark.dbt, pytest.mark.slow]


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """What the project's warehouse says."""
    (warehouse,) = folder.glob("*.duckdb")
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def gym(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[set[int]], list[int]]:
    """The project after a build on each of the days; its members then, and how much was remembered."""
    folder = tmp_path_factory.mktemp("elsewhere") / "gym"
    shutil.copytree(REPOSITORY / "tests/other_project", folder)
    packages = folder / "packages.yml"
    packages.write_text(packages.read_text().replace("../../", str(REPOSITORY)))
    for name, text in FILES.items():
        path = folder / "audience_specs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    members: list[set[int]] = []
    remembered: list[int] = []
    builds = [["dbt", "build", *flags, "--vars", json.dumps({"muster_as_of": day})] for day, flags in DAYS]
    for command in [["dbt", "deps"], ["muster", "compile"], *builds]:
        finished = start(command, folder)
        assert finished.returncode == 0, f"{shlex.join(command)}\n{finished.stdout}"
        if command[:2] == ["dbt", "build"]:
            members.append({row[0] for row in rows(folder, "select member_id from lately")})
            remembered += [row[0] for row in rows(folder, "select count(*) from muster_standing__lately")]
    return folder, members, remembered


Built = tuple[Path, list[set[int]], list[int]]


def test_members_stay_over_evaluations_a_full_refresh_and_a_late_evaluation(gym: Built) -> None:
    first, second = {101, 103, 104}, {101, 103, 104, 105}
    assert gym[1] == [first, second, second, first, {102, 104, 105}]


def test_a_repeated_and_a_late_evaluation_add_nothing(gym: Built) -> None:
    assert gym[2][1] == gym[2][2] == gym[2][3]


def test_intervals_say_who_was_in_from_when_to_when(gym: Built) -> None:
    sql = """
        select entity_key, cast(entered_at as date)::text, cast(exited_at as date)::text
        from muster_membership_intervals where audience = 'lately' order by 1
    """
    assert rows(gym[0], sql) == [
        ("101", "2026-01-20", "2026-03-05"),
        ("102", "2026-03-05", None),
        ("103", "2026-01-20", "2026-03-05"),
        ("104", "2026-01-20", None),
        ("105", "2026-02-01", None),
    ]


def test_every_entry_has_the_digest_of_its_spec(gym: Built) -> None:
    sql = """
        select count(*), count(distinct digest) from muster_membership_changes where change = 'entered'
        and digest in (select digest from muster_audiences)
    """
    entries = rows(gym[0], "select count(*) from muster_membership_changes where change = 'entered'")
    assert rows(gym[0], sql) == [(entries[0][0], 2)]


def test_the_memberships_say_who_is_withheld_and_the_group_has_each_key_once(gym: Built) -> None:
    given = dict(rows(gym[0], "select member_id, audience from offers"))
    lapsed = {row[0] for row in rows(gym[0], "select member_id from drifting_away")}
    assert given == dict.fromkeys(lapsed, "drifting_away") | dict.fromkeys((102, 104, 105), "lately")
    reasons = dict(
        rows(gym[0], "select entity_key, withheld from muster_memberships where audience = 'lately'")
    )
    held_out = {str(row[0]) for row in rows(gym[0], "select member_id from lately where variant = 'holdout'")}
    expected = {key: "suppressed" if int(key) in lapsed else None for key in ("102", "104", "105")}
    assert reasons == expected | dict.fromkeys(held_out, "holdout")
