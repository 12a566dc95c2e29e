"""What can be found in SQL, besides what the rules find: the codes, and a few words for each."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "parse": "SQL that the warehouse does not read",
    "unparsed": "A statement of which only the first words are read",
    "unknown_function": "A function that the warehouse does not have",
    "unknown_column": "A column of no table",
    "ambiguous_column": "A column of several tables",
    "unresolved_column": "A query whose columns cannot be told",
    "mixed_types": "A comparison of values of two kinds",
    "not_offered": "Something that muster does not offer on the warehouse",
    "other_rows": "Other rows than on DuckDB",
    "not_run": "SQL that is read and cannot be proved",
    "transpile": "SQL that sqlglot cannot move to another warehouse",
    "no_pruning": "A table of events that is read whole although all windows have a start",
}
"""Every code, each of which has a section in docs/portability.md."""

INSTEAD: Mapping[str, str] = {
    "unknown_function": "a function that the warehouse has, or a macro behind adapter.dispatch",
    "unparsed": "a SELECT alone",
    "unknown_column": "the column's name as the table has it, or a declaration of it in the entity's file",
    "ambiguous_column": "the table's name or alias before the column",
    "not_offered": "another condition, or leave the warehouse out of --dialects",
}
"""What to write, where the finding itself does not know better."""
