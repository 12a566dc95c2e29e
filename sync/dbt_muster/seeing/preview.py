"""How large an audience would be, and which of its criteria keeps whom out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dbt_muster.seeing.clock import Clock
from dbt_muster.seeing.criteria import standing_note, take_apart
from dbt_muster.seeing.inline import Inline, Site
from dbt_muster.specs.meaning import Audience, Condition, Project
from dbt_muster.specs.problems import printable
from dbt_muster.words import Node, tree
from dbt_muster.words.limits import limit_words


@dataclass(frozen=True)
class Step:
    """A criterion, and how many it leaves.

    Attributes:
        node: the criterion, a group or a part of one.
        depth: how deep it stands; 0 is the whole.
        branch: whether it is a branch of `any`, which removes nobody by itself.
        alone: for how many of the population it holds, whatever the others say.
        before: how many are left by the criteria before it.
        remain: how many of them are left after it. Of a branch of `any`, how many it lets through.
    """

    node: Node
    depth: int
    branch: bool
    alone: int
    before: int
    remain: int


@dataclass(frozen=True)
class Preview:
    """An audience as it would be."""

    audience: Audience
    timezone: str
    as_of: str
    population: int
    size: int
    steps: tuple[Step, ...]  # each group before its parts; the first is the whole
    sample: tuple[object, ...] | None  # keys of members; None where none were asked for
    note: str | None = None

    def lines(self) -> Iterator[str]:
        """The form for people."""
        share = f" ({self.size / self.population:.1%})" if self.population else ""
        name, entity = self.audience.name, self.audience.entity
        yield f"{name}, as of {self.as_of} ({self.timezone}):"
        yield f"{self.size:,} of {self.population:,} keys of {entity}{share}"
        yield ""
        yield f"{'true for':>10}  {'remain':>10}  {'removes':>10}  criterion"
        yield f"{'':>10}  {self.population:>10,}  {'':>10}  every {entity}"
        for step in self.steps[1:]:
            group = ":" if step.node.children else ""
            removed = "" if step.branch else f"{step.before - step.remain:,}"
            text = f"{'  ' * (step.depth - 1)}{step.node.text}{group}"
            yield printable(f"{step.alone:>10,}  {step.remain:>10,}  {removed:>10}  {text}")
        if self.audience.limit is not None:
            removed = f"{self.steps[0].remain - self.size:,}"
            yield printable(f"{'':>10}  {self.size:>10,}  {removed:>10}  {limit_words(self.audience.limit)}")
        if self.note:
            yield ""
            yield self.note
        if self.sample:
            yield ""
            yield "Some of them: " + ", ".join(printable(str(key)) for key in self.sample)

    def to_dict(self) -> dict[str, object]:
        """The machine form, for `--output json`."""
        return {
            "audience": self.audience.name,
            "entity": self.audience.entity,
            "as_of": self.as_of,
            "timezone": self.timezone,
            "population": self.population,
            "size": self.size,
            "criteria": [
                {
                    "kind": step.node.kind,
                    "text": step.node.text,
                    "depth": step.depth,
                    "alone": step.alone,
                    "before": step.before,
                    "remain": step.remain,
                }
                for step in self.steps
            ],
            "limit": None if self.audience.limit is None else limit_words(self.audience.limit),
            "note": self.note,
            "sample": None if self.sample is None else list(self.sample),
        }


def preview(project: Project, audience: Audience, site: Site, clock: Clock, sample: int) -> Preview:
    """What an audience would be, of the warehouse's tables as they are; nothing is written.

    Args:
        project: what the audience's criteria refer to.
        audience: need not have been built.
        site: where the tables are.
        clock: the instant.
        sample: how many keys of members to give at most, the smallest first; 0 for none at all.

    Raises:
        MusterError: the warehouse refused the query.
    """
    entity = project.entities[audience.entity]
    criteria = tree(audience.criteria, clock.voice(project, entity.name))
    taken = take_apart(project, audience, (node.condition for node in criteria.walk()))
    places = list(_places(criteria, taken.aliases))
    counts = [{"holds": ["audience"], "fails": []}]
    for place in places:
        counts += [
            {"holds": [taken.aliases[place.node.condition]], "fails": []},
            {"holds": list(place.before[0]), "fails": list(place.before[1])},
            {"holds": list(place.after[0]), "fails": list(place.after[1])},
        ]
    inline = Inline(site, taken.stubs)
    relations = inline.names(taken.relations)
    ((population, size, *counted),) = inline.ask(
        "muster_criteria_counts", entity.key.column, relations, counts
    )
    keys = (
        inline.ask("muster_sample_keys", entity.key.column, relations["audience"], sample) if sample else []
    )
    numbers = [int(number) for number in counted]
    steps = tuple(
        Step(place.node, place.depth, place.branch, *numbers[3 * index : 3 * index + 3])
        for index, place in enumerate(places)
    )
    return Preview(
        audience,
        entity.timezone,
        clock.local(clock.as_of, entity.timezone),
        int(population),
        int(size),
        steps,
        tuple(key for (key,) in keys) if sample else None,
        standing_note(project, audience),
    )


_Context = tuple[tuple[str, ...], tuple[str, ...]]
"""The aliases of criteria that must hold, and of those that must not."""


@dataclass(frozen=True)
class _Place:
    node: Node
    depth: int
    before: _Context
    after: _Context
    branch: bool


def _places(
    node: Node,
    aliases: Mapping[Condition, str],
    before: _Context = ((), ()),
    within: str = "",
    depth: int = 0,
) -> Iterator[_Place]:
    """Each criterion with those before it: one after the other in `all` and `none`, side by side in `any`."""
    alias = aliases[node.condition]
    after = _fails(before, alias) if within == "none" else _holds(before, alias)
    yield _Place(node, depth, before, after, within == "any")
    for child in node.children:
        yield from _places(child, aliases, before, node.kind, depth + 1)
        if node.kind == "all":
            before = _holds(before, aliases[child.condition])
        elif node.kind == "none":
            before = _fails(before, aliases[child.condition])


def _holds(context: _Context, alias: str) -> _Context:
    return (*context[0], alias), context[1]


def _fails(context: _Context, alias: str) -> _Context:
    return context[0], (*context[1], alias)
