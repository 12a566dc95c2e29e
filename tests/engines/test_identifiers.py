"""What is sent of an identifier, and why something is not, is what plain Python says, on every engine."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import cast

import pytest

from dbt_muster.render import Renderer
from tests.engines.engines import Engine, Warehouse
from tests.oracle.identifiers import RULES, refusal, sent, sha256
from tests.oracle.strategies.identifiers import TEXT_RULES
from tests.unit.delivery.rules import identifier, question, written

_CHANCE = random.Random(5)  # noqa: S311 - tests repeat
_ALPHABET = "aB9.+@-_'&()/\\\"éÉñ \t\n\v\x01\x1f\x7f\x85\u00a0\u2003東[]{}^|"
_PUBLISHED = Path(__file__).parents[1] / "oracle" / "identifier_vectors.csv"
_VECTORS = list(csv.DictReader(_PUBLISHED.read_text(encoding="utf-8").splitlines()))
VALUES = [
    *(
        "",
        " ",
        "\u2003\n",
        "\x02\x03",
        "A" * 64,
        "g" * 64,
        "AEBE52E7-03EE-455A-B3C4-E57283966239",
        "00000000-0000-0000-0000-000000000000",
    ),
    *(
        f"{a}{b}@{c}{a}"
        for a in ("", " ", "\u2003", "\ufeff")
        for b in ("Bo.b", "x+y", "+x", "...", "é")
        for c in ("Gmail.com", "a.b", "x")
    ),
    *(
        "1990-01-05",
        "19900105",
        "1990/02/30",
        "2000-02-29T10:00:00Z",
        "2000-02-29 10:00:00+00",
        "january",
        "Sep",
        "5",
        "31",
        "32",
        "1990",
    ),
    *(
        "US",
        " uk",
        "el",
        "xx",
        "Male",
        "F",
        "x",
        "New York",
        "Québec",
        "são paulo",
        "SW1A 1AA",
        "940253215",
        "a-b",
        "-",
    ),
    *(
        text
        for end in ("\x01", "\x1e", "\x7f", "\x9b", "\r")
        for text in (f"{end}Bo@a.b{end}", f"b{end}o@a.b", f"a{end}b")
    ),
    *("O'Neil", "Mary-Jane", "[x]", "a\\b", "a^b$c", "{|}~"),
    *(row["value"] for row in _VECTORS),
    *("".join(_CHANCE.choices(_ALPHABET, k=_CHANCE.randint(1, 12))) for _ in range(60)),
]
PHONES = {
    "020 7946 0958": "+442079460958",
    "+44 (0)20 7946 0958 ext. 12": "+442079460958",
    "0044 20-7946.0958": "+442079460958",
    "\u00a007700 900123\n": "+447700900123",
    "44 7700 900123": "+447700900123",
    "+1 (650) 555-1212": "+16505551212",
    "+39 (0)6 1234 5678": "+390612345678",
    "none": None,
    "+0000000000": None,
    "020 7946 0958 11": None,
}


def asked(engine: Engine, told: dict[str, object], values: list[str]) -> list[tuple[object, ...]]:
    """The normal form of each value, what is sent of it, and why it is not, as an engine has them."""
    renderer = Renderer(engine.name)
    rows = cast(Warehouse, engine).ask(question(renderer, written(renderer, [*values, None]), told))
    answers = {row[0]: tuple(row[1:]) for row in rows}
    assert answers.pop(len(values)) == (None, None, None)
    return [answers[place] for place in range(len(values))]


@pytest.mark.parametrize("rule", TEXT_RULES)
def test_a_rule_is_written_alike(engine: Engine, rule: str) -> None:
    expected = []
    for value in VALUES:
        normal = sent(rule, value)
        expected.append((normal, None if normal is None else sha256(normal), refusal(rule, value)))
    found = _in_a_schema(engine, rule, VALUES, None)
    different = [each for each in zip(VALUES, expected, found, strict=True) if each[1] != each[2]]
    assert not different
    assert any(normal for normal, _, _ in expected)


@pytest.mark.parametrize("rule", ["phone", "phone_digits"])
def test_a_phone_number_is_written_alike(engine: Engine, rule: str) -> None:
    expected = []
    for normal in PHONES.values():
        form = normal[1:] if normal and rule == "phone_digits" else normal
        expected.append((form, sha256(form) if form else None, None if form else "not_a_phone_number"))
    assert _in_a_schema(engine, rule, list(PHONES), "GB") == expected


@pytest.mark.parametrize("rule", sorted({row["rule"] for row in _VECTORS}))
def test_published_vectors_come_out(engine: Engine, rule: str) -> None:
    rows = [row for row in _VECTORS if row["rule"] == rule]
    country = "US" if rule.startswith("phone") else None
    found = _in_a_schema(engine, rule, [row["value"] for row in rows], country)
    assert found == [(row["normal"], row["sha256"], None) for row in rows]


def _in_a_schema(
    engine: Engine, rule: str, values: list[str], country: str | None
) -> list[tuple[object, ...]]:
    assert rule in RULES
    with cast(Warehouse, engine).schema():
        return asked(engine, identifier(rule, country=country), values)
