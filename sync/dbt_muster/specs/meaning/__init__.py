"""What validated specs mean: the typed, resolved form that every later room reads.

Reading, validating and resolving end in a `Project` made of these classes. Everything here is a value:
frozen, comparable, and free of file syntax. Names are known to exist, types are known to fit, and points in
time are parsed.
"""

from dbt_muster.specs.meaning.calculations import (
    Calculation,
    aggregates_of,
)
from dbt_muster.specs.meaning.cases import (
    NO_ROWS,
    Case,
    Cell,
    GivenRows,
)
from dbt_muster.specs.meaning.conditions import (
    Aggregate,
    AggregateFunction,
    All,
    AnyOf,
    Attribute,
    Column,
    Compare,
    Comparison,
    Condition,
    During,
    MemberOf,
    NoneOf,
    Operand,
    Property,
    TraitValue,
    Value,
)
from dbt_muster.specs.meaning.declarations import (
    CONTROL,
    SLOTS,
    Aliases,
    Audience,
    Criterion,
    Destination,
    Entity,
    EventSource,
    Identifier,
    Limit,
    Relation,
    Split,
    Sync,
    Trait,
)
from dbt_muster.specs.meaning.identities import (
    IdentifierKind,
    Identity,
    Link,
)
from dbt_muster.specs.meaning.project import (
    Project,
)
from dbt_muster.specs.meaning.times import (
    AS_OF,
    EVER,
    Boundary,
    Instant,
    LocalMidnight,
    LocalTime,
    Point,
    Shift,
    Unit,
    Window,
)
from dbt_muster.specs.meaning.values import (
    Position,
    Type,
)

__all__ = [
    "AS_OF",
    "CONTROL",
    "EVER",
    "NO_ROWS",
    "SLOTS",
    "Aggregate",
    "AggregateFunction",
    "Aliases",
    "All",
    "AnyOf",
    "Attribute",
    "Audience",
    "Boundary",
    "Calculation",
    "Case",
    "Cell",
    "Column",
    "Compare",
    "Comparison",
    "Condition",
    "Criterion",
    "Destination",
    "During",
    "Entity",
    "EventSource",
    "GivenRows",
    "Identifier",
    "IdentifierKind",
    "Identity",
    "Instant",
    "Limit",
    "Link",
    "LocalMidnight",
    "LocalTime",
    "MemberOf",
    "NoneOf",
    "Operand",
    "Point",
    "Position",
    "Project",
    "Property",
    "Relation",
    "Shift",
    "Split",
    "Sync",
    "Trait",
    "TraitValue",
    "Type",
    "Unit",
    "Value",
    "Window",
    "aggregates_of",
]
