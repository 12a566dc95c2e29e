"""Who is a member, by semantics.md alone: slow, plain, and written without a look at the SQL."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.oracle import delivery, expressions, places, points, sequences, standing, values
from tests.oracle.aggregates import AGGREGATES, aggregate
from tests.oracle.entities import Entity, Event, Source, Subject
from tests.oracle.world import Key, Spec, World, Written

_SETTINGS = {"of", "limit", "per"}
"""Keys of an aggregate in a condition that are no comparisons."""
_PERIODS = {"of", "each"}


def members(world: World, audience: Spec) -> frozenset[Key]:
    """The keys of an audience's members.

    Args:
        world: the data, and the specs that this one may refer to.
        audience: the spec as it is written.
    """
    return Evaluation(world).members(audience)


class Evaluation:
    """One evaluation of any number of specs over one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._entities: dict[str, Entity] = {}
        self._traits: dict[tuple[str, Key], values.Typed] = {}
        self._members: dict[str, frozenset[Key]] = {}
        self._earlier: dict[datetime, Evaluation] = {}

    @property
    def population(self) -> Mapping[Key, Any]:
        """The first entity's rows by key."""
        return self.entity(self.world.entity["entity"]).population

    def entity(self, name: str) -> Entity:
        """An entity by its name."""
        if name not in self._entities:
            self._entities[name] = Entity(self.world, self.world.entities[name])
        return self._entities[name]

    # --- audiences ------------------------------------------------------------------------------

    def members_of(self, name: str) -> frozenset[Key]:
        """The members of an audience of the world."""
        if name not in self._members:
            self._members[name] = self.members(self.world.audiences[name])
        return self._members[name]

    def members(self, audience: Spec) -> frozenset[Key]:
        """The members of a spec: who qualifies now, or who stays and has not expired."""
        if not {"stay", "expire"} & audience.keys():
            return self.qualifying(audience)
        instants = standing.recorded([*self.world.before, self.world.as_of])
        remembered: dict[Key, standing.Standing] = {}
        for instant in instants:
            if instant > self.world.as_of:
                break
            evaluation = self._at(instant)
            qualifying = evaluation.qualifying(audience)
            for key in evaluation.entity(self._entity_name(audience)).population:
                before = remembered.get(key, standing.Standing())
                remembered[key] = standing.after(before, instant, key in qualifying, audience)
        return frozenset(key for key, state in remembered.items() if state.member_since is not None)

    def qualifying(self, audience: Spec) -> frozenset[Key]:
        """The keys for which the criteria hold, up to the limit."""
        entity = self.entity(self._entity_name(audience))
        found = [
            key for key in entity.population if self.holds(audience["criteria"], Subject(entity.name, key))
        ]
        if "limit" not in audience:
            return frozenset(found)
        limit = audience["limit"]
        ranked: list[tuple[Any, Key]] = [
            (self._named(limit["by"], Subject(entity.name, key)), key) for key in found
        ]
        ranked = sorted(((value, key) for value, key in ranked if value is not None), key=lambda one: one[1])
        ranked.sort(key=lambda one: one[0], reverse=limit.get("order") != "ascending")
        return frozenset(key for _, key in ranked[: limit["top"]])

    def _at(self, instant: datetime) -> Evaluation:
        """The evaluation at an instant before, with the evaluations before that."""
        if instant == self.world.as_of:
            return self
        if instant not in self._earlier:
            before = tuple(one for one in standing.recorded(self.world.before) if one < instant)
            self._earlier[instant] = Evaluation(replace(self.world, as_of=instant, before=before))
        return self._earlier[instant]

    def _entity_name(self, spec: Spec) -> str:
        return str(spec.get("entity", self.world.entity["entity"]))

    def assigned(self, group: str) -> delivery.Members:
        """The keys that a group's priority gives to each of its audiences."""
        priority = self.world.groups[group]["priority"]
        return delivery.assigned(priority, {name: self.members_of(name) for name in priority})

    def withheld(self, audience: str) -> delivery.Members:
        """The members of an audience that are never sent, by the reason."""
        everybody = {name: self.members_of(name) for name in self.world.audiences}
        return delivery.withheld(self.world.audiences[audience], self.world.groups, everybody)

    # --- conditions -----------------------------------------------------------------------------

    def holds(self, condition: Written, subject: Subject) -> bool:
        """Whether a condition holds: a list is `all`; groups in one mapping must hold together."""
        if isinstance(condition, list):
            return all(self.holds(item, subject) for item in condition)
        assert isinstance(condition, Mapping)
        if condition.keys() <= {"all", "any", "none"}:
            return self._group(condition, subject)
        if "audience" in condition:
            return subject.key in self.members_of(condition["audience"])
        if "event" in condition:
            return self._event(condition, subject)
        if "sequence" in condition:
            clock = self.entity(subject.entity).clock
            return sequences.holds(condition, subject, clock, self._matching)
        if "through" in condition:
            return self._through(condition, subject)
        if "sql" in condition:
            return self._expression(condition["sql"], subject) is True
        for kind in ("attribute", "trait", "property"):
            if kind in condition:
                comparisons = {name: right for name, right in condition.items() if name != kind}
                if kind == "attribute" and self.entity(subject.entity).is_location(condition[kind]):
                    return self._place(condition[kind], comparisons, subject)
                return self._compare(self._operand(condition, subject), comparisons, subject)
        raise ValueError(f"not a condition: {condition}")

    def _group(self, group: Spec, subject: Subject) -> bool:
        every = all(self.holds(item, subject) for item in group.get("all", []))
        some = "any" not in group or any(self.holds(item, subject) for item in group["any"])
        none = not any(self.holds(item, subject) for item in group.get("none", []))
        return every and some and none

    def _through(self, condition: Spec, subject: Subject) -> bool:
        """A condition about the entity that a row names, or about those whose rows name this one."""
        other = self.entity(condition["through"])
        theirs = self.related(subject, other.name)
        matching = [key for key in theirs if self.holds(condition["where"], Subject(other.name, key))]
        if self.entity(subject.entity).through(other.name) is not None:
            return bool(matching)
        if "count" in condition:
            return self._compare(values.count(len(matching)), condition["count"], subject)
        match = condition.get("match", "any")
        return {"any": bool(matching), "all": len(matching) == len(theirs), "none": not matching}[match]

    def related(self, subject: Subject, entity: str) -> list[Key]:
        """The key of another entity that a row names, if there is such; or those whose rows name this one."""
        own, other = self.entity(subject.entity), self.entity(entity)
        way = own.through(other.name)
        if way is not None:
            named = other.canonical(own.population[subject.key].get(way["key"]))
            return [key for key in other.population if key == named]
        back = other.through(own.name)
        if back is None:
            raise ValueError(f"nothing leads from {own.name} to {other.name}")
        return [
            key for key, row in other.population.items() if own.canonical(row.get(back["key"])) == subject.key
        ]

    def _place(self, name: str, comparisons: Spec, subject: Subject) -> bool:
        place = self.entity(subject.entity).degrees(name, subject.key)
        results = {
            "near": lambda right: places.is_near(place, right),
            "not_near": lambda right: not places.is_near(place, right),
            "is_set": lambda right: (place is not None) is right,
        }
        return all(results[operator](right) for operator, right in comparisons.items())

    # --- values ---------------------------------------------------------------------------------

    def _compare(self, left: values.Typed, comparisons: Spec, subject: Subject) -> bool:
        clock = self.entity(subject.entity).clock
        return values.compare(left, comparisons, lambda operand: self._operand(operand, subject).value, clock)

    def value(self, operand: Spec, key: Key) -> values.Plain | None:
        """What `{trait: …}` or `{attribute: …}` is for a key of the first entity."""
        return self._operand(operand, Subject(self.world.entity["entity"], key)).value

    def _operand(self, operand: Spec, subject: Subject) -> values.Typed:
        if "attribute" in operand:
            return self.entity(subject.entity).attribute(operand["attribute"], subject.key)
        if "trait" in operand:
            return self._trait(operand["trait"], subject)
        if "step" in operand:
            source, event = subject.steps[operand["step"]]
            return source.value(operand["property"], event)
        assert subject.source is not None
        assert subject.event is not None
        return subject.source.value(operand["property"], subject.event)

    def _named(self, name: str | Spec, subject: Subject) -> values.Plain | None:
        """The value of an attribute or a trait that is only named: attributes come first."""
        if isinstance(name, Mapping):
            return self._operand(name, subject).value
        is_trait = name in self.world.traits and name not in self.entity(subject.entity).spec.get(
            "attributes", {}
        )
        return self._operand({"trait" if is_trait else "attribute": name}, subject).value

    def _expression(self, text: str, subject: Subject) -> values.Plain | None:
        clock = self.entity(subject.entity).clock
        found: values.Plain | None = expressions.evaluate(
            text, lambda name: self._named(name, subject), clock
        )
        return found

    def _trait(self, name: str, subject: Subject) -> values.Typed:
        if (name, subject.key) not in self._traits:
            spec = self.world.traits[name]
            own = Subject(subject.entity, subject.key)
            if "expression" in spec:
                value = values.inferred(self._expression(spec["expression"], own))
            else:
                function = next(function for function in AGGREGATES if function in spec)
                value = self._aggregate(function, spec[function], spec[function], own)
            self._traits[name, subject.key] = value
        return self._traits[name, subject.key]

    # --- events ---------------------------------------------------------------------------------

    def _event(self, condition: Spec, subject: Subject) -> bool:
        if "first_time" in condition:
            _, events = self._matching(condition, subject)
            edges = points.window(condition["first_time"], self.entity(subject.entity).clock)
            first = min((event.at for event in events), default=None)
            if first is None or not points.inside(first, edges):
                return False
        if "periods" in condition:
            return self._in_periods(condition, subject)
        return self._happens(condition, subject)

    def _in_periods(self, condition: Spec, subject: Subject) -> bool:
        """Whether it happens in so many of the last windows of a length."""
        clock = self.entity(subject.entity).clock
        periods = condition["periods"]
        count, unit = points.length_of(periods["each"])
        edges = [points.move(clock.as_of, -number * count, unit) for number in range(periods["of"] + 1)]
        utc = [f"{edge.isoformat()}Z" for edge in edges]
        holding = sum(
            self._happens({**condition, "between": [start, end]}, subject)
            for end, start in itertools.pairwise(utc)
        )
        comparisons = {name: right for name, right in periods.items() if name not in _PERIODS}
        return self._compare(values.count(holding), comparisons, subject)

    def _happens(self, condition: Spec, subject: Subject) -> bool:
        functions = [function for function in AGGREGATES if function in condition]
        for function in functions:
            left = self._aggregate(function, condition[function], condition, subject)
            comparisons = {
                name: right for name, right in condition[function].items() if name not in _SETTINGS
            }
            if not self._compare(left, comparisons, subject):
                return False
        return bool(functions) or len(self._matching(condition, subject)[1]) > 0

    def _matching(self, spec: Spec, subject: Subject) -> tuple[Source, list[Event]]:
        """The subject's events of a spec's kind, in its window, for which its `where` holds."""
        source_name, _, kind = spec["event"].partition(".")
        entity = self.entity(subject.entity)
        source = entity.source(source_name)
        edges = points.window(spec, entity.clock)
        where = spec.get("where", [])
        return source, [
            event
            for event in source.events
            if event.key == subject.key
            and (not kind or event.name == kind)
            and points.inside(event.at, edges)
            and self.holds(where, replace(subject, source=source, event=event))
        ]

    def _aggregate(self, function: str, spec: Spec, condition: Spec, subject: Subject) -> values.Typed:
        """An aggregate of a condition, or of a trait, which is its own condition."""
        source, events = self._matching(condition, subject)
        whole = [] if function != "share" else self._matching({**condition, "where": []}, subject)[1]
        return aggregate(function, spec, source, events, whole, self.entity(subject.entity).clock)
