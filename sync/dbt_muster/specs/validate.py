"""Checking one document's shape against its pydantic model."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from dbt_muster.specs.explain import explain, yaml_path
from dbt_muster.specs.files import Found, Kind
from dbt_muster.specs.models.alert import AlertsSpec
from dbt_muster.specs.models.audience import AudienceSpec
from dbt_muster.specs.models.destination import DestinationSpec
from dbt_muster.specs.models.entity import EntitySpec
from dbt_muster.specs.models.group import GroupSpec
from dbt_muster.specs.models.identity import IdentitySpec
from dbt_muster.specs.models.test import TestSpec
from dbt_muster.specs.models.trait import TraitSpec
from dbt_muster.specs.patch import Patches, copy
from dbt_muster.specs.problems import Problem
from dbt_muster.specs.yaml_tree import Document

MODELS: dict[Kind, type[BaseModel]] = {
    "entity": EntitySpec,
    "trait": TraitSpec,
    "audience": AudienceSpec,
    "destination": DestinationSpec,
    "group": GroupSpec,
    "test": TestSpec,
    "identity": IdentitySpec,
    "alerts": AlertsSpec,
}

_ROUNDS = 12
"""Rounds of patching before a document is given up; each removes a level that has become incomplete."""


@dataclass(frozen=True)
class Checked:
    """One document as its model, with what has been taken out of it because it was wrong."""

    kind: Kind
    document: Document
    model: BaseModel
    patches: Patches


def validate(found: Found, problems: list[Problem]) -> Checked | None:
    """One document as its model; None where nothing of it could be made out.

    Every mistake in the shape is added to `problems`, and the rest of the document is kept for the checks
    that follow.
    """
    patches = Patches()
    data = found.document.data
    for attempt in range(_ROUNDS):
        try:
            return Checked(found.kind, found.document, MODELS[found.kind].model_validate(data), patches)
        except ValidationError as error:
            errors = error.errors(include_url=False)
            if attempt == 0:
                problems += explain(found, MODELS[found.kind], errors)
                data = copy(data)
            for mistake in reversed(errors):  # from the end, so that what is taken out moves no index
                data = patches.apply(
                    found.kind, data, yaml_path(mistake["loc"]), missing=mistake["type"] == "missing"
                )
    return None
