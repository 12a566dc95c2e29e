"""The steps of a sequence that a later step can compare with."""

from __future__ import annotations

from dataclasses import dataclass

from dbt_muster.specs.meaning import StepProperty
from dbt_muster.specs.models.comparisons import StepOperand
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.patch import UNSAID
from dbt_muster.specs.resolve.names import find_property
from dbt_muster.specs.resolve.scope import Site, SourceScope
from dbt_muster.specs.yaml_tree import YamlPath


@dataclass(frozen=True)
class EarlierSteps:
    """The named steps before the one at hand, and the names of those that are not before it.

    Attributes:
        before: by name, the step's number from 1 on, and its source; None where that is not known.
        others: the names of the step at hand and of those after it.
    """

    before: dict[str, tuple[int, SourceScope | None]]
    others: frozenset[str]


def find_step_property(
    site: Site, steps: EarlierSteps | None, operand: StepOperand, path: YamlPath
) -> StepProperty | None:
    """The property of an earlier step; None where there is no such step, which is reported."""
    at = (*path, "step")
    if steps is None:
        message = "only the `where` of a sequence's step can compare with another step"
        site.report(at, "type_mismatch", message, key=True)
        return None
    found = steps.before.get(operand.step)
    if found is None:
        _no_such_step(site, steps, operand.step, at)
        return None
    number, source = found
    of_step = find_property(site, source, operand.property, (*path, "property"))
    return StepProperty(number, source.name if source else UNSAID, of_step.name, of_step.type)


def _no_such_step(site: Site, steps: EarlierSteps, name: str, path: YamlPath) -> None:
    if name in steps.others:
        message = f"the step `{name}` is not before this one"
    else:
        message = f"no step before this one is named `{name}`"
    site.report(
        path,
        "unknown_step",
        message,
        expected=one_of(steps.before) or "the name that an earlier step has by its `as`",
        suggestion=nearest(name, steps.before),
    )
