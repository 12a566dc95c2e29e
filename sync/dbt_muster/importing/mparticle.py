"""mParticle's audience definitions, by its published schema (package version 1.6.0, of 20 March 2026)."""

from __future__ import annotations

from dbt_muster.importing.mparticle_events import EventModels
from dbt_muster.importing.mparticle_operands import (
    Operands,
    comparison,
    flipped,
    is_users,
    operand_of,
)
from dbt_muster.importing.mparticle_sequences import sequence
from dbt_muster.importing.translation import (
    Imported,
    Names,
    Node,
    Notes,
    NotTranslatableError,
    Spec,
    mapping,
    name_of,
    negated,
)

_UNARY = {"null": False, "not_exists": False, "not_null": True, "exists": True}
_UNITS = {"meters": "m", "kilometers": "km", "miles": "miles"}
_CASE = "text is compared exactly, with its capitals: the schema does not say"
_MISSING = "a missing value satisfies no operator, so `is_set: true` stands beside each negated one"


def translate(definition: Node, names: Names, *, at_the_instant: bool = False) -> Imported:
    """The criteria of a definition.

    Args:
        definition: the JSON of the whole file: `schema_version` and `audience`.
        names: how its names are written here.
        at_the_instant: read "after" a point in time as "at or after", and "until" it as "before": the
            difference is what happened at that very instant.

    Raises:
        NotTranslatableError: this is no definition.
    """
    translator = _Translator(names, at_the_instant)
    root = mapping(definition)
    if "audience" not in root:
        raise NotTranslatableError("no `audience` stands in this definition")
    return translator.notes.imported(translator.condition(root["audience"], "audience"))


class _Translator:
    def __init__(self, names: Names, at_the_instant: bool) -> None:
        self.names = names
        self.notes = Notes()
        self.operands = Operands(at_the_instant)
        self.events = EventModels(names, self.operands)

    def condition(self, node: Node, path: str) -> Spec | None:
        """An expression as a condition; None where none of it could be said, which is noted."""
        if isinstance(node, dict) and node.get("operator") in ("and", "or"):
            return self._group(node, path)
        return self.notes.attempt(lambda: self._leaf(mapping(node)), node, path)

    def _group(self, node: Spec, path: str) -> Spec | None:
        items = node.get("expressions")
        if not isinstance(items, list) or not items:
            return self.notes.attempt(_no_expressions, node, path)
        word = "all" if node["operator"] == "and" else "any"
        parts = [(item, f"{path}.expressions[{index}]") for index, item in enumerate(items)]
        if word == "all" and self._same_event_twice(parts):
            return None
        found = [self.condition(item, at) for item, at in parts]
        kept = [item for item in found if item is not None]
        return {word: kept} if kept else None

    def _same_event_twice(self, parts: list[tuple[Node, str]]) -> bool:
        """Whether several bare comparisons of one event model are joined: of one event, or of several?"""
        seen: dict[str, str] = {}
        for item, path in parts:
            left = item.get("left") if isinstance(item, dict) else None
            model = left.get("model") if isinstance(left, dict) else None
            if not isinstance(model, str) or is_users(model):
                continue
            if model in seen:
                reason = (
                    f"the schema does not say whether this and {seen[model]} are about one event of `{model}`"
                )
                hint = "; a `count` with both in its `condition` says so"
                self.notes.attempt(lambda text=reason + hint: _refuse(text), item, path)  # type: ignore[misc]
                return True
            seen[model] = path
        return False

    def _leaf(self, node: Spec) -> Spec:
        operator = node.get("operator")
        if operator == "then":
            return sequence(node, self.events)
        if operator in _UNARY:
            return self._unary(_UNARY[str(operator)], mapping(node.get("operand"), ".operand"))
        if "left" not in node or "right" not in node:
            raise NotTranslatableError(f"there is no expression with the operator `{operator}`")
        left, right = node["left"], node["right"]
        if isinstance(left, dict) and "location" in left:
            return self._near(node)
        if isinstance(right, dict) and "audience" in right:
            return self._member(str(operator), right)
        if not isinstance(left, dict) or not left.keys() & {"model", "group_by_model"}:
            operator, left, right = flipped(str(operator), left, right)
        return self._compared(str(operator), mapping(left, ".left"), right)

    def _unary(self, there: bool, operand: Spec) -> Spec:
        model = str(operand.get("model", ""))
        if "path" not in operand and model and not is_users(model):
            found: Spec = {"event": self.events.source(model)}
            return found if there else negated(found)
        if not is_users(model):
            raise NotTranslatableError(
                f"the schema does not say of which event of `{model}` the value is missing"
            )
        return {"attribute": name_of(str(operand["path"]), "an attribute"), "is_set": there}

    def _compared(self, operator: str, left: Spec, right: Node) -> Spec:
        if "group_by_model" in left:
            return self.events.aggregate(left, operator, right)
        model = str(left.get("model", ""))
        if "path" not in left:
            raise NotTranslatableError("a whole model is compared with a value", ".left")
        self._note_readings(operator, right)
        if is_users(model):
            said = comparison(operator, operand_of(right, "attribute", self.operands), self.operands)
            return {"attribute": name_of(str(left["path"]), "an attribute"), **said}
        return self.events.one_event(model, {"operator": operator, "left": left, "right": right})

    def _note_readings(self, operator: str, right: Node) -> None:
        if isinstance(right, str):
            self.notes.read_as(_CASE)
        if operator.startswith("not_"):
            self.notes.read_as(_MISSING)

    def _member(self, operator: str, right: Spec) -> Spec:
        known = self.names.audiences.get(str(right["audience"]))
        if known is None:
            hint = f"say which audience it is: --audience {right['audience']}=<name>"
            raise NotTranslatableError(f"the audience `{right['audience']}` is not in this file; {hint}")
        if operator not in ("in", "not_in", "matches", "not_matches"):
            raise NotTranslatableError(f"`{operator}` cannot be asked of an audience")
        return negated({"audience": known}) if operator.startswith("not_") else {"audience": known}

    def _near(self, node: Spec) -> Spec:
        location, right = mapping(node["left"]["location"]), mapping(node["right"], ".right")
        if node.get("operator") != "within" or "distance" not in location:
            raise NotTranslatableError("a place equals no other; only `within` a distance can be asked")
        if not is_users(str(right.get("model", ""))) or "path" not in right:
            raise NotTranslatableError("only a location of the user's own can be compared", ".right")
        distance = mapping(location["distance"])
        self.notes.read_as("distances are measured along a great circle: the schema does not say")
        near = {key: location[key] for key in ("latitude", "longitude")}
        near["within"] = f"{distance['value']} {_UNITS.get(str(distance['unit']), distance['unit'])}"
        return {"attribute": name_of(str(right["path"]), "an attribute"), "near": near}


def _no_expressions() -> Spec:
    raise NotTranslatableError("no expression stands in this group")


def _refuse(reason: str) -> Spec:
    raise NotTranslatableError(reason)
