"""Names that a SELECT gives, and where they can be read."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.differences import rule
from dbt_muster.portability.rules.reading import Part, Text

_PLAIN_ALIASES = (exp.Column, exp.Literal, exp.Star)


@rule(
    {
        "there is no alias in GROUP BY": "trino",
        "a column of that name in a table comes before the alias": "postgres snowflake redshift",
        "the alias comes first": "duckdb bigquery spark databricks",
    },
    "the expression itself, or its number",
)
def group_alias(text: Text) -> Iterator[Part]:
    """GROUP BY over a name that the same SELECT gives."""
    for select in text.tree.find_all(exp.Select):
        made = _made(select)
        group = select.args.get("group")
        yield from (column for column in (group.expressions if group else ()) if _bare(column) in made)


@rule(
    {
        "there is no alias in HAVING": "postgres redshift trino",
        "there is": "duckdb snowflake bigquery spark databricks",
    },
    "the expression itself",
    code="group_alias",
)
def having_alias(text: Text) -> Iterator[Part]:
    """HAVING over a name that the same SELECT gives."""
    for select in text.tree.find_all(exp.Select):
        made = _made(select)
        having = select.args.get("having")
        yield from (
            column for column in (having.find_all(exp.Column) if having else ()) if _bare(column) in made
        )


@rule(
    {
        "there is no GROUP BY ALL": "postgres trino",
        "GROUP BY ALL is by all that is not added up": "duckdb snowflake bigquery spark databricks",
    },
    "the columns, or their numbers",
)
def group_all(text: Text) -> Iterator[Part]:
    """Groups by all columns that are not added up."""
    for group in text.tree.find_all(exp.Group):
        if group.args.get("all"):
            yield group


@rule(
    {
        "an alias is not known in the SELECT that gives it": "postgres bigquery trino",
        "it is, where no table has a column of that name,": "duckdb snowflake redshift spark databricks",
    },
    "the expression itself, or a subquery that gives the name",
)
def alias_reused(text: Text) -> Iterator[Part]:
    """A name that a SELECT gives, read in the same SELECT or its WHERE."""
    for select in text.tree.find_all(exp.Select):
        made: set[str] = set()
        for part in list(select.expressions):
            yield from _reused(part, made)
            if isinstance(part, exp.Alias) and not _is_plain(part):
                made.add(part.alias.lower())
        where = select.args.get("where")
        if where is not None:
            yield from _reused(where, made)


@rule(
    {
        "a subquery in FROM wants a name, before version 16,": "postgres",
        "it wants a name": "redshift",
        "it needs none": "snowflake bigquery duckdb trino spark databricks",
    },
    "a name behind the bracket",
)
def nameless_subquery(text: Text) -> Iterator[Part]:
    """A subquery in FROM without a name."""
    for subquery in text.tree.find_all(exp.Subquery):
        holds = isinstance(subquery.parent, exp.From | exp.Join) and isinstance(subquery.this, exp.Query)
        if holds and not subquery.alias:
            yield subquery


def _reused(part: exp.Expr, made: set[str]) -> Iterator[Part]:
    for column in part.find_all(exp.Column):
        own = isinstance(part, exp.Alias) and part.alias.lower() == column.name.lower()
        if _bare(column) in made and not own and column.find_ancestor(exp.Select) is part.parent:
            yield column


def _made(select: exp.Select) -> set[str]:
    """The names that a SELECT gives to what is no column."""
    return {
        part.alias.lower()
        for part in select.expressions
        if isinstance(part, exp.Alias) and not _is_plain(part)
    }


def _is_plain(alias: exp.Alias) -> bool:
    """Whether an alias is a column, or made from one of the same name, so that the name means that one."""
    same = any(column.name.lower() == alias.alias.lower() for column in alias.this.find_all(exp.Column))
    return same or isinstance(alias.this, _PLAIN_ALIASES)


def _bare(column: exp.Expr) -> str | None:
    if isinstance(column, exp.Column) and not column.table:
        return column.name.lower()
    return None


RULES = (group_alias, having_alias, group_all, alias_reused, nameless_subquery)
