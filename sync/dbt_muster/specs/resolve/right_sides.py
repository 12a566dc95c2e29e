"""What stands on the right side of an operator: literals, and references to other values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dbt_muster.specs.meaning import Attribute, Operand, Property, StepProperty, TraitValue, Type
from dbt_muster.specs.models.comparisons import (
    AttributeOperand,
    PropertyOperand,
    StepOperand,
    TraitOperand,
)
from dbt_muster.specs.resolve.literals import NUMBERS, TYPE_WORDS, UnfitError, literal
from dbt_muster.specs.resolve.names import find_attribute, find_property, find_trait
from dbt_muster.specs.resolve.scope import Catalog, EntityScope, Site, SourceScope
from dbt_muster.specs.resolve.steps import EarlierSteps, find_step_property
from dbt_muster.specs.yaml_tree import YamlPath

_INSTANTS = frozenset({Type.TIMESTAMP, Type.TIMESTAMPTZ})


Reference = AttributeOperand | TraitOperand | PropertyOperand | StepOperand


def is_reference(value: object) -> bool:
    """Whether a right side names another value."""
    return isinstance(value, Reference)


def agree(one: Type, other: Type) -> bool:
    """Whether values of two types can be compared; a type that is not declared agrees with all."""
    if Type.LOCATION in (one, other):
        return False
    if Type.UNKNOWN in (one, other) or one is other:
        return True
    return {one, other} <= NUMBERS or {one, other} <= _INSTANTS


@dataclass(frozen=True)
class Place:
    """Where a condition stands, and so what it can refer to."""

    site: Site
    catalog: Catalog
    entity: EntityScope | None  # None where it is not known, which has been reported
    source: SourceScope | None = None
    in_where: bool = False
    steps: EarlierSteps | None = None  # in the `where` of a sequence's step

    def operand(self, value: object, wanted: Type, path: YamlPath) -> Operand | None:
        """One right side of the wanted type; None where it is wrong, which is reported."""
        if isinstance(value, Reference):
            return self._reference(value, wanted, path)
        try:
            return literal(value, wanted)
        except UnfitError as error:
            self.site.report(
                path, "type_mismatch", error.message, expected=error.expected, suggestion=error.suggestion
            )
            return None

    def operands(self, values: Iterable[object], wanted: Type, path: YamlPath) -> tuple[Operand, ...]:
        """A list of right sides, without those that are wrong, which are reported."""
        found = [self.operand(value, wanted, (*path, index)) for index, value in enumerate(values)]
        return tuple(operand for operand in found if operand is not None)

    def attribute(self, name: str, path: YamlPath) -> Attribute:
        """The attribute of a name."""
        return find_attribute(self.site, self.entity, name, path)

    def trait(self, name: str, path: YamlPath) -> TraitValue:
        """The trait of a name."""
        return find_trait(self.site, self.catalog, self.entity, name, path)

    def property(self, name: str, path: YamlPath) -> Property:
        """The property of a name, of the event at hand."""
        return find_property(self.site, self.source, name, path)

    def _reference(self, value: Reference, wanted: Type, path: YamlPath) -> Operand | None:
        found = self._referred(value, path)
        if found is None or agree(found.type, wanted):
            return found
        if found.type is Type.LOCATION:
            message = f"`{found.name}` is a location, which no value can be compared with"
            self.site.report(path, "type_mismatch", message, expected="`near:` with a point")
            return None
        message = f"`{found.name}` is {TYPE_WORDS[found.type]}, and is compared with {TYPE_WORDS[wanted]}"
        self.site.report(path, "type_mismatch", message, expected=TYPE_WORDS[wanted])
        return None

    def _referred(
        self, value: Reference, path: YamlPath
    ) -> Attribute | TraitValue | Property | StepProperty | None:
        if isinstance(value, StepOperand):
            return find_step_property(self.site, self.steps, value, path)
        if isinstance(value, PropertyOperand):
            if self.in_where:
                return self.property(value.property, (*path, "property"))
            message = "a property of an event can be compared with only in that event's `where`"
            self.site.report((*path, "property"), "type_mismatch", message, key=True)
            return None
        if isinstance(value, AttributeOperand):
            return self.attribute(value.attribute, (*path, "attribute"))
        return self.trait(value.trait, (*path, "trait"))
