"""Everything that muster runs in a warehouse: the models of a project, and those that the package ships."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Literal

from dbt_muster.plan import plan
from dbt_muster.plan.stub import Stub
from dbt_muster.render import Renderer
from dbt_muster.specs.meaning import Project

AS_OF = "2026-01-31T12:00:00"
"""The instant of every check: a fixed one, so that what was found stays found."""

_REF = re.compile(r"""ref\((?:project_name, *)?['"](\w+)['"]\)""")

Kind = Literal["model", "shipped", "sync"]


@dataclass(frozen=True)
class Statement:
    """Something that is rendered for a dialect.

    Attributes:
        name: the model's name, or what the statement of a sync does.
        kind: where it comes from.
        text: a model file's text; for a statement of a sync, the call.
        refs: the models that it reads.
        incremental: whether it is the form of a later run.
        story: the delivery that a statement of a sync belongs to; it is run after those before it.
        place: its place in the story.
        writes: the table that it changes.
        makes: the table that it makes, if that is called otherwise than the statement.
        judged: whether it is; else it only makes what others need.
    """

    name: str
    kind: Kind
    text: str
    refs: tuple[str, ...] = ()
    incremental: bool = False
    story: str = ""
    place: int = 0
    writes: str | None = None
    makes: str | None = None
    judged: bool = True

    @property
    def table(self) -> str | None:
        """The table that others can read once it has run."""
        if self.kind == "sync":
            return self.makes
        return None if self.incremental else self.name

    def sql(self, renderer: Renderer) -> str:
        """The statement in the renderer's dialect."""
        this = renderer.call("muster_identifier", self.name)
        return renderer.model(self.text, this=this, incremental=self.incremental)


def model_statements(project: Project) -> Iterator[Statement]:
    """The models that a project's specs become, each after those that it reads."""
    for stub in plan(project).stubs:
        yield from _of(stub)


def _of(stub: Stub) -> Iterator[Statement]:
    if stub.model is None:
        return
    yield Statement(stub.model, "model", stub.text, stub.refs)
    if 'materialized="incremental"' in stub.text:
        yield Statement(stub.model, "model", stub.text, stub.refs, incremental=True)


def shipped_folder() -> Path:
    """The folder of the models that the package ships: inside an installed wheel, or in a checkout."""
    package = Path(__file__).resolve().parents[1]
    packaged = package / "_models"
    return packaged if packaged.is_dir() else package.parents[1] / "models" / "muster"


def shipped_statements(folder: Path) -> Iterator[Statement]:
    """The models that the package ships, on a first run and on a later one, each after those that it reads.

    Args:
        folder: where they stand, `models/muster` of the package.
    """
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))}
    refs = {name: tuple(_REF.findall(text)) for name, text in texts.items()}
    for name in TopologicalSorter(refs).static_order():
        if name in texts:
            text = texts[name]
            yield Statement(name, "shipped", text, refs[name])
            if "materialized='incremental'" in text:
                yield Statement(name, "shipped", text, refs[name], incremental=True)


def relation_name(kind: str, *names: str) -> str:
    """The name that a relation has in a check: that of a model, or a source's with its schema."""
    return names[-1] if kind == "ref" else "__".join(names)


def renderer(
    dialect: str, variables: Mapping[str, object] | None = None, kind: type[Renderer] = Renderer
) -> Renderer:
    """The macros of a dialect at the instant of every check."""
    made = kind(
        dialect,
        variables={"muster_as_of": AS_OF, **(variables or {})},
        relation=lambda kind, *names: made.call("muster_identifier", relation_name(kind, *names)),
        invocation_id="check",
    )
    return made
