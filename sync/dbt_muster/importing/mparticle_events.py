"""Aggregates over events in mParticle's definitions, and the conditions about single events."""

from __future__ import annotations

from dataclasses import dataclass, field

from dbt_muster.importing.mparticle_operands import (
    Moment,
    Operands,
    comparison,
    is_users,
    operand_of,
)
from dbt_muster.importing.translation import Names, Node, NotTranslatableError, Spec, mapping, name_of

_NAME = "name"
_TIME = "timestamp"
_FUNCTIONS = {"min": "min", "max": "max", "sum": "sum", "avg": "average"}
_UNARY = {"null": False, "not_exists": False, "not_null": True, "exists": True}


@dataclass
class Filter:
    """What a condition about the events of one model comes to."""

    kind: str | None = None
    window: Spec = field(default_factory=dict)
    where: list[Spec] = field(default_factory=list)


class EventModels:
    """Reads the models that are not users as event sources."""

    def __init__(self, names: Names, operands: Operands) -> None:
        self.names = names
        self.operands = operands

    def source(self, model: str, kind: str | None = None) -> str:
        """What a spec calls the events of a model, and of one kind where the model holds several."""
        source = self.names.events.get(model, model)
        return source if kind is None else f"{source}.{kind}"

    def holds_kinds(self, model: str) -> bool:
        """Whether a column of the model names the kind of each event."""
        return model in self.names.events

    def one_event(self, model: str, expression: Spec) -> Spec:
        """There is an event for which the expression holds."""
        return self.condition(model, self.filtered(model, expression))

    def condition(self, model: str, found: Filter) -> Spec:
        """The events of a model that a filter leaves, as the keys of an event condition."""
        condition: Spec = {"event": self.source(model, found.kind), **found.window}
        if found.where:
            condition["where"] = found.where
        return condition

    def aggregate(self, left: Spec, operator: str, right: Node) -> Spec:
        """An aggregate over the events of a model, compared."""
        if not is_users(str(left["group_by_model"])):
            raise NotTranslatableError("only what is grouped by the user can be asked of a user", ".left")
        operand = mapping(left.get("operand"), ".left.operand")
        model = str(operand.get("model", ""))
        if not model or is_users(model):
            raise NotTranslatableError("only events can be aggregated", ".left.operand")
        found = self.filtered(model, left["condition"]) if "condition" in left else Filter()
        said = comparison(operator, operand_of(right, "attribute", self.operands), self.operands)
        function = str(left.get("operator"))
        if function == "count":
            return self.condition(model, found) | {"count": said}
        if function not in _FUNCTIONS:
            raise NotTranslatableError(
                f"the schema does not say how a `{function}` of values is compared", ".left"
            )
        if "path" not in operand:
            raise NotTranslatableError(f"a {function} is of a value of the events", ".left.operand")
        measure = {"of": name_of(str(operand["path"]), "a property"), **said}
        return self.condition(model, found) | {_FUNCTIONS[function]: measure}

    def filtered(self, model: str, expression: Node) -> Filter:
        """A condition about the events of a model: its kind, its window and the rest."""
        found = Filter()
        for part in _joined(expression):
            self._add(found, model, part)
        return found

    def _add(self, found: Filter, model: str, part: Spec) -> None:
        path = _path(part)
        if path == _TIME:
            for key, value in self.time(part).items():
                if key in found.window:
                    raise NotTranslatableError(f"the window of `{model}` has two ends of the same kind")
                found.window[key] = value
        elif path == _NAME and self.holds_kinds(model):
            if (
                found.kind is not None
                or part.get("operator") != "equals"
                or not isinstance(part["right"], str)
            ):
                raise NotTranslatableError("the kind of an event is one name, by `equals`")
            found.kind = part["right"]
        else:
            found.where.append(self.where(model, part))

    def time(self, part: Spec) -> Spec:
        """A comparison of an event's time, as the key of a window."""
        right = operand_of(part.get("right"), "property", self.operands)
        if not isinstance(right, Moment):
            raise NotTranslatableError("an event's time is compared with a date")
        return comparison(str(part.get("operator")), right, self.operands)

    def where(self, model: str, part: Node) -> Spec:
        """A condition about one event, as an item of its `where`."""
        node = mapping(part)
        operator = str(node.get("operator"))
        if operator in ("and", "or"):
            items = [self.where(model, item) for item in node.get("expressions") or []]
            return {"all" if operator == "and" else "any": items}
        path = _path(node)
        if path is None or path in (_TIME, *([_NAME] if self.holds_kinds(model) else [])):
            raise NotTranslatableError(
                "the time and the kind of an event are asked of all its conditions at once, not in an `or`"
            )
        if _model(node) != model:
            raise NotTranslatableError(f"a condition about `{model}` compares another model's value first")
        if operator in _UNARY:
            return {"property": name_of(path, "a property"), "is_set": _UNARY[operator]}
        right = operand_of(node.get("right"), "property", self.operands)
        return {"property": name_of(path, "a property"), **comparison(operator, right, self.operands)}


def _joined(expression: Node) -> list[Spec]:
    """The parts of a condition, all of which must hold."""
    node = mapping(expression)
    if node.get("operator") == "and":
        return [part for item in node.get("expressions") or [] for part in _joined(item)]
    return [node]


def _operand(node: Spec) -> Spec:
    operand = node.get("left", node.get("operand"))
    return operand if isinstance(operand, dict) else {}


def _path(node: Spec) -> str | None:
    path = _operand(node).get("path")
    return path if isinstance(path, str) else None


def _model(node: Spec) -> str:
    return str(_operand(node).get("model", ""))
