"""Patterns: LIKE and regular expressions."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import Found, rule
from dbt_muster.portability.rules.reading import Part, Text, text_of
from dbt_muster.specs.patterns import PatternError, portable

_PATTERNS = (exp.RegexpLike, exp.RegexpILike, exp.RegexpReplace, exp.RegexpExtract, exp.RegexpCount)


@rule(
    {
        "patterns are RE2's": "duckdb bigquery",
        "they are Java's": "spark databricks trino",
        "they are POSIX's": "postgres redshift",
        "they are its own": "snowflake",
    },
    "a pattern of plain characters",
)
def regex_flavour(text: Text) -> Iterator[Found]:
    """A regular expression that some warehouse reads differently, or not at all."""
    for node in text.tree.find_all(*_PATTERNS):
        pattern = text_of(node.expression)
        if pattern is None:
            continue
        try:
            portable(pattern)
        except PatternError as error:
            yield Found(node, error.expected or "", f"the pattern is not read alike: {error.message}")


@rule(
    {
        "regexp_like and rlike match the whole text": "snowflake",
        "the pattern is looked for anywhere in it": (
            "postgres redshift duckdb bigquery spark databricks trino"
        ),
    },
    "a pattern that says so, `^…$`, or `^.*…` where a part is meant",
)
def regex_match(text: Text) -> Iterator[Part]:
    """A match of a whole text, or of a part of it."""
    names = {token.text.lower() for token in text.tokens}
    for node in text.tree.find_all(exp.RegexpLike) if names & {"regexp_like", "rlike", "regexp"} else ():
        pattern = text_of(node.expression)
        if pattern is None or not (pattern.startswith("^") and pattern.endswith("$")):
            yield node


@rule(
    {
        "the first match is replaced unless 'g' is told": "postgres duckdb",
        "all are": "snowflake bigquery spark databricks redshift trino",
    },
    "replace() where the pattern is plain; else a pattern for the whole text, which matches once",
    code="regex_match",
)
def regex_replacement(text: Text) -> Iterator[Part]:
    """One replacement by a pattern, or all."""
    for change in text.tree.find_all(exp.RegexpReplace):
        if "g" not in (text_of(change.args.get("modifiers")) or ""):
            yield change


@rule(
    {
        "there is no ILIKE": "bigquery trino",
        "ILIKE forgets capitals": "postgres redshift snowflake duckdb spark databricks",
    },
    "lower(a) like 'pattern in small letters'",
)
def case_blind_like(text: Text) -> Iterator[Part]:
    """ILIKE, which forgets capitals; LIKE tells them from small letters on all."""
    return text.tree.find_all(exp.ILike)


@rule(
    {
        "`~` and `~*` look for a pattern": "postgres redshift",
        "they do since version 2, before it `~` matched the whole text": "duckdb",
        "there are none": "snowflake bigquery trino spark databricks",
    },
    "regexp_like() in a macro behind adapter.dispatch",
)
def regex_operator(text: Text) -> Iterator[Part]:
    """A regular expression by an operator."""
    return text.words("~", "~*", "!~", "!~*")


@rule(
    {
        "a backslash makes the next character plain": "postgres redshift bigquery spark databricks",
        "it is a character like any other": "duckdb snowflake trino",
    },
    "ESCAPE behind the pattern, with a character of its own: like '50!%' escape '!'",
)
def like_escape(text: Text) -> Iterator[Part]:
    """A backslash in LIKE's pattern, with nobody saying what it is."""
    for node in text.tree.find_all(exp.Like, exp.ILike):
        pattern = text_of(node.expression) or ""
        if "\\" in pattern and not isinstance(node.parent, exp.Escape):
            yield node


@rule(
    {
        "SIMILAR TO is known": "postgres redshift duckdb",
        "it is not": "snowflake bigquery trino spark databricks",
    },
    "like, or regexp_like() in a macro behind adapter.dispatch",
)
def similar_to(text: Text) -> Iterator[Part]:
    """A pattern by SIMILAR TO."""
    return text.tree.find_all(exp.SimilarTo)


RULES = (
    regex_flavour,
    regex_match,
    regex_replacement,
    case_blind_like,
    regex_operator,
    like_escape,
    similar_to,
)
