"""`muster preview` and `muster explain` on the demo's shop, against the tables that dbt built."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from dbt_muster.cli.main import main
from tests.end_to_end.commands import REPOSITORY
from tests.end_to_end.demo_shop import A_FRIDAY, DemoShop

pytestmark = [pytest.mark.dbt, pytest.mark.slow]

AUDIENCES = sorted(path.stem for path in (REPOSITORY / "audience_specs" / "audiences").glob("*.yml"))
PAGE = (REPOSITORY / "docs" / "seeing.md").read_text()
SHOWN = re.findall(r"<!-- shop: muster (.*?) -->\n```text\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture
def shop(friday_shop: DemoShop) -> DemoShop:
    return friday_shop


@pytest.fixture
def muster(shop: DemoShop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.setenv("DBT_TARGET_PATH", str(shop.folder))

    def run(*arguments: str) -> tuple[int, str]:
        places = ["--project-dir", str(REPOSITORY), "--profiles-dir", str(shop.folder)]
        code = 0
        try:
            at = [] if arguments[0] == "overlap" else ["--as-of", A_FRIDAY]
            main([*arguments, *at, *places])
        except SystemExit as left:
            code = int(left.code or 0)
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("audience", AUDIENCES)
def test_preview_and_explain_agree_with_the_built_table(shop: DemoShop, muster: Any, audience: str) -> None:
    entity = "app_user" if audience == "new_installs_few_sessions" else "customer"
    members = shop.ask(f"select {entity}_id from {audience}")
    others = shop.ask(f"select {entity}_id from muster_entities__{entity}") - members
    before = digest(shop.folder / "shop.duckdb")
    code, text = muster("preview", audience, "--sample", "100000", "--output", "json")
    found = json.loads(text)
    assert code == 0
    assert found["size"] == len(members)
    qualifying = found["criteria"][0]["remain"]
    limited = found["limit"] is not None
    assert found["size"] <= qualifying if limited else found["size"] == qualifying
    assert set(found["sample"]) == members
    assert found["population"] == len(members) + len(others)
    for keys, is_member in ((members, True), (others, False)):
        for key in sorted(keys)[:1]:
            code, text = muster("explain", audience, str(key), "--output", "json")
            why = json.loads(text)
            assert code == (0 if is_member else 1)
            assert why["member"] is is_member
            # Who qualifies and is not among the first few is no member, and the criteria hold all the same.
            assert why["criteria"]["holds"] is is_member or (limited and not is_member)
    assert digest(shop.folder / "shop.duckdb") == before, "a look wrote into the warehouse"


def test_a_limit_takes_its_share_after_the_criteria(muster: Any) -> None:
    code, text = muster("preview", "christmas_fans", "--sample", "0")
    assert code == 0
    assert "100 of 4,372 keys" in text
    assert re.search(r"^ +100 +1,970  the 100 with the largest christmas_share", text, flags=re.MULTILINE)


def test_the_criteria_of_a_preview_take_away_what_they_say(muster: Any) -> None:
    _, text = muster("preview", "lapsed_big_spenders", "--output", "json")
    steps = [step for step in json.loads(text)["criteria"] if step["depth"] == 1]
    for earlier, later in itertools.pairwise(steps):
        assert later["before"] == earlier["remain"]
    assert [step["alone"] >= step["remain"] for step in steps] == [True] * len(steps)


def test_a_value_stands_behind_each_criterion(muster: Any) -> None:
    code, text = muster("explain", "lapsed_big_spenders", "12348")
    assert code == 0
    assert "12348 is a member of lapsed_big_spenders, as of 2011-11-25 (Europe/London)." in text
    assert "(order_count 4, wanted at least 2)" in text
    assert "(count 0, wanted at least 1)" in text


@pytest.mark.parametrize("key", ["999999", "", "no such key", "'; drop table x; --", "12348 "])
def test_a_key_that_is_not_in_the_population_is_said_to_be_so(muster: Any, key: str) -> None:
    code, text = muster("explain", "vip", key)
    assert code == 1
    assert "is not in the population of customer" in text


def test_what_was_never_parsed_by_dbt_is_explained(muster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBT_TARGET_PATH", "nowhere")
    code, text = muster("preview", "vip")
    assert code == 2
    assert "run `dbt" in text


@pytest.mark.parametrize(("arguments", "output"), SHOWN)
def test_what_the_page_shows_is_what_the_command_prints(muster: Any, arguments: str, output: str) -> None:
    assert muster(*shlex.split(arguments.removesuffix(f" --as-of {A_FRIDAY}"))) == (0, output)


def test_overlap_counts_what_the_built_tables_share(shop: DemoShop, muster: Any) -> None:
    code, text = muster("overlap", "--output", "json")
    assert code == 0
    members = {
        name: shop.ask(f"select entity_key from muster_memberships where audience = '{name}'")
        for name in AUDIENCES
    }
    (customers,) = [each for each in json.loads(text)["overlaps"] if each["entity"] == "customer"]
    assert {each["audience"]: each["size"] for each in customers["audiences"]} == {
        name: len(keys) for name, keys in members.items() if name != "new_installs_few_sessions"
    }
    assert len(customers["pairs"]) == math.comb(len(AUDIENCES) - 1, 2)
    for pair in customers["pairs"]:
        one, other = members[pair["audience"]], members[pair["other_audience"]]
        assert pair["both"] == len(one & other)
        assert pair["share_of_audience"] == len(one & other) / len(one)


def test_a_pair_of_audiences_is_shown_as_a_matrix(muster: Any) -> None:
    code, text = muster("overlap", "vip", "new_installs_few_sessions", "rfm_champions")
    assert code == 0
    assert [line.split() for line in text.splitlines()][:3] == [
        ["customer", "size", "1", "2"],
        ["vip", "1", "239", "-", "195", "82%"],
        ["rfm_champions", "2", "484", "195", "40%", "-"],
    ]
    assert muster("overlap", "vips")[0] == 2
