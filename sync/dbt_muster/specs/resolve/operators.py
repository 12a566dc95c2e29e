"""Which operators there are, and which types each can be asked of."""

from __future__ import annotations

from dbt_muster.specs.meaning import Comparison, Type
from dbt_muster.specs.models.comparisons import Comparisons
from dbt_muster.specs.resolve.literals import NUMBERS, TIMES

OPERATORS: tuple[tuple[str, str], ...] = (
    ("is", "is_"),
    ("is_not", "is_not"),
    ("in", "in_"),
    ("not_in", "not_in"),
    ("at_least", "at_least"),
    ("at_most", "at_most"),
    ("more_than", "more_than"),
    ("less_than", "less_than"),
    ("between", "between"),
    ("contains", "contains"),
    ("not_contains", "not_contains"),
    ("starts_with", "starts_with"),
    ("not_starts_with", "not_starts_with"),
    ("ends_with", "ends_with"),
    ("not_ends_with", "not_ends_with"),
    ("matches", "matches"),
    ("not_matches", "not_matches"),
    ("is_set", "is_set"),
    ("includes", "includes"),
    ("includes_any", "includes_any"),
    ("includes_all", "includes_all"),
    ("within", "within"),
    ("not_within", "not_within"),
    ("within_next", "within_next"),
    ("before", "before"),
    ("after", "after"),
    ("on", "on"),
    ("near", "near"),
    ("not_near", "not_near"),
)
"""Each operator as it is written, and the model's field; in the order that a condition's are read in."""

_TEXTS = frozenset({Type.STRING})
_LISTS = frozenset({Type.LIST})
_LOCATIONS = frozenset({Type.LOCATION})
_SCALARS = frozenset({Type.STRING, Type.BOOLEAN}) | NUMBERS | TIMES
_ORDERED = NUMBERS | TIMES
_ANY = frozenset(Type)

APPLIES: dict[str, frozenset[Type]] = {
    "is": _SCALARS,
    "is_not": _SCALARS,
    "in": _SCALARS,
    "not_in": _SCALARS,
    "at_least": _ORDERED,
    "at_most": _ORDERED,
    "more_than": _ORDERED,
    "less_than": _ORDERED,
    "between": _ORDERED,
    "contains": _TEXTS,
    "not_contains": _TEXTS,
    "starts_with": _TEXTS,
    "not_starts_with": _TEXTS,
    "ends_with": _TEXTS,
    "not_ends_with": _TEXTS,
    "matches": _TEXTS,
    "not_matches": _TEXTS,
    "is_set": _ANY,
    "includes": _LISTS,
    "includes_any": _LISTS,
    "includes_all": _LISTS,
    "within": TIMES,
    "not_within": TIMES,
    "within_next": TIMES,
    "before": TIMES,
    "after": TIMES,
    "on": TIMES,
    "near": _LOCATIONS,
    "not_near": _LOCATIONS,
}
"""The types that each operator can be asked of; one that is not declared can be asked anything."""

COMPARISONS: dict[str, Comparison] = {
    "is": "is",
    "in": "in",
    "at_least": "at_least",
    "at_most": "at_most",
    "more_than": "more_than",
    "less_than": "less_than",
    "between": "between",
    "contains": "contains",
    "starts_with": "starts_with",
    "ends_with": "ends_with",
    "matches": "matches",
    "includes": "includes",
    "includes_any": "includes_any",
    "includes_all": "includes_all",
    "is_set": "is_set",
}
"""The positive operators, as comparisons of the meaning."""

FOLDS_CASE = frozenset(
    {"is", "is_not", "in", "not_in", "includes", "includes_any", "includes_all"}
    | {no + name for no in ("", "not_") for name in ("contains", "starts_with", "ends_with", "matches")}
)
"""The operators that `ignore_case` means something for."""

_ORDERS = frozenset({"at_least", "at_most", "more_than", "less_than"})
_ASKS_FOR = {
    _TEXTS: "text",
    _LOCATIONS: "a location",
    _LISTS: "a list",
    TIMES: "a date or a time",
    _ORDERED: "a number or a time",
}


def operators_for(kind: Type) -> list[str]:
    """The operators that a value of a type can be asked, but for those that only compare two times."""
    return [
        name for name, _ in OPERATORS if kind in APPLIES[name] and not (kind in TIMES and name in _ORDERS)
    ]


def asks_for(operator: str) -> str:
    """What an operator can be asked of, in words."""
    return _ASKS_FOR.get(APPLIES[operator], "a single value")


def given_operators(model: Comparisons) -> list[tuple[str, object]]:
    """The operators that a condition states, in the one order, each with its right side."""
    given = model.model_fields_set
    return [(name, getattr(model, attribute)) for name, attribute in OPERATORS if attribute in given]
