"""Audiences: their criteria, and what else their files may say; groups of them; earlier evaluations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.oracle.points import Clock
from tests.oracle.strategies.criteria import criteria
from tests.oracle.strategies.dice import Dice
from tests.oracle.strategies.vocabulary import NUMBERS, Vocabulary
from tests.oracle.values import TIMES

_LENGTHS = ("1 day", "2 days", "12 hours", "1 month", "90 minutes")


def of(dice: Dice, vocabulary: Vocabulary, most: int) -> dict[str, Any]:
    """Audiences of an entity, by name; later ones may refer to earlier ones."""
    found: dict[str, Any] = {}
    for number in dice.times(1, most, 93):
        # Names count down, so that the order of names is not the order of references.
        name = f"{'' if vocabulary.entity == 'person' else 'of_'}audience_{most - number:02}"
        inner = replace(vocabulary, audiences=tuple(found))
        found[name] = {"audience": name, "entity": vocabulary.entity, "criteria": criteria(dice, inner)}
        if dice.chance(10):
            found[name] |= _limit(dice, vocabulary)
        if dice.chance(8):
            found[name] |= {key: dice.pick(_LENGTHS) for key in dice.several(("stay", "expire"), 1, 2)}
        if dice.chance(10):
            found[name]["split"] = {"control": "40%", "other": "60%", "salt": dice.pick(("a", "b"))}
    return found


def _limit(dice: Dice, vocabulary: Vocabulary) -> dict[str, Any]:
    kinds = {*NUMBERS, *TIMES, "average"}
    both = {**vocabulary.attributes, **vocabulary.traits}
    by = dice.pick(sorted(name for name, kind in both.items() if kind in kinds))
    order = {"order": "ascending"} if dice.chance(40) else {}
    return {"limit": {"top": dice.number(1, 3), "by": by, **order}}


def groups(dice: Dice, audiences: Mapping[str, Any]) -> dict[str, Any]:
    """One or two groups of a person's audiences; only one has a holdout."""
    names = [name for name, spec in audiences.items() if spec["entity"] == "person"]
    found: dict[str, Any] = {}
    for number in dice.times(1, 2, 40):
        spec: dict[str, Any] = {}
        for key in dice.several(("priority", "holdout", "suppress"), 1, 3):
            if key == "holdout" and number == 0:
                spec[key] = dice.pick(("30%", {"share": "50%", "salt": "x"}, "0.5%"))
            elif key != "holdout":
                spec[key] = dice.several(names, 1, 3)
        if spec:
            found[f"group_{number}"] = {"group": f"group_{number}", "entity": "person", **spec}
    return found


def before(dice: Dice, clock: Clock, audiences: Mapping[str, Any]) -> tuple[datetime, ...]:
    """Earlier evaluations, where membership depends on them; now and then not in their order."""
    if not any({"stay", "expire"} & spec.keys() for spec in audiences.values()):
        return ()
    steps = dice.several((24, 36, 1.5, 48, 12, 24 * 31, -6), 1, 4)
    found = [clock.as_of - timedelta(hours=hours) for hours in steps]
    return tuple(found if dice.chance(20) else sorted(found))
