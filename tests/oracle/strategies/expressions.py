"""SQL expressions of every kind that the language has, with types that agree."""

from __future__ import annotations

from tests.oracle.strategies import words
from tests.oracle.strategies.dice import Dice
from tests.oracle.strategies.vocabulary import NUMBERS, Vocabulary


def boolean(dice: Dice, vocabulary: Vocabulary, depth: int) -> str:
    """An expression that is true, false or unknown.

    Args:
        dice: makes the choices.
        vocabulary: has the names.
        depth: how many expressions it may have inside one another.
    """
    form = dice.pick(
        ("numbers", "texts", "null", "in", "flag", "between", "quotient", "and", "or", "not", "case")
    )
    if depth and form in {"and", "or"}:
        return f"({boolean(dice, vocabulary, depth - 1)} {form} {boolean(dice, vocabulary, depth - 1)})"
    if depth and form == "not":
        return f"not ({boolean(dice, vocabulary, depth - 1)})"
    if depth and form == "case":
        condition = boolean(dice, vocabulary, depth - 1)
        parts = (boolean(dice, vocabulary, 0), boolean(dice, vocabulary, 0))
        return f"case when {condition} then {parts[0]} else {parts[1]} end"
    if form == "null":
        return f"{_name(dice, vocabulary, ('string', *NUMBERS))} is {dice.pick(('', 'not '))}null"
    if form == "texts":
        return f"{text(dice, vocabulary, depth)} {dice.pick(('=', '<>'))} {text(dice, vocabulary, 0)}"
    if form == "in":
        values = ", ".join(_quoted(vocabulary.palette.text(dice)) for _ in dice.times(1, 3))
        return f"{text(dice, vocabulary, depth)} {dice.pick(('', 'not '))}in ({values})"
    if form == "flag" and _names(vocabulary, ("boolean",)):
        return _name(dice, vocabulary, ("boolean",))
    if form == "between":
        low, high = sorted((dice.number(-2, 5), dice.number(0, 20)))
        return f"{number(dice, vocabulary, depth)} {dice.pick(('', 'not '))}between {low} and {high}"
    if form == "quotient":
        divided = f"{number(dice, vocabulary, depth)} / {dice.pick((4, 2, 0))}"
        return f"{divided} {dice.pick(('<', '>='))} {dice.pick(words.UNREACHABLE)}"
    operator = dice.pick(("=", "<>", "<", "<=", ">", ">="))
    return f"{number(dice, vocabulary, depth)} {operator} {number(dice, vocabulary, 0)}"


def number(dice: Dice, vocabulary: Vocabulary, depth: int) -> str:
    """An expression that is a number; those that are divided only meet numbers of few digits."""
    if not depth:
        if dice.chance(50) or not _names(vocabulary, NUMBERS):
            return str(dice.pick((0, 1, 2, 3, 10, -1, 0.5, 99.99)))
        return _name(dice, vocabulary, NUMBERS)
    left, right = number(dice, vocabulary, depth - 1), number(dice, vocabulary, depth - 1)
    form = dice.pick(
        ("+", "-", "*", "%", "abs", "floor", "ceil", "coalesce", "nullif", "length", "-x", "round")
    )
    if form in {"+", "-"}:
        return f"({left} {form} {right})"
    if form == "*":
        return f"({left} * {dice.pick((2, 0.5, -1))})"
    if form == "%":
        return f"({left} % {dice.pick((2, 7, 0))})"
    if form == "length":
        return f"length({text(dice, vocabulary, depth - 1)})"
    if form in {"coalesce", "nullif"}:
        return f"{form}({left}, {right})"
    if form == "-x":
        return f"-({left})"
    return f"{form}({left})"


def text(dice: Dice, vocabulary: Vocabulary, depth: int) -> str:
    """An expression that is a text."""
    if not depth:
        if dice.chance(40) or not _names(vocabulary, ("string",)):
            return _quoted(vocabulary.palette.text(dice))
        return _name(dice, vocabulary, ("string",))
    inner = text(dice, vocabulary, depth - 1)
    form = dice.pick(("lower", "upper", "trim", "||", "coalesce", "substring", "replace", "nullif"))
    if form == "||":
        return f"({inner} || {text(dice, vocabulary, 0)})"
    if form == "substring":
        return f"substring({inner}, {dice.number(1, 3)}, {dice.number(0, 2)})"
    if form == "replace":
        return f"replace({inner}, {_quoted(vocabulary.palette.some_text(dice))}, 'x')"
    if form in {"coalesce", "nullif"}:
        return f"{form}({inner}, {text(dice, vocabulary, 0)})"
    return f"{form}({inner})"


def _names(vocabulary: Vocabulary, types: tuple[str, ...]) -> list[str]:
    both = {**vocabulary.attributes, **vocabulary.traits}
    return sorted(name for name, kind in both.items() if kind in types)


def _name(dice: Dice, vocabulary: Vocabulary, types: tuple[str, ...]) -> str:
    return dice.pick(_names(vocabulary, types))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
