"""Operators: comparisons of one value become conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from dbt_muster.specs.meaning import (
    All,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    During,
    NoneOf,
    Operand,
    Type,
    Value,
    Window,
)
from dbt_muster.specs.models.comparisons import Comparisons
from dbt_muster.specs.models.places import NearSpec
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.patterns import PatternError, portable
from dbt_muster.specs.points import DURATION_EXPECTED, POINT_EXPECTED, parse_point
from dbt_muster.specs.resolve.literals import TIMES, TYPE_WORDS, type_of
from dbt_muster.specs.resolve.operators import (
    APPLIES,
    COMPARISONS,
    FOLDS_CASE,
    asks_for,
    given_operators,
    operators_for,
)
from dbt_muster.specs.resolve.places import near
from dbt_muster.specs.resolve.right_sides import Place, is_reference
from dbt_muster.specs.resolve.times import parse_time, report_empty
from dbt_muster.specs.windows import ON_EXPECTED, is_empty, on, within, within_next
from dbt_muster.specs.yaml_tree import YamlPath

_TIME_WORDS = {"at_least": "after", "more_than": "after", "less_than": "before", "at_most": "before"}
_ABOUT_TIMES = "`before`, `after`, `on`, `within` or `between`"


def comparisons(
    place: Place, left: Operand, name: str, model: Comparisons, path: YamlPath
) -> list[Condition]:
    """Every operator of a condition about `left`, which people call `name`; mistakes are reported."""
    given = given_operators(model)
    if not given and path not in place.site.patches:
        place.site.report(
            path,
            "no_operator",
            f"nothing is said about `{name}`",
            expected=one_of(operators_for(left.type)),
            suggestion="is: true" if left.type is Type.BOOLEAN else None,
        )
    folds = model.ignore_case is True
    if folds:
        _check_case(place, left, name, [operator for operator, _ in given], path)
    found = []
    for operator, right in given:
        at = (*path, operator)
        if _applies(place, left, name, operator, at):
            condition = _BUILDERS[operator](place, left, operator, right, at)
            if condition is not None:
                found.append(_folded(condition) if folds else condition)
    return found


def _folded(condition: Condition) -> Condition:
    return replace(condition, ignore_case=True) if isinstance(condition, Compare) else condition


def _check_case(place: Place, left: Operand, name: str, operators: list[str], path: YamlPath) -> None:
    if left.type not in (Type.STRING, Type.LIST, Type.UNKNOWN):
        message = f"`ignore_case` is about text, and `{name}` is {TYPE_WORDS[left.type]}"
    elif operators and not FOLDS_CASE.intersection(operators):
        message = "`ignore_case` is about text, and no operator here compares text"
    else:
        return
    place.site.report((*path, "ignore_case"), "type_mismatch", message, key=True)


def _applies(place: Place, left: Operand, name: str, operator: str, path: YamlPath) -> bool:
    if left.type is Type.UNKNOWN or left.type in APPLIES[operator]:
        return True
    fitting = operators_for(left.type)
    message = f"`{operator}` can be asked of {asks_for(operator)}, and `{name}` is {TYPE_WORDS[left.type]}"
    place.site.report(
        path,
        "type_mismatch",
        message,
        expected=one_of(fitting),
        suggestion=nearest(operator, fitting),
        key=True,
    )
    return False


def _listed(right: object) -> list[object]:
    return right if isinstance(right, list) else [right]


# --- one function a family of operators; each gives None where it has reported a mistake ---


def _is(place: Place, left: Operand, operator: str, right: object, path: YamlPath) -> Condition | None:
    negated = operator == "is_not"
    if left.type in TIMES and not is_reference(right):
        return _day(place, left, right, path, negated)
    operand = place.operand(right, left.type, path)
    return None if operand is None else Compare(left, "is", (operand,), negated)


def _day(place: Place, left: Operand, right: object, path: YamlPath, negated: bool) -> Condition | None:
    """A date equals a day where it lies in it; no instant is ever equal to what a person writes."""
    if left.type is not Type.DATE:
        message = "a time is never exactly a point in time that is written down"
        place.site.report(path, "type_mismatch", message, expected=_ABOUT_TIMES, key=True)
        return None
    window = parse_time(place.site, on, right, path, ON_EXPECTED)
    return None if window is None else During(left, window, negated)


def _in(place: Place, left: Operand, operator: str, right: object, path: YamlPath) -> Condition | None:
    negated = operator == "not_in"
    if left.type in TIMES:
        days = [_is(place, left, "is", item, (*path, index)) for index, item in enumerate(_listed(right))]
        kept = tuple(day for day in days if day is not None)
        return NoneOf(kept) if negated else AnyOf(kept)
    operands = place.operands(_listed(right), left.type, path)
    return Compare(left, "in", operands, negated) if operands else None


def _order(place: Place, left: Operand, operator: str, right: object, path: YamlPath) -> Condition | None:
    if left.type in TIMES and not is_reference(right):
        message = f"`{operator}` compares numbers, and this is {TYPE_WORDS[left.type]}"
        suggestion = f"{_TIME_WORDS[operator]}: {right}" if isinstance(right, str) else None
        place.site.report(
            path, "type_mismatch", message, expected=_ABOUT_TIMES, suggestion=suggestion, key=True
        )
        return None
    unknown = left.type is Type.UNKNOWN and not is_reference(right)
    operand = place.operand(right, Type.NUMBER if unknown else left.type, path)
    return None if operand is None else Compare(left, COMPARISONS[operator], (operand,))


def _between(place: Place, left: Operand, operator: str, right: object, path: YamlPath) -> Condition | None:
    both = _listed(right)
    literals = [item for item in both if not is_reference(item)]
    if left.type is Type.UNKNOWN and any(type_of(item) is Type.STRING for item in literals):
        return _between_times(place, left, both, path)
    if left.type in TIMES:
        return _between_times(place, left, both, path)
    wanted = Type.NUMBER if left.type is Type.UNKNOWN and literals else left.type
    operands = place.operands(both, wanted, path)
    if len(operands) != 2 or _reversed(place, operands, path):
        return None
    return Compare(left, "between", operands)


def _reversed(place: Place, operands: tuple[Operand, ...], path: YamlPath) -> bool:
    low, high = operands
    if not (isinstance(low, Value) and isinstance(high, Value)) or Decimal(str(low.value)) <= Decimal(
        str(high.value)
    ):
        return False
    message = f"no number lies between {low.value} and {high.value}"
    suggestion = f"between: [{high.value}, {low.value}]"
    place.site.report(
        path, "impossible_range", message, expected="the smaller number first", suggestion=suggestion
    )
    return True


def _between_times(place: Place, left: Operand, right: list[object], path: YamlPath) -> Condition | None:
    low = _edge(place, left, "after", right[0], (*path, 0))
    high = _edge(place, left, "before", right[1], (*path, 1))
    if low is None or high is None:
        return None
    if not (isinstance(low, During) and isinstance(high, During)):
        return All((low, high))
    window = Window(low.window.start, high.window.end)
    if is_empty(window):
        report_empty(place.site, right, path)
        return None
    return During(left, window)


def _edge(place: Place, left: Operand, operator: str, right: object, path: YamlPath) -> Condition | None:
    """`before` leaves its point out, `after` takes it in."""
    if is_reference(right):
        operand = place.operand(right, left.type, path)
        comparison: Comparison = "less_than" if operator == "before" else "at_least"
        return None if operand is None else Compare(left, comparison, (operand,))
    point = parse_time(place.site, parse_point, right, path, POINT_EXPECTED)
    if point is None:
        return None
    return During(left, Window(end=point) if operator == "before" else Window(start=point))


def _window(place: Place, left: Operand, operator: str, right: object, path: YamlPath) -> Condition | None:
    if is_reference(right):
        message = f"`{operator}` reads a time that is written down, not another value"
        expected = ON_EXPECTED if operator == "on" else DURATION_EXPECTED
        place.site.report(path, "type_mismatch", message, expected=expected)
        return None
    parse = {"within": within, "not_within": within, "within_next": within_next, "on": on}[operator]
    expected = ON_EXPECTED if operator == "on" else DURATION_EXPECTED
    window = parse_time(place.site, parse, right, path, expected)
    return None if window is None else During(left, window, operator == "not_within")


def _text(place: Place, left: Operand, operator: str, right: object, path: YamlPath) -> Condition | None:
    if right == "":
        message = "every text has an empty text in it"
        place.site.report(path, "empty_text", message, expected="a text that is not empty")
        return None
    operand = place.operand(right, Type.STRING, path)
    return _positive(left, operator, operand)


def _matches(place: Place, left: Operand, operator: str, right: object, path: YamlPath) -> Condition | None:
    try:
        pattern = portable(str(right))
    except PatternError as error:
        place.site.report(path, "pattern", error.message, expected=error.expected)
        return None
    return _positive(left, operator, Value(pattern, Type.STRING))


def _positive(left: Operand, operator: str, operand: Operand | None) -> Condition | None:
    """A negated operator is the positive one, negated."""
    if operand is None:
        return None
    positive = operator.removeprefix("not_")
    return Compare(left, COMPARISONS[positive], (operand,), positive != operator)


def _is_set(place: Place, left: Operand, operator: str, right: object, path: YamlPath) -> Condition | None:
    return Compare(left, "is_set", (), negated=not right)


def _near(place: Place, left: Operand, operator: str, right: object, path: YamlPath) -> Condition | None:
    if not isinstance(right, NearSpec):
        raise TypeError(f"not a point: {type(right).__name__}")
    return near(place.site, left, right, path, negated=operator == "not_near")


def _includes(place: Place, left: Operand, operator: str, right: object, path: YamlPath) -> Condition | None:
    if isinstance(right, list):
        operands = place.operands(right, Type.STRING, path)
    else:
        operand = place.operand(right, Type.STRING, path)
        operands = () if operand is None else (operand,)
    return Compare(left, COMPARISONS[operator], operands) if operands else None


_BUILDERS: dict[str, Callable[[Place, Operand, str, object, YamlPath], Condition | None]] = {
    "is": _is,
    "is_not": _is,
    "in": _in,
    "not_in": _in,
    "at_least": _order,
    "at_most": _order,
    "more_than": _order,
    "less_than": _order,
    "between": _between,
    "contains": _text,
    "not_contains": _text,
    "starts_with": _text,
    "not_starts_with": _text,
    "ends_with": _text,
    "not_ends_with": _text,
    "matches": _matches,
    "not_matches": _matches,
    "is_set": _is_set,
    "includes": _includes,
    "includes_any": _includes,
    "includes_all": _includes,
    "near": _near,
    "not_near": _near,
    "within": _window,
    "not_within": _window,
    "within_next": _window,
    "before": _edge,
    "after": _edge,
    "on": _window,
}
