"""What there is to say of a model of somebody's own, in each warehouse."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

import duckdb
from sqlglot import expressions as exp
from sqlglot.errors import ErrorLevel, SqlglotError

from dbt_muster.portability.codes import INSTEAD
from dbt_muster.portability.columns import Tables
from dbt_muster.portability.exceptions import mistakes
from dbt_muster.portability.findings import Finding, Verdict
from dbt_muster.portability.own.models import OwnModel
from dbt_muster.portability.own.proof import OwnProof
from dbt_muster.portability.own.reading import Typed, typed
from dbt_muster.portability.parsing import parsed, shown
from dbt_muster.portability.parts import mistaken, unmovable, unrunnable
from dbt_muster.portability.rules import Hit, hits
from dbt_muster.portability.rules.reading import Text
from dbt_muster.portability.transpiling import Arrivals, Journeys, Moved, moved
from dbt_muster.specs.meaning import Position

_FUNCTION = "unknown_function"


@dataclass
class Judged:
    """A model in each warehouse that is asked about.

    Attributes:
        findings: what stands against it, its own lines first.
        verdicts: by warehouse.
    """

    findings: list[Finding]
    verdicts: dict[str, Verdict] = field(default_factory=dict)


def judge(model: OwnModel, dialects: Sequence[str] | None = None) -> Judged:
    """Read a model strictly, find its types, look for what the rules know, move it and prove it.

    A text that its own dialect does not read is an error; what only differs elsewhere is a note, and so is a
    function that nobody knows: where the model is at home, it may be one of the project's own.

    Args:
        model: with its compiled SQL.
        dialects: the warehouses that it may be moved to. None is all as far as the rules go, and no moving.
    """
    tree, findings = parsed(model.name, model.sql, model.dialect)
    findings = [replace(each, level="note") if each.code == _FUNCTION else each for each in findings]
    if tree is None:
        return Judged(_placed(model, findings), dict.fromkeys(dialects or (), "fails"))
    known = typed(model, tree)
    wrong = [each for each in known.findings if each.level == "error"]
    unknown = [each for each in known.findings if each.level == "note"]
    findings = [
        *_placed(model, [*findings, *wrong]),
        *_ruled(model, tree, dialects),
        *_placed(model, unknown),
    ]
    judged = Judged(findings)
    if dialects is not None:
        _prove(model, tree, known, dialects, judged)
    return judged


def _ruled(model: OwnModel, tree: exp.Expr, dialects: Collection[str] | None) -> Iterator[Finding]:
    """What the rules find, in the order of the model's lines."""
    found = hits(Text.of(model.sql, tree, model.dialect), dialects=dialects)
    for each in sorted(found, key=lambda hit: (hit.line, hit.column, hit.code)):
        yield _ruling(model, each)


def _ruling(model: OwnModel, found: Hit) -> Finding:
    place = model.place(found.line, found.column)
    return Finding(
        found.code, "note", model.name, model.dialect, found.message, found.fragment, found.instead, place
    )


def _prove(model: OwnModel, tree: exp.Expr, known: Typed, dialects: Sequence[str], judged: Judged) -> None:
    broken = any(each.level == "error" for each in judged.findings)
    native = moved(known.query if known.query is not None else tree)
    with closing(OwnProof(known, native)) as proof:
        refusal = proof.refusal
        if refusal and known.query is not None:
            part = _part(model, native, refusal)
            judged.findings.append(_note(model, model.dialect, refusal, part))
        for dialect in dialects:
            found: list[Finding] = []
            if dialect != model.dialect:
                found = list(_against(model, tree, known, dialect, None if refusal else proof))
            judged.findings += found
            fails = broken or any(each.level == "error" for each in found)
            unproved = known.query is None or refusal or found
            judged.verdicts[dialect] = "fails" if fails else "parsed only" if unproved else "proved"


def _against(
    model: OwnModel, tree: exp.Expr, known: Typed, dialect: str, proof: OwnProof | None
) -> Iterator[Finding]:
    """What keeps a model from being proved in another warehouse."""
    notes = Journeys(model.dialect, [dialect], Arrivals()).notes(model.name, tree)
    if notes:
        yield from _placed(model, [replace(each, dialect=dialect) for each in notes])
        return
    there, found = parsed(model.name, tree.sql(dialect=dialect), dialect)
    yield from _placed(model, found)
    if there is None or found or proof is None or known.query is None:
        return
    sql, read = model.sql, model.dialect
    try:
        sql, read = known.query.sql(dialect=dialect, unsupported_level=ErrorLevel.RAISE), dialect
        query = _typed_there(model, known, sql, dialect)
        different = proof.differs(query.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE))
    except SqlglotError as error:
        said = f"sqlglot cannot move this from {dialect} to DuckDB: {str(error).splitlines()[0]}"
        yield _note(model, dialect, said, unmovable(sql, read))
        return
    except duckdb.Error as error:
        said = f"what sqlglot makes of this, DuckDB does not run: {str(error).splitlines()[0]}"
        yield _note(model, dialect, said, unrunnable(sql, query.sql(dialect="duckdb"), str(error), dialect))
        return
    if different:
        yield _difference(model, query, known.query, sql, dialect)


def _typed_there(model: OwnModel, known: Typed, sql: str, dialect: str) -> exp.Expr:
    """What a model becomes in another warehouse, with the types that its tables have."""
    tree, _ = parsed(model.name, sql, dialect)
    if tree is None:
        raise SqlglotError(f"{dialect} does not read it")
    tables = Tables(dialect)
    for name, columns in known.tables.items():
        tables.add(name, columns)
    query, _ = tables.typed(model.name, tree.copy())
    return query if query is not None else tree


def _difference(model: OwnModel, there: exp.Expr, here: exp.Expr, sql: str, dialect: str) -> Finding:
    """Other rows: an error, unless sqlglot is known to move something in the model wrongly."""
    for tree, read in ((there, dialect), (here, model.dialect)):
        wrong = next(mistakes(tree, read), None)
        if wrong is not None:
            said = f"sqlglot moves something here to DuckDB with another meaning: {wrong.reason}"
            return _note(model, dialect, said, mistaken(tree, wrong, read))
    said = f"moved to {dialect}, this gives other rows"
    found = Finding("other_rows", "error", model.name, dialect, said, shown(sql))
    return _placed(model, [found])[0]


def _part(model: OwnModel, native: Moved, refusal: str) -> str:
    """What of a model's own SQL keeps it from being run on DuckDB."""
    if native.refusal is not None:
        return unmovable(model.sql, model.dialect)
    return unrunnable(model.sql, native.sql, refusal, model.dialect)


def _note(model: OwnModel, dialect: str, said: str, fragment: str) -> Finding:
    return _placed(model, [Finding("not_run", "note", model.name, dialect, said, fragment)])[0]


def _placed(model: OwnModel, findings: Iterable[Finding]) -> list[Finding]:
    """Findings with their lines: where their SQL stands in the model, else at its beginning."""
    return [
        replace(each, position=_place(model, each.fragment), instead=each.instead or INSTEAD.get(each.code))
        for each in findings
    ]


def _place(model: OwnModel, fragment: str) -> Position:
    at = model.sql.lower().find(fragment.lower()) if fragment else -1
    before = model.sql[: max(at, 0)]
    return model.place(before.count("\n") + 1, len(before) - before.rfind("\n"))
