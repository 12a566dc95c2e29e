"""Criteria of every kind: valid ones, whose types agree and whose windows are possible."""

from __future__ import annotations

from tests.oracle.strategies import expressions
from tests.oracle.strategies.dice import Dice
from tests.oracle.strategies.events import event_condition, group, sequence, value_condition
from tests.oracle.strategies.vocabulary import Condition, Vocabulary

_MATCHES = ("any", "all", "none")


def criteria(dice: Dice, vocabulary: Vocabulary) -> Condition | list[Condition]:
    """What stands under `criteria:`, at most three groups deep."""

    def leaf(dice: Dice) -> Condition:
        return condition(dice, vocabulary)

    def nested(dice: Dice) -> Condition:
        return group(dice, leaf) if dice.chance(20) else leaf(dice)

    def twice(dice: Dice) -> Condition:
        return group(dice, nested) if dice.chance(20) else leaf(dice)

    if dice.chance(30):
        return group(dice, twice)
    return [nested(dice) for _ in dice.times(1, 2, 15)]


def condition(dice: Dice, vocabulary: Vocabulary) -> Condition:
    """One condition of any kind that the vocabulary has words for."""
    kinds = ["attribute", *(["event"] * 4 + ["sequence"] if vocabulary.sources else ["attribute"])]
    kinds += ["attribute", "trait", "trait"] if vocabulary.traits else ["attribute"]
    kinds += ["audience", "audience"] if vocabulary.audiences else []
    kinds += ["place"] if vocabulary.places else []
    kinds += ["through"] * 4 if vocabulary.around else []
    kinds += ["sql"]
    kind = dice.pick(vocabulary.only or kinds)
    if kind == "audience":
        return {"audience": dice.pick(vocabulary.audiences)}
    if kind == "event":
        return event_condition(dice, vocabulary)
    if kind == "sequence":
        return sequence(dice, vocabulary)
    if kind == "through":
        return _through(dice, vocabulary)
    if kind == "sql":
        return {"sql": expressions.boolean(dice, vocabulary, 2)}
    if kind == "place":
        return _place(dice, vocabulary)
    types = vocabulary.traits if kind == "trait" else vocabulary.attributes
    return value_condition(dice, vocabulary, kind, types)


def _place(dice: Dice, vocabulary: Vocabulary) -> Condition:
    latitude, longitude = dice.pick(CENTRES)
    near = {"latitude": latitude, "longitude": longitude, "within": dice.pick(DISTANCES)}
    return {"attribute": dice.pick(vocabulary.places), dice.pick(("near", "near", "not_near")): near}


def _through(dice: Dice, vocabulary: Vocabulary) -> Condition:
    """A condition about those whom a row names, or about those who name it."""
    other = dice.pick(sorted(vocabulary.around))
    theirs = vocabulary.around[other]

    def leaf(dice: Dice) -> Condition:
        return condition(dice, theirs)

    where = group(dice, leaf) if dice.chance(25) else [leaf(dice) for _ in dice.times(1, 2, 20)]
    found: Condition = {"through": other}
    if vocabulary.entity == "account":
        form = dice.pick(("", "match", "count"))
        if form == "match":
            found["match"] = dice.pick(_MATCHES)
        elif form == "count":
            found["count"] = {dice.pick(("at_least", "is", "less_than")): dice.number(1, 2)}
    return {**found, "where": where}


CENTRES = ((51.5074, -0.1278), (0, 180), (-33.8688, 151.2093), (89.5, 10))
"""Places that the data lies around: a city, the antimeridian at the equator, another city, a pole."""
DISTANCES = ("10 km", "500 m", "6 miles", "1.5 km", "1000 km")
