"""From a finding in generated SQL back to the line of the spec that it came from.

Stubs hold no positions, so that moving a line changes no model. A finding is traced instead by trying: each
part of the specs alone is written and read again, and the one that gives the same finding is its origin.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property

from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel, SqlglotError

from dbt_muster.plan.audiences import standing_model
from dbt_muster.plan.identifiers import identifiers_model
from dbt_muster.plan.names import entity_model
from dbt_muster.plan.stubs import repeated_model, traits_model
from dbt_muster.portability.codes import INSTEAD
from dbt_muster.portability.exceptions import mistakes
from dbt_muster.portability.findings import Finding
from dbt_muster.portability.origins import Origin, alone, attributes, criteria, origins
from dbt_muster.portability.parsing import parsed, shown
from dbt_muster.portability.statements import Statement, renderer
from dbt_muster.render import RenderError
from dbt_muster.specs.meaning import Position, Project

MOST_TRIED = {"error": 300, "note": 60}
"""Parts of specs that one check tries, by the level of a finding; then the audience's line has to do.

Where there are more notes than parts to try, none of them is traced: they are seldom about one line.
"""

_renderer = cache(renderer)


def located(
    project: Project,
    statements: Sequence[Statement],
    findings: Iterable[Finding],
    audiences: Collection[str] | None = None,
) -> list[Finding]:
    """The findings with the lines of the specs that they came from, the worst first; one for each line.

    Args:
        project: what the statements were made from.
        statements: all models of the project.
        findings: about some of them; others stay as they are.
        audiences: those whose lines can be named; None is all.
    """
    ordered = sorted(findings, key=lambda finding: finding.level != "error")
    if not ordered:
        return []
    few = len({(each.statement, each.code) for each in ordered if each.level == "note"}) <= MOST_TRIED["note"]
    tracer = _Tracer(project, statements, project.audiences if audiences is None else audiences, notes=few)
    return [
        replace(finding, position=position, instead=finding.instead or INSTEAD.get(finding.code))
        for finding in ordered
        for position in (tracer.positions(finding) if finding.position is None else [finding.position])
    ]


class _Tracer:
    def __init__(
        self, project: Project, statements: Sequence[Statement], audiences: Collection[str], *, notes: bool
    ) -> None:
        self.project = project
        self.notes = notes  # whether notes are traced, or only failures
        self.owners = {name: name for name in project.audiences}
        self.owners |= {standing_model(name): name for name in project.audiences}
        self.entities = {
            model: entity
            for entity in project.entities.values()
            for model in (
                entity_model(entity.name),
                identifiers_model(entity.name),
                *(repeated_model(entity.name, source) for source in entity.events),
            )
        }
        self.users: dict[str, list[str]] = {}
        refs = {statement.name: statement.refs for statement in statements}
        for name, audience in project.audiences.items():
            for model in _made_from(refs, name) if audience.enabled and name in audiences else ():
                self.users.setdefault(model, []).append(name)
        self.tried: dict[Origin, Mapping[tuple[str, bool], Statement]] = {}
        self.known: dict[tuple[str, str, str], list[Position | None]] = {}

    def positions(self, finding: Finding) -> list[Position | None]:
        """Where a finding came from; what warehouses have in common is traced once."""
        key = (finding.statement, finding.code, finding.message.replace(finding.dialect, ""))
        if key not in self.known:
            found = dict.fromkeys(origin.position for origin in self._origins(finding))
            self.known[key] = list(found) or [self._home(finding)]
        return self.known[key]

    def _origins(self, finding: Finding) -> list[Origin]:
        """The traits that give a finding; where there is none, the criteria that do."""
        found: list[Origin] = []
        for origin in self._candidates(finding):
            if origin.condition is not None and any(each.condition is None for each in found):
                break
            if origin.is_group and any(each.name == origin.name for each in found):
                continue
            models = self._alone(origin, finding)
            forms = (models.get((finding.statement, later)) for later in (False, True))
            if any(gives(form, finding) for form in forms if form is not None):
                found.append(origin)
        return found

    def _alone(self, origin: Origin, finding: Finding) -> Mapping[tuple[str, bool], Statement]:
        """The models of a part alone; none once enough have been tried for a finding of this level."""
        if origin not in self.tried:
            if len(self.tried) >= MOST_TRIED[finding.level]:
                return {}
            self.tried[origin] = alone(self.project, origin)
        return self.tried[origin]

    def _candidates(self, finding: Finding) -> Iterator[Origin]:
        """The parts that a finding can come from; none where it is not worth while to try them."""
        if finding.level == "note" and not self.notes:
            return
        audience = self.owners.get(finding.statement)
        if audience is not None:
            yield from criteria(self.project.audiences[audience])
            return
        entity = self.entities.get(finding.statement)
        if entity is not None:
            yield from attributes(entity) if finding.statement == entity_model(entity.name) else ()
            return
        users = set(self.users.get(finding.statement, ()))
        for origin in self._parts:
            if origin.condition is None or origin.name in users:
                yield origin

    @cached_property
    def _parts(self) -> Sequence[Origin]:
        return list(origins(self.project))

    def _home(self, finding: Finding) -> Position | None:
        """Where a model comes from as a whole: the one part that makes it, its audience, or its entity."""
        model = finding.statement
        audience = self.owners.get(model)
        if audience is not None:
            return self.project.audiences[audience].position
        if model in self.entities:
            return self.entities[model].position
        users = [self.project.audiences[name] for name in self.users.get(model, ())]
        parts = (origin for origin in self._candidates(finding) if not origin.is_group)
        makers = {origin.position for origin in parts if (model, False) in self._alone(origin, finding)}
        if len(makers) == 1:
            return makers.pop()
        if len(users) == 1:
            return users[0].position
        of_traits = {traits_model(name): entity for name, entity in self.project.entities.items()}
        entity = self.project.entities[users[0].entity] if users else of_traits.get(model)
        return entity.position if entity else None


def _made_from(refs: Mapping[str, Sequence[str]], model: str) -> set[str]:
    """A model and everything that it reads, directly or not."""
    found, waiting = set[str](), [model]
    while waiting:
        name = waiting.pop()
        if name in refs and name not in found:
            found.add(name)
            waiting += refs[name]
    return found


def gives(statement: Statement, finding: Finding) -> bool:
    """Whether a statement, written for a finding's warehouse, gives the same finding."""
    name, dialect = statement.name, finding.dialect
    try:
        sql = statement.sql(_renderer(dialect))
    except RenderError as error:
        return finding.code == "not_offered" and str(error) == finding.message
    tree, found = parsed(name, sql, dialect)
    if any((each.code, each.message) == (finding.code, finding.message) for each in found):
        return True
    if tree is None:
        return False
    if finding.code == "not_run":
        return _cannot_move(tree, finding)
    return bool(finding.fragment) and _holds(tree, finding)


def _holds(tree: exp.Expr, finding: Finding) -> bool:
    """Whether a part of the tree is what a finding shows."""
    whole = finding.fragment.rstrip("…")
    return any(
        shown(node.sql(dialect=finding.dialect, unsupported_level=ErrorLevel.IGNORE)).startswith(whole)
        for node in tree.walk()
        if isinstance(node, exp.Condition)
    )


def _cannot_move(tree: exp.Expr, finding: Finding) -> bool:
    """Whether a tree has what keeps sqlglot from moving it rightly."""
    try:
        tree.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        return str(error).splitlines()[0] in finding.message
    return any(mistake.reason in finding.message for mistake in mistakes(tree, finding.dialect))
