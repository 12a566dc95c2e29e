"""Conditions as the plain data that stands in a stub and that `macros/criteria` renders."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from dbt_muster.plan.canonical import canonical_sequence, short_hash
from dbt_muster.plan.links import link_alias
from dbt_muster.specs.meaning import (
    Aggregate,
    All,
    AnyOf,
    Attribute,
    Boundary,
    Call,
    Column,
    Compare,
    Condition,
    During,
    EventSource,
    Expression,
    Holds,
    Instant,
    LocalMidnight,
    LocalTime,
    MemberOf,
    Near,
    NoneOf,
    Operand,
    Periods,
    Point,
    Property,
    Related,
    Sequence,
    Shift,
    StepProperty,
    Through,
    TraitValue,
    Type,
    Value,
    Window,
)

Node = dict[str, Any]
# Writes an operand; the window is that of a condition on a time.
OperandNode = Callable[[Operand, Window | None], Node]


def point_node(point: Point) -> Node:
    """A point in time as data; `macros/time/instant.sql` turns it into an instant."""
    match point:
        case Shift(count, unit):
            return {"ahead": [count, unit]} if count > 0 else {"ago": [-count, unit]}
        case LocalMidnight(count, unit):
            return {"local_midnight": [count, unit]}
        case Boundary(unit, shift):
            return {"start_of": [unit, shift]}
        case Instant(utc):
            return {"at": utc.isoformat(" ")}
        case LocalTime(local):
            return {"local": local.isoformat(" ")}


def window_node(window: Window) -> Node:
    """A half-open window as data; an open end is left out."""
    ends = {"from": window.start, "to": window.end}
    return {name: point_node(point) for name, point in ends.items() if point is not None}


def condition_node(condition: Condition, operand: OperandNode, audience_key: str = "") -> Node:
    """A condition as data.

    Args:
        condition: what to write.
        operand: writes one operand: which table's column it is, or a literal.
        audience_key: the name of the entity's key, by which the tables of audiences and sequences are joined.
    """

    def several(items: tuple[Condition, ...]) -> list[Node]:
        return [condition_node(item, operand, audience_key) for item in items]

    match condition:
        case All(items):
            return {"all": several(items)}
        case AnyOf(items):
            return {"any": several(items)}
        case NoneOf(items):
            return {"none": several(items)}
        case Holds(expression):
            return {"holds": expression_node(expression, operand)}
        case MemberOf(audience):
            return {"member_of": audience_alias(audience), "key": audience_key}
        case Sequence():
            return {"member_of": sequence_alias(condition), "key": audience_key}
        case Through():
            return {"member_of": link_alias(condition), "key": audience_key}
        case During(left, window, negated):
            return {"value": operand(left, window), "during": window_node(window)} | _flags(negated=negated)
        case Near(left, latitude, longitude, kilometres, negated):
            near = {"latitude": latitude, "longitude": longitude, "kilometres": kilometres}
            written = {name: plain_number(number) for name, number in near.items()}
            return {"value": operand(left, None), "near": written} | _flags(negated=negated)
        case Compare(left, operator, right, negated, ignore_case):
            node: Node = {"value": operand(left, None), "operator": operator}
            if right:
                node["to"] = [operand(item, None) for item in right]
            return node | _flags(negated=negated, ignore_case=ignore_case)


def expression_node(expression: Expression, operand: OperandNode) -> Node:
    """An expression as data: a function and what it is of, or an operand."""
    if not isinstance(expression, Call):
        return operand(expression, None)
    arguments = [expression_node(argument, operand) for argument in expression.arguments]
    return {"call": expression.function, "of": arguments, "type": expression.type.value}


def literal_node(value: Value) -> Node:
    """A literal; numbers are written as text, so that no digit is lost on the way."""
    if isinstance(value.value, bool | str):
        return {"literal": value.value, "type": value.type.value}
    return {"literal": plain_number(value.value), "type": value.type.value}


def plain_number(number: object) -> str:
    """A number in plain decimal digits, without an exponent."""
    if not isinstance(number, int | Decimal):
        raise TypeError(f"not a number: {type(number).__name__}")
    return format(Decimal(number), "f")


def column_node(alias: str, name: str, value_type: Type, timezone: str | None = None) -> Node:
    """A column of a joined table."""
    node: Node = {"of": alias, "column": name, "type": value_type.value}
    if timezone not in (None, "UTC"):
        node["timezone"] = timezone
    return node


def location_node(name: str) -> Node:
    """The two columns of the entity's own table that a location is."""
    parts = {part: f"{part}__{name}" for part in ("latitude", "longitude")}
    return {"of": "entity", "type": Type.LOCATION.value, **parts}


def property_column(source: EventSource, name: str) -> Column:
    """The column of an event's property; where a source declares none, a property is a column's name."""
    return source.properties.get(name) or Column(name)


def property_node(source: EventSource, name: str) -> Node:
    """A property of the event at hand."""
    column = property_column(source, name)
    node = column_node("events", column.column, column.type, column.timezone)
    return node | ({"path": list(column.path)} if column.path else {})


def event_operand(source: EventSource, outside: OperandNode) -> OperandNode:
    """Writes the operands of an event's `where`.

    Args:
        source: whose columns the event's own properties are.
        outside: writes attributes and traits of the entity.
    """

    def write(operand: Operand, window: Window | None) -> Node:
        match operand:
            case Property(name):
                return property_node(source, name)
            case Value():
                return literal_node(operand)
            case Attribute() | TraitValue():
                return outside(operand, window)
            case Aggregate() | Periods() | Related() | StepProperty():
                raise TypeError(f"{type(operand).__name__} cannot stand in an event's where")

    return write


def sequence_alias(sequence: Sequence) -> str:
    """The alias of a sequence's table, the same however the sequence is written."""
    return f"sequence__{short_hash(canonical_sequence(sequence))}"


def audience_alias(audience: str) -> str:
    """The alias of another audience's table; the prefix keeps it clear of reserved words."""
    return f"audience_{audience}"


def _flags(**flags: bool) -> Node:
    return {name: True for name, value in flags.items() if value}
