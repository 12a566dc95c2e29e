"""Members with several values, of one of whom a platform refuses the removal."""

from __future__ import annotations

import pytest

from tests.destinations.stage import Stage, Warehouse, person, set_secrets
from tests.destinations.standins.base import StandIn
from tests.destinations.standins.braze import BrazeStandIn
from tests.destinations.standins.iterable import IterableStandIn
from tests.destinations.standins.meta_custom_audiences import MetaCustomAudiencesStandIn

pytestmark = pytest.mark.xdist_group("shared values")


@pytest.mark.parametrize("kind", [BrazeStandIn, IterableStandIn, MetaCustomAudiencesStandIn])
def test_who_is_refused_a_removal_by_one_value_is_out_by_the_others_and_tried_until_it_passes(
    kind: type[StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_secrets(kind, monkeypatch)
    name = kind.match_on[0]
    with kind().running() as stand_in:
        stage = Stage(stand_in, Warehouse(several=(name,)))
        two = person(1, **{name: [str(person(number)[name]) for number in (1, 2)]})
        stage.fill({0: person(0), 1: two})
        assert stage.sync().rejected == 0
        stand_in.refuses = {stage.sent(name, person(2))}
        stage.fill({0: person(0)}, others={1: two})
        reports = [stage.sync() for _ in range(3)]
        assert [(each.removes, each.rejected, each.refused_before) for each in reports] == [
            (1, 1, 0),
            (1, 1, 1),
            (1, 1, 1),
        ]
        assert {value for holding in stage.held() for known, value in holding if known == name} == {
            stage.sent(name, person(0)),
            stage.sent(name, person(2)),
        }
        stand_in.refuses = set()
        assert stage.sync().rejected == 0
        assert stage.is_exact()
        assert stage.sync().sent == 0
    assert stand_in.violations == []


def test_who_was_forgotten_while_they_were_held_is_taken_off_and_no_longer_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_secrets(IterableStandIn, monkeypatch)
    with IterableStandIn().running() as at:
        assert isinstance(at, IterableStandIn)
        stage = Stage(at)
        stage.fill({number: person(number) for number in range(3)})
        stage.sync()
        at.forgotten = {stage.sent("email", person(1))}
        assert stage.sync(anew=True).rejected == 1
        report = stage.sync()
        assert (report.removes, report.rejected, report.unmatchable) == (1, 0, 1)
        assert stage.sync().sent == 0
    assert at.violations == []
