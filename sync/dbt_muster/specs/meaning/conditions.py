"""Operands, and the conditions over them: always true or false."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as OneOf

from dbt_muster.specs.meaning.sequences import Sequence, StepProperty
from dbt_muster.specs.meaning.times import Shift, Window
from dbt_muster.specs.meaning.values import Type


@dataclass(frozen=True)
class Column:
    """A column of a source table, and how to read it."""

    column: str
    type: Type = Type.UNKNOWN
    timezone: str | None = None  # for TIMESTAMP: the zone its values are written in; None is UTC
    # for STRING etc. out of a JSON column: the keys below the column (`properties.plan` has column
    # `properties` and path ("plan",))
    path: tuple[str, ...] = ()
    longitude: str | None = None  # for LOCATION: the second column; the first one is the latitude

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns of the table itself that it reads."""
        if self.longitude is not None:
            return Column(self.column, Type.NUMBER), Column(self.longitude, Type.NUMBER)
        return (Column(self.column, Type.JSON),) if self.path else (self,)


@dataclass(frozen=True)
class Attribute:
    """An attribute of the entity at hand, by its spec name."""

    name: str
    type: Type


@dataclass(frozen=True)
class TraitValue:
    """A calculated attribute of the entity at hand."""

    name: str
    type: Type


@dataclass(frozen=True)
class Property:
    """A property of the event at hand; only inside an event's `where`."""

    name: str
    type: Type


@dataclass(frozen=True)
class Value:
    """A literal, already of the type that it is compared as.

    `value` is str for STRING, int for INTEGER, Decimal or int for NUMBER, bool for BOOLEAN.
    Literal dates and times are Points, never Values.
    """

    value: object
    type: Type


AggregateFunction = OneOf[
    "count",
    "distinct",
    "sum",
    "average",
    "min",
    "max",
    "first",
    "last",
    "most_frequent",  # ties go to the smallest value
    "unique_list",  # the different texts, in the order of their bytes
]


@dataclass(frozen=True)
class Aggregate:
    """One number (or value) over an entity's events; over no events count, distinct and sum are 0."""

    source: str  # the name under `events:` of the entity
    event: str | None  # the value in the source's name column; None where every row is one kind
    function: AggregateFunction
    of: Property | None  # None for count; None for first and last means the event's own time
    window: Window
    where: Condition | None
    type: Type
    limit: int | None = None  # for unique_list: how many texts at most


@dataclass(frozen=True)
class Periods:
    """In how many of the last periods of one length, counted back from `as_of`, something holds."""

    holding: tuple[Condition, ...]  # one a period, about the events in it; the latest first
    each: Shift  # the length ahead
    type: Type = Type.INTEGER


@dataclass(frozen=True)
class Related:
    """How many of an entity's rows that name this one by its key the conditions hold for."""

    owner: str  # the entity at hand
    entity: str  # the one whose rows name it
    where: Condition  # about the latter
    type: Type = Type.INTEGER


Operand = Attribute | TraitValue | Property | StepProperty | Value | Aggregate | Periods | Related


Comparison = OneOf[
    "is",  # equality; one right side
    "in",  # any of the right sides
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "between",  # two right sides, both included (numbers only: times become "during")
    "contains",
    "starts_with",
    "ends_with",
    "matches",  # a regular expression found anywhere in the text
    "includes",  # a list holds the value; one right side
    "includes_any",
    "includes_all",
    "is_set",  # no right side
]


@dataclass(frozen=True)
class Compare:
    """`left <operator> right`; a missing value makes it false, and `negated` is the exact complement.

    `is_not`, `not_in`, `not_contains`, `is_set: false` … arrive here as the positive comparison, negated.
    """

    left: Operand
    operator: Comparison
    right: tuple[Operand, ...] = ()
    negated: bool = False
    ignore_case: bool = False


@dataclass(frozen=True)
class During:
    """`left` is a time inside the window: within, within_next, before, after, on, between, negated or not."""

    left: Operand
    window: Window
    negated: bool = False


@dataclass(frozen=True)
class Near:
    """A location is within a distance of a point, along the surface of a sphere of 6371.0088 km."""

    left: Attribute
    latitude: Decimal
    longitude: Decimal
    kilometres: Decimal
    negated: bool = False


@dataclass(frozen=True)
class Call:
    """A function or an operator, applied to values: `and`, `=`, `lower`, `case` and so on.

    The conditions and values of a `case` take turns, and the value for when no condition holds comes last.
    """

    function: str
    arguments: tuple[Expression, ...]
    type: Type


@dataclass(frozen=True)
class Holds:
    """An expression is true: neither false nor unknown."""

    expression: Expression


@dataclass(frozen=True)
class MemberOf:
    """Membership of another audience of the same entity, at the same `as_of`."""

    audience: str


@dataclass(frozen=True)
class Through:
    """The conditions hold for what this row names by its key; false where there is no such thing."""

    owner: str  # the entity at hand
    entity: str  # the one that its rows name
    where: Condition  # about the latter


@dataclass(frozen=True)
class All:
    """Every one of the conditions holds."""

    items: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one of the conditions holds."""

    items: tuple[Condition, ...]


@dataclass(frozen=True)
class NoneOf:
    """The complement of AnyOf."""

    items: tuple[Condition, ...]


Expression = Attribute | TraitValue | Value | Call
Condition = Compare | During | Near | Holds | Sequence | MemberOf | Through | All | AnyOf | NoneOf
