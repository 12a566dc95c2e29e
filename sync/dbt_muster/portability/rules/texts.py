"""Texts: their parts, their quotes, their order, and nothing among them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import rule
from dbt_muster.portability.rules.reading import Part, Text, text_of, whole_number

_BYTES = ("C", "POSIX", "binary")
"""Collations that order texts as the other warehouses do by themselves."""


@rule(
    {
        "substr('abc', 0, 2) is 'a'": "postgres redshift duckdb",
        "it is 'ab'": "snowflake bigquery spark databricks",
        "it is empty": "trino",
    },
    "positions from 1",
)
def text_position(text: Text) -> Iterator[Part]:
    """A part of a text from position 0."""
    for node in text.tree.find_all(exp.Substring):
        if whole_number(node.args.get("start")) == 0:
            yield node


@rule(
    {
        "a negative position is a place before the text": "postgres redshift",
        "it counts from the text's end": "snowflake bigquery duckdb trino spark databricks",
    },
    "right(), or a position made with length()",
    code="text_position",
)
def position_from_end(text: Text) -> Iterator[Part]:
    """A part of a text from its end."""
    for node in text.tree.find_all(exp.Substring):
        start = whole_number(node.args.get("start"))
        if start is not None and start < 0:
            yield node


@rule(
    {
        "concat() passes over null, as if it were an empty text,": "postgres duckdb",
        "it is null": "snowflake bigquery redshift spark databricks trino",
    },
    "coalesce(x, '') around each part, or || where null should stay null",
)
def null_in_text(text: Text) -> Iterator[Part]:
    """concat() of something that may be null."""
    for node in text.tree.find_all(exp.Concat):
        if [part for part in node.expressions if not isinstance(part, exp.Literal | exp.Coalesce)]:
            yield node


@rule(
    {
        "with a null among them this is null": "snowflake bigquery trino",
        "it passes over null": "postgres redshift duckdb spark databricks",
    },
    "coalesce() around each of them",
)
def null_in_greatest(text: Text) -> Iterator[Part]:
    """greatest() or least() of something that may be null."""
    for node in text.tree.find_all(exp.Greatest, exp.Least):
        parts = (node.this, *node.expressions)
        if not all(isinstance(part, exp.Literal | exp.Coalesce) for part in parts):
            yield node


@rule(
    {
        "blanks alone are equal to '', since blanks at the end do not count,": "redshift",
        "only an empty text is": "postgres snowflake bigquery duckdb trino spark databricks",
    },
    "length(a) = 0 for an empty text; nullif(trim(a), '') is null for an empty, blank or missing one",
)
def empty_text(text: Text) -> Iterator[Part]:
    """A comparison with an empty text, which is not null."""
    for comparison in text.tree.find_all(exp.EQ, exp.NEQ):
        if any(text_of(side) == "" for side in (comparison.left, comparison.right)):
            yield comparison


@rule(
    {
        "names are 'en-ci'": "snowflake",
        "names are 'und:ci'": "bigquery",
        "names are nocase": "duckdb",
        "names are case_insensitive": "redshift",
        "names are those of the operating system or of ICU": "postgres",
        "names are UTF8_LCASE, since version 4,": "spark databricks",
        "there is none": "trino",
    },
    "lower() on both sides",
)
def collation(text: Text) -> Iterator[Part]:
    """A collation by name."""
    for node in text.tree.find_all(exp.Collate):
        if node.expression.name not in _BYTES:
            yield node


@rule(
    {
        r"'\n' is a line break": "snowflake bigquery redshift spark databricks",
        "it is a backslash and an n": "postgres duckdb trino",
    },
    "chr(10) and the like, or the text in a column of a seed",
)
def backslash(text: Text) -> Iterator[Part]:
    """A backslash in a text."""
    for token in text.tokens:
        if token.token_type.name == "STRING" and "\\" in text.raw(token):
            yield token


@rule(
    {
        "this is a text": "bigquery spark databricks",
        "it is the name of a column": "postgres redshift snowflake duckdb trino",
    },
    "a text between single quotes",
)
def double_quotes(text: Text) -> Iterator[Part]:
    """A text between double quotes."""
    for token in text.tokens:
        if token.token_type.name == "STRING" and text.raw(token).startswith('"'):
            yield token


@rule(
    {
        "md5() is a text of hex digits": "postgres redshift snowflake duckdb spark databricks",
        "it is bytes": "bigquery trino",
    },
    "dbt.hash()",
)
def digest_form(text: Text) -> Iterator[Part]:
    """A digest by md5()."""
    return text.calls("md5")


RULES = (
    text_position,
    position_from_end,
    null_in_text,
    null_in_greatest,
    empty_text,
    collation,
    backslash,
    double_quotes,
    digest_form,
)
