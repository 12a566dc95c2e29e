"""Audiences to measure with: the same conditions as specs and as SQL written by hand."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.measure import Scale
from tests.benchmarks.project import AS_OF, sql

_KINDS = [
    "page_view",
    "product_view",
    "session_start",
    "add_to_cart",
    "search",
    "email_open",
    "purchase",
    "checkout_started",
    "wishlist_add",
    "review_written",
    "support_ticket",
    "refund",
]
_DAYS = (7, 14, 30, 60, 90, 180, 365, None)

# What an event's properties may have to be: in SQL, as a spec, and how often.
_WHERE: dict[str, tuple[str, dict[str, Any], int]] = {
    "anything": ("", {}, 14),
    "web": ("channel = 'web'", {"property": "channel", "is": "web"}, 2),
    "store": ("channel = 'store'", {"property": "channel", "is": "store"}, 1),
    "mobile": ("channel in ('ios', 'android')", {"property": "channel", "in": ["ios", "android"]}, 2),
    "large": ("amount >= 100", {"property": "amount", "at_least": 100}, 2),
    "several": ("quantity >= 3", {"property": "quantity", "at_least": 3}, 1),
}
_FUNCTIONS: dict[tuple[str, str | None], int] = {
    ("count", None): 70,
    ("sum", "amount"): 12,
    ("average", "amount"): 5,
    ("max", "amount"): 4,
    ("distinct", "channel"): 5,
    ("last", None): 4,
}
_LAST_BEFORE = "2026-10-01"


@dataclass(frozen=True)
class Aggregate:
    """One number over a person's events."""

    kind: str
    where: str
    days: int | None
    function: str
    of: str | None


@dataclass(frozen=True)
class Condition:
    """An aggregate compared with a threshold."""

    number: int
    asked: Aggregate
    negative: bool
    threshold: int

    # --- by hand ---

    @property
    def start(self) -> str:
        """The window, in SQL."""
        return _start(self.asked.days)

    @property
    def rows(self) -> str:
        """The events that count, in SQL, apart from the evaluation's instant."""
        where = _WHERE[self.asked.where][0]
        return " and ".join(part for part in (f"event_name = '{self.asked.kind}'", where, self.start) if part)

    @property
    def aggregate(self) -> str:
        """The aggregate over these rows."""
        return self._aggregate("1", self.asked.of)

    @property
    def aggregate_where(self) -> str:
        """The aggregate over rows of every kind."""
        case = f"case when {self.rows} then"
        return self._aggregate(f"{case} 1 end", f"{case} {self._of} end")

    @property
    def is_existence(self) -> bool:
        """Whether it asks for one event, or for none."""
        return self.asked.function == "count" and self.threshold == 1

    def holds(self, value: str) -> str:
        """The comparison, in SQL."""
        if self.asked.function == "last":
            return f"{value} < timestamp '{_LAST_BEFORE}'"
        return f"coalesce({value}, 0) {'<' if self.negative else '>='} {self.threshold}"

    @property
    def _of(self) -> str:
        return self.asked.of or "happened_at"

    def _aggregate(self, counted: str, of: str | None) -> str:
        functions = {
            "count": f"count({counted})",
            "sum": f"sum({of})",
            "average": f"avg({of})",
            "max": f"max({of})",
            "distinct": f"count(distinct {of})",
            "last": f"max({of or 'happened_at'})",
        }
        return functions[self.asked.function]

    # --- as a spec ---

    def spec(self) -> dict[str, Any]:
        """The condition as people write it; a negative one stands under `none`."""
        spec: dict[str, Any] = {"event": f"app.{self.asked.kind}"}
        compared: dict[str, Any] = {"of": self.asked.of} if self.asked.of else {}
        if self.asked.function == "last":
            compared["before"] = _LAST_BEFORE
        else:
            compared["at_least"] = self.threshold
        if not self.is_existence:
            spec[self.asked.function] = compared
        if self.asked.days:
            spec["within"] = f"{self.asked.days} days"
        if where := _WHERE[self.asked.where][1]:
            spec["where"] = [where]
        return spec


@dataclass(frozen=True)
class Audience:
    """A name and its conditions, all of which must hold."""

    name: str
    conditions: tuple[Condition, ...]

    def criteria(self) -> dict[str, Any]:
        """The spec's criteria."""
        wanted = [condition.spec() for condition in self.conditions if not condition.negative]
        unwanted = [condition.spec() for condition in self.conditions if condition.negative]
        return {key: items for key, items in (("all", wanted), ("none", unwanted)) if items}

    def one_scan(self) -> str:
        """The query that reads the events once."""
        days = [condition.asked.days for condition in self.conditions]
        return sql(
            "one_scan",
            conditions=self.conditions,
            names=sorted({f"'{condition.asked.kind}'" for condition in self.conditions}),
            start="" if None in days else _start(max(day for day in days if day)),
            as_of=AS_OF,
        )

    def a_scan_a_condition(self) -> str:
        """The query that reads the events once for each condition."""
        return sql("a_scan_a_condition", conditions=self.conditions, as_of=AS_OF)


def audiences(scale: Scale) -> list[Audience]:
    """Audiences of two or three conditions over a pool of distinct aggregates, some of them popular."""
    chance = random.Random(11)  # noqa: S311 - the same draw every time
    pool = _aggregates(scale.aggregates, chance)
    popularity = [1 / (1 + rank) for rank in range(len(pool))]
    unused = list(pool)
    found = []
    for number in range(scale.audiences):
        chosen: list[Aggregate] = []
        for _ in range(chance.choice((2, 3, 3))):
            fresh = unused and chance.random() < 0.62
            aggregate = unused.pop() if fresh else chance.choices(pool, popularity)[0]
            if aggregate not in chosen:
                chosen.append(aggregate)
        conditions = tuple(_condition(place, one, chance) for place, one in enumerate(chosen, 1))
        found.append(Audience(f"audience_{number:03}", conditions))
    return found


def _aggregates(count: int, chance: random.Random) -> list[Aggregate]:
    found: dict[Aggregate, None] = {}
    while len(found) < count:
        function, of = chance.choices(list(_FUNCTIONS), list(_FUNCTIONS.values()))[0]
        where = chance.choices(list(_WHERE), [weight for _, _, weight in _WHERE.values()])[0]
        found[Aggregate(chance.choice(_KINDS), where, chance.choice(_DAYS), function, of)] = None
    return list(found)


def _condition(number: int, asked: Aggregate, chance: random.Random) -> Condition:
    negative = asked.function in ("count", "distinct", "sum") and chance.random() < 0.35
    thresholds = {
        "count": (1, 1, 2, 3) if negative else (1, 1, 2, 3, 5),
        "sum": (200,) if negative else (100, 500),
        "average": (120,),
        "max": (250,),
        "distinct": (2,),
        "last": (0,),
    }
    return Condition(number, asked, negative, chance.choice(thresholds[asked.function]))


def _start(days: int | None) -> str:
    return f"happened_at >= timestamp '{AS_OF}' - interval {days} days" if days else ""
