"""A model file that `muster compile` writes: a planned spec as a literal, its refs, and one macro call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from dbt_muster.plan.literals import jinja_literal, jinja_string
from dbt_muster.specs.meaning import Relation

AUDIENCES = PurePosixPath("models/audiences")
SHARED = AUDIENCES / "shared"

# The first line of every file that muster writes, and the only proof that it may rewrite or remove it.
MARKER = "Written by muster compile"


@dataclass(frozen=True)
class Stub:
    """A file of the dbt project.

    Attributes:
        path: relative to the project's root.
        text: the whole content.
        model: the dbt model that it defines; None for a file of properties.
        refs: the models among the stubs that it reads.
    """

    path: PurePosixPath
    text: str
    model: str | None = None
    refs: tuple[str, ...] = ()
    entity: str | None = None


def model_stub(
    folder: PurePosixPath,
    model: str,
    planned: dict[str, object],
    call: str,
    *,
    spec: str = "audience_specs/",
    config: Mapping[str, object] | None = None,
    refs: tuple[str, ...] = (),
) -> Stub:
    """A model file.

    Args:
        folder: where it stands.
        model: the dbt model's name.
        planned: what is planned, each part under the name that the call uses.
        call: the macro and its arguments, as Jinja.
        spec: the spec file that says so, or the folder of several.
        config: dbt's settings of the model; a table where nothing is said.
        refs: the models among the stubs that it reads.
    """
    settings = config or {"materialized": "table"}
    arguments = ",\n".join(f"    {name}={jinja_literal(value, 4)}" for name, value in settings.items())
    literals = "".join(
        f"{{%- set {name} = {jinja_literal(value, 0)} -%}}\n\n" for name, value in planned.items()
    )
    text = (
        f"{{# {MARKER} from {spec}: edit that, not this file. #}}\n"
        f"{{{{ config(\n{arguments}\n) }}}}\n\n{literals}{{{{ muster.{call} }}}}\n"
    )
    return Stub(folder / f"{model}.sql", text, model, refs)


def relation(relation: Relation) -> str:
    """The dbt model or source as Jinja."""
    return f"{relation.kind}({', '.join(map(jinja_string, relation.names))})"


def ref(model: str) -> str:
    """A dbt model as Jinja."""
    return f"ref({jinja_string(model)})"


def relations(given: list[tuple[str, str]]) -> str:
    """A mapping of aliases to relations as Jinja."""
    lines = ",\n".join(f"    {jinja_string(alias)}: {call}" for alias, call in given)
    return "{\n" + lines + "\n}" if given else "{}"
