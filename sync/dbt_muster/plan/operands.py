"""Which table and column stand for an attribute, a trait or an aggregate of one entity."""

from __future__ import annotations

from collections.abc import Mapping

from dbt_muster.plan.canonical import canonical_aggregate
from dbt_muster.plan.features import FeatureTable, Place, feature_column, place_of, use_in
from dbt_muster.plan.links import link_alias, link_model
from dbt_muster.plan.nodes import (
    Node,
    audience_alias,
    column_node,
    condition_node,
    expression_node,
    literal_node,
    location_node,
    point_node,
)
from dbt_muster.specs.meaning import (
    Aggregate,
    All,
    AnyOf,
    Attribute,
    Calculation,
    Computed,
    Condition,
    DaysSince,
    Entity,
    MemberOf,
    NoneOf,
    Operand,
    Periods,
    Property,
    Rate,
    Related,
    Share,
    StepProperty,
    Through,
    Trait,
    TraitValue,
    Type,
    Value,
    Window,
)

# Aggregates that have a value over no events at all.
_ZERO_OVER_NOTHING = ("count", "distinct", "sum")


class EntityOperands:
    """Writes the operands of one model over an entity, and remembers the tables that they need.

    After the model's conditions are written, `models` maps the alias of each table to its dbt model, in the
    order in which they were first needed.
    """

    def __init__(
        self,
        entity: Entity,
        tables: Mapping[Place, FeatureTable],
        traits: Mapping[str, Trait],
        traits_model: str,
    ) -> None:
        self.models: dict[str, str] = {}
        self._entity = entity
        self._traits = traits
        self._tables = tables
        self._traits_model = traits_model

    def __call__(self, operand: Operand, window: Window | None) -> Node:
        """One operand as data; the window is that of a condition on a time."""
        match operand:
            case Attribute(name, value_type):
                if value_type is Type.LOCATION:
                    return location_node(name)
                # The entity's own table holds every time in UTC already.
                stored = Type.TIMESTAMP if value_type is Type.TIMESTAMPTZ else value_type
                return column_node("entity", f"attribute__{name}", stored)
            case TraitValue(name, value_type):
                self.models["traits"] = self._traits_model
                return column_node("traits", name, _stored(value_type))
            case Aggregate():
                return self.aggregate(operand, window)
            case Periods(holding):
                return {
                    "how_many": [condition_node(item, self) for item in holding],
                    "timezone": self._entity.timezone,
                }
            case Value():
                return literal_node(operand)
            case Related():
                alias = link_alias(operand)
                self.models[alias] = link_model(operand)
                return column_node(alias, "members", Type.INTEGER) | {"zero": True}
            case Property() | StepProperty():
                raise TypeError("a property of an event stands only inside that event's where")

    def inline(self, operand: Operand, window: Window | None) -> Node:
        """One operand as data, with traits written from the columns of feature tables."""
        return self.trait(operand.name) if isinstance(operand, TraitValue) else self(operand, window)

    def trait(self, name: str) -> Node:
        """A trait's value, written from the columns of feature tables.

        What the table of traits itself is made of, and what that table is made from, cannot read it.
        """
        return self._calculated(self._traits[name].value)

    def _calculated(self, value: Calculation) -> Node:
        match value:
            case Aggregate():
                return self.aggregate(value)
            case DaysSince(time):
                return {"days_since": self.aggregate(time), "timezone": self._entity.timezone}
            case Rate(amount, per):
                start = amount.window.start
                if start is None:
                    raise TypeError("a rate is over a window that starts somewhere")
                return {
                    "rate": self.aggregate(amount),
                    "from": point_node(start),
                    "per": [per.count, per.unit],
                    "timezone": self._entity.timezone,
                }
            case Computed(expression):
                return expression_node(expression, self.inline)
            case Share(part, whole):
                return {"share": self.aggregate(part), "of": self.aggregate(whole)}

    def aggregate(self, aggregate: Aggregate, window: Window | None = None) -> Node:
        """The column of an aggregate; zero over no events where its function says so."""
        canonical = canonical_aggregate(aggregate)
        table = self._tables[place_of(use_in(canonical, window))]
        self.models[table.alias] = table.model
        node = column_node(table.alias, feature_column(canonical), _stored(aggregate.type))
        return node | ({"zero": True} if aggregate.function in _ZERO_OVER_NOTHING else {})

    def note_audiences(self, condition: Condition) -> None:
        """Remember the tables of the audiences that a condition refers to."""
        match condition:
            case All(items) | AnyOf(items) | NoneOf(items):
                for item in items:
                    self.note_audiences(item)
            case Through():
                self.models[link_alias(condition)] = link_model(condition)
            case MemberOf(audience):
                self.models[audience_alias(audience)] = audience


def _stored(value_type: Type) -> Type:
    return Type.TIMESTAMP if value_type is Type.TIMESTAMPTZ else value_type
