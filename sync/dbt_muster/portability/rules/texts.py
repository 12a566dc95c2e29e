"""Texts: patterns, parts, capitals, and nothing among them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.reading import Hit, Text, hit, text_of, whole_number
from dbt_muster.specs.patterns import PatternError, portable

_PATTERNS = (exp.RegexpLike, exp.RegexpILike, exp.RegexpReplace, exp.RegexpExtract, exp.RegexpCount)

_BYTES = ("C", "POSIX", "binary")
"""Collations that order texts as the other warehouses do by themselves."""


def regex_flavour(text: Text) -> Iterator[Hit]:
    """A regular expression that some warehouse reads differently, or not at all."""
    for node in text.tree.find_all(*_PATTERNS):
        pattern = text_of(node.expression)
        if pattern is None:
            continue
        try:
            portable(pattern)
        except PatternError as error:
            message = (
                f"the pattern is not read alike: {error.message} (patterns are RE2's on duckdb and bigquery, "
                "Java's on spark, databricks and trino, POSIX's on postgres and redshift)"
            )
            yield hit("regex_flavour", text, node, message, error.expected or "a pattern of plain characters")


def regex_match(text: Text) -> Iterator[Hit]:
    """A match of a whole text, or of a part of it; one replacement, or all."""
    names = {token.text.lower() for token in text.tokens}
    for node in text.tree.find_all(exp.RegexpLike) if names & {"regexp_like", "rlike", "regexp"} else ():
        pattern = text_of(node.expression)
        if pattern is None or not (pattern.startswith("^") and pattern.endswith("$")):
            yield hit(
                "regex_match",
                text,
                node,
                "snowflake's regexp_like and rlike match the whole text; postgres, redshift, duckdb, "
                "bigquery, spark, databricks and trino look for the pattern anywhere in it",
                "a pattern that says so, `^…$`, or `^.*…` where a part is meant",
            )
    for change in text.tree.find_all(exp.RegexpReplace):
        modifiers = text_of(change.args.get("modifiers")) or ""
        if "g" not in modifiers:
            yield hit(
                "regex_match",
                text,
                change,
                "postgres and duckdb replace the first match unless told 'g'; snowflake, bigquery, spark, "
                "databricks, redshift and trino replace all of them",
                "replace() where the pattern is plain; else a pattern for the whole text, which matches once",
            )


def case_blind_like(text: Text) -> Iterator[Hit]:
    """ILIKE, and the other ways to forget capitals."""
    for node in text.tree.find_all(exp.ILike, exp.RegexpILike):
        yield hit(
            "case_blind_like",
            text,
            node,
            "bigquery and trino have no ILIKE, and `~*` is postgres's and redshift's; LIKE tells capitals "
            "from small letters on all eight, unless a collation says otherwise",
            "lower(a) like 'pattern in small letters'",
        )


def like_escape(text: Text) -> Iterator[Hit]:
    """A backslash in LIKE's pattern, with nobody saying what it is."""
    for node in text.tree.find_all(exp.Like, exp.ILike):
        pattern = text_of(node.expression) or ""
        if "\\" in pattern and not isinstance(node.parent, exp.Escape):
            yield hit(
                "like_escape",
                text,
                node,
                "a backslash makes the next character plain on postgres, redshift, bigquery, spark and "
                "databricks, and is a character like any other on duckdb, snowflake and trino",
                "ESCAPE behind the pattern, with a character of its own: like '50!%' escape '!'",
            )


def text_position(text: Text) -> Iterator[Hit]:
    """A part of a text from position 0, or from the end."""
    for node in text.tree.find_all(exp.Substring):
        start = whole_number(node.args.get("start"))
        if start is not None and start < 1:
            yield hit(
                "text_position",
                text,
                node,
                "substr('abc', 0, 2) is 'a' on postgres, redshift and duckdb, 'ab' on snowflake, bigquery, "
                "spark and databricks, and empty on trino; from a negative position postgres and redshift "
                "count places before the text, the others from its end",
                "positions from 1; right() or a position made with length() for the end",
            )


def null_in_text(text: Text) -> Iterator[Hit]:
    """concat() of something that may be nothing."""
    for node in text.tree.find_all(exp.Concat):
        doubtful = [part for part in node.expressions if not isinstance(part, exp.Literal | exp.Coalesce)]
        if doubtful:
            yield hit(
                "null_in_text",
                text,
                node,
                "concat() passes over null on postgres and duckdb, as if it were an empty text, and is null "
                "on snowflake, bigquery, redshift, spark, databricks and trino",
                "coalesce(x, '') around each part, or || where null should stay null",
            )


def null_in_greatest(text: Text) -> Iterator[Hit]:
    """greatest() and least() of something that may be nothing."""
    for node in text.tree.find_all(exp.Greatest, exp.Least):
        parts = (node.this, *node.expressions)
        if all(isinstance(part, exp.Literal | exp.Coalesce) for part in parts):
            continue
        yield hit(
            "null_in_greatest",
            text,
            node,
            "with a null among them this is null on snowflake, bigquery and trino; postgres, redshift, "
            "duckdb, spark and databricks pass over it",
            "coalesce() around each of them",
        )


def collation(text: Text) -> Iterator[Hit]:
    """COLLATE."""
    for node in text.tree.find_all(exp.Collate):
        if node.expression.name in _BYTES:
            continue
        yield hit(
            "collation",
            text,
            node,
            "each warehouse has names of its own: 'en-ci' on snowflake, 'und:ci' on bigquery, nocase on "
            "duckdb, case_insensitive on redshift; trino has none",
            "lower() on both sides",
        )


RULES = (
    regex_flavour,
    regex_match,
    case_blind_like,
    like_escape,
    text_position,
    null_in_text,
    null_in_greatest,
    collation,
)
