"""What can be found in SQL, besides what the rules find: the codes, and a few words for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dbt_muster.portability.findings import Level


@dataclass(frozen=True)
class Code:
    """A kind of finding.

    Attributes:
        title: a few words.
        level: how bad.
        why: what it means, in a sentence or two.
        instead: what to write, where the finding itself does not know better.
    """

    title: str
    level: Level
    why: str
    instead: str = ""


CODES: Mapping[str, Code] = {
    "parse": Code(
        "SQL that the warehouse does not read",
        "error",
        "sqlglot, at its strictest, cannot read the text as SQL of this warehouse.",
        "the same in SQL that the warehouse's reference has",
    ),
    "unparsed": Code(
        "A statement of which only the first words are read",
        "error",
        "sqlglot passes over the rest as a command, so nobody knows what it does.",
        "a SELECT alone",
    ),
    "unknown_function": Code(
        "A function that the warehouse does not have",
        "error",
        "The warehouse's list of functions has no such name. In a model of your own it is a note where the "
        "model is at home, since it may be a function of your own.",
        "a function that the warehouse has, or a macro behind adapter.dispatch",
    ),
    "unknown_column": Code(
        "A column of no table",
        "error",
        "No table that the query reads has such a column, or nothing is called what stands before it.",
        "the column's name as the table has it, or a declaration of it in the entity's file",
    ),
    "ambiguous_column": Code(
        "A column of several tables",
        "error",
        "Several tables that the query reads have a column of this name, and it does not say which is meant.",
        "the table's name or alias before the column",
    ),
    "unresolved_column": Code(
        "A query whose columns cannot be told",
        "error",
        "A column is of no table or of several, and sqlglot does not say more.",
        "the table's name or alias before each column",
    ),
    "mixed_types": Code(
        "A comparison of values of two kinds",
        "error",
        "A text compared with a number, or with a time: each warehouse converts one of them in its own way.",
        "a cast of one side, so that both are of one type",
    ),
    "not_offered": Code(
        "Something that muster does not offer on the warehouse",
        "error",
        "The macros refuse to write it, and say why.",
        "another condition, or leave the warehouse out of --dialects",
    ),
    "other_rows": Code(
        "Other rows than on DuckDB",
        "error",
        "Moved to DuckDB and run there, it gives other rows than muster's own form for DuckDB, or than "
        "what a model of your own becomes there.",
        "another condition or, in a model, words that mean the same on both; or leave the warehouse out",
    ),
    "not_run": Code(
        "SQL that is read and cannot be proved",
        "note",
        "sqlglot cannot move it to DuckDB, DuckDB does not run it, or sqlglot is known to move it wrongly.",
        "nothing: it is read without fault, and a run on the warehouse itself shows the rest",
    ),
    "not_typed": Code(
        "A model of your own whose types nobody knows",
        "note",
        "A table that it reads has no columns in dbt's catalog and none with a type in the project's YAML: "
        "names are not looked up, types are not compared, and no rows can be made up.",
        "a data_type for each column of the table in the project's YAML, or run `dbt docs generate`",
    ),
    "transpile": Code(
        "SQL that sqlglot cannot move to another warehouse",
        "note",
        "Of what audiences become it is no fault, and only in `--output json`, under `moves`: the macros "
        "write each warehouse by themselves. A model of your own has no other words there.",
    ),
    "no_pruning": Code(
        "A table of events that is read whole although all windows have a start",
        "note",
        "Nothing compares the stored column itself with a literal, so that old parts could be passed over.",
    ),
}
"""Every code, each of which has a section in docs/portability-codes.md."""

INSTEAD: Mapping[str, str] = {name: code.instead for name, code in CODES.items() if code.instead}
"""What to write, where the finding itself does not know better."""
