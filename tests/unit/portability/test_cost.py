"""What audiences cost, worked out by hand on a small shop."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from dbt_muster.cli.main import main
from dbt_muster.cost import AudienceCost, SourceRead
from tests.unit.portability.cost_shop import BIG, FRESH, PAYING, READING, RECENT, shop, shop_costs


def _source(cost: AudienceCost, name: str) -> SourceRead:
    return next(each for each in cost.sources if each.source == name)


def _words(read: SourceRead) -> str | None:
    return None if read.over is None else read.over.words(dated=True)


def test_an_audience_reads_the_columns_of_its_sources_over_its_own_window(tmp_path: Path) -> None:
    cost = shop_costs(tmp_path, recent=RECENT, paying=PAYING).audiences["paying"]
    orders = _source(cost, "shop.orders")
    assert orders.columns == ("customer_id", "ordered_at", "status")
    assert _words(orders) == "the last 60 days (from 2025-12-31)"
    assert not orders.ids_over_all_time


def test_a_trait_is_followed_down_to_the_events_that_it_adds_up(tmp_path: Path) -> None:
    cost = shop_costs(tmp_path, big=BIG).audiences["big"]
    orders = _source(cost, "shop.orders")
    assert orders.columns == ("amount", "customer_id", "ordered_at")
    assert _words(orders) == "ever"
    assert cost.features == {"muster_features__customer__orders__ever": {"sum__amount": ()}}


def test_an_audience_of_attributes_alone_reads_its_entity_and_no_events(tmp_path: Path) -> None:
    cost = shop_costs(tmp_path, here="{attribute: country, is: GB}").audiences["here"]
    assert [(read.source, read.over) for read in cost.sources] == [("customers", None)]
    assert cost.features == {}


def test_a_source_with_ids_is_read_whole_for_those_that_repeat(tmp_path: Path) -> None:
    condition = "{event: visits, within: 7 days}"
    visits = _source(shop_costs(tmp_path, seen=condition).audiences["seen"], "visits")
    assert visits.ids_over_all_time
    assert visits.columns == ("seen_at", "visit_id", "visitor")
    assert _words(visits) == "the last 7 days (from 2026-02-22)"


def test_what_is_only_asked_about_one_page_does_not_read_the_referrer(tmp_path: Path) -> None:
    found = shop_costs(
        tmp_path, reading=READING, referred="{event: visits, where: [{property: referrer, is: ad}]}"
    )
    (scan,) = [each for each in found.scans if each.model == "muster_repeated_events__customer__visits"]
    assert scan.columns == ("page", "referrer", "seen_at", "visit_id", "visitor")
    feature = next(iter(found.audiences["reading"].features))
    (own,) = [each for each in found.scans if each.model == feature]
    assert own.audiences == ("reading", "referred")
    saved = found.audiences["reading"].savings
    assert saved.columns["muster_repeated_events__customer__visits"] == ("page",)


def test_an_audience_that_refers_to_another_needs_what_that_one_needs(tmp_path: Path) -> None:
    found = shop_costs(tmp_path, recent=RECENT, both="{audience: recent}")
    assert found.audiences["both"].features == {
        "muster_features__customer__orders__31_days": {"last_at": ("recent",)}
    }
    assert _words(_source(found.audiences["both"], "shop.orders")) == "the last 30 days (from 2026-01-30)"
    assert found.audiences["recent"].savings.kept_by == ("both",)
    assert found.audiences["recent"].savings.models == ()
    assert found.audiences["both"].savings.models == ("both",)


def test_a_scan_is_charged_in_equal_shares_to_those_who_need_it(tmp_path: Path) -> None:
    found = shop_costs(tmp_path, recent=RECENT, fresh=FRESH, paying=PAYING)
    shares = {name: cost.share for name, cost in found.audiences.items()}
    assert shares == {
        "fresh": Fraction(1, 3) + Fraction(1, 2),
        "paying": Fraction(1, 3) + 1,
        "recent": Fraction(1, 3) + Fraction(1, 2),
    }
    assert found.audiences["paying"].alone == 1


def test_what_only_traits_need_is_charged_to_nobody_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = shop_costs(tmp_path, recent=RECENT)
    assert [scan.model for scan in found.unneeded] == ["muster_features__customer__orders__ever"]
    assert _run(capsys, tmp_path) == 0
    assert "the rest by none: muster_features__customer__orders__ever." in capsys.readouterr().out


def test_dropping_the_audience_with_the_widest_window_makes_the_scan_begin_later(tmp_path: Path) -> None:
    found = shop_costs(tmp_path, recent=RECENT, fresh=FRESH)
    (narrower,) = found.audiences["recent"].savings.narrower
    assert narrower.model == "muster_features__customer__orders__31_days"
    assert narrower.now.words(dated=True) == "the last 30 days (from 2026-01-30)"
    assert narrower.then.words(dated=True) == "the last 20 days (from 2026-02-09)"
    assert found.audiences["fresh"].savings.narrower == ()


def test_a_trait_stays_when_its_only_audience_goes(tmp_path: Path) -> None:
    assert shop_costs(tmp_path, big=BIG, recent=RECENT).audiences["big"].savings.models == ("big",)


def test_a_sequence_is_a_feature_that_two_audiences_share(tmp_path: Path) -> None:
    steps = "{sequence: [{event: visits}, {event: orders, within: 2 days}], within: 30 days}"
    found = shop_costs(tmp_path, one=steps, other=steps)
    ((model, columns),) = found.audiences["one"].features.items()
    assert model.startswith("muster_sequences__customer__")
    assert list(columns.values()) == [("other",)]
    read = {each.source: _words(each) for each in found.audiences["one"].sources}
    assert read["shop.orders"] == "the last 30 days (from 2026-01-30)"
    assert read["visits"] == "the last 30 days (from 2026-01-30)"


def _run(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> int:
    capsys.readouterr()
    with pytest.raises(SystemExit) as leaving:
        main(["cost", "--project-dir", str(root), *arguments])
    return int(leaving.value.code or 0)


def test_the_command_prints_plain_data_for_machines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop(tmp_path, recent=RECENT, fresh=FRESH)
    assert _run(capsys, tmp_path, "recent", "--as-of", "2026-03-01", "--output", "json") == 0
    printed = json.loads(capsys.readouterr().out)
    (recent,) = printed["audiences"]
    assert printed["as_of"] == "2026-03-01T00:00:00Z"
    assert recent["features"] == [
        {
            "model": "muster_features__customer__orders__31_days",
            "column": "last_at",
            "shared_with": ["fresh"],
        }
    ]
    assert recent["sources"][1]["over"] == {"words": "the last 30 days", "since": "2026-01-30T00:00:00Z"}
    (narrower,) = recent["dropping_saves"]["narrower"]
    assert narrower["then"]["since"] == "2026-02-09T00:00:00Z"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["recnt"], "Did you mean `recent`?"),
        (["off"], "The audience off is switched off (`enabled: false`), so it costs nothing."),
        (["--as-of", "soon"], "--as-of is 'soon'; expected a date or a timestamp"),
    ],
)
def test_a_mistake_in_the_call_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    shop(tmp_path, recent=RECENT, off=f"{FRESH}\nenabled: false")
    assert _run(capsys, tmp_path, *arguments) == 2
    assert said in capsys.readouterr().err


def test_a_project_without_audiences_is_told_to_write_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop(tmp_path)
    assert _run(capsys, tmp_path) == 2
    assert "There are no audiences" in capsys.readouterr().err
