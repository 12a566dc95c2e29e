"""Names: capitals between quotes, numbers and aliases that stand for columns."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from dbt_muster.portability.rules.reading import Hit, Text, hit

_PLAIN_ALIASES = (exp.Column, exp.Literal, exp.Star)


def quoted_case(text: Text) -> Iterator[Hit]:
    """A column's name in quotes that is not as the warehouse would have written it."""
    for name in text.tree.find_all(exp.Identifier):
        if not name.args.get("quoted") or not isinstance(name.parent, exp.Column | exp.Alias):
            continue
        folded = name.name.upper() if text.dialect == "snowflake" else name.name.lower()
        if name.name != folded:
            yield hit(
                "quoted_case",
                text,
                name,
                "in quotes this is a name of its own on postgres and snowflake, which store unquoted names "
                "in small letters and in capitals; duckdb, bigquery, spark, databricks, trino and redshift, "
                "as it comes, do not tell the two apart",
                f"{name.name.lower()}, without quotes",
            )


def group_alias(text: Text) -> Iterator[Hit]:
    """GROUP BY and HAVING over a name that the same SELECT gives."""
    for select in text.tree.find_all(exp.Select):
        made = _made(select)
        group = select.args.get("group")
        for column in group.expressions if group else ():
            if _bare(column) in made:
                yield hit(
                    "group_alias",
                    text,
                    column,
                    "trino knows no alias in GROUP BY; on postgres, snowflake and redshift a column of that "
                    "name in a table comes before the alias",
                    "the expression itself, or its number",
                )
        having = select.args.get("having")
        for column in having.find_all(exp.Column) if having else ():
            if _bare(column) in made:
                yield hit(
                    "group_alias",
                    text,
                    column,
                    "postgres, redshift and trino know no alias in HAVING; duckdb, snowflake, bigquery, "
                    "spark and databricks do",
                    "the expression itself",
                )


def group_all(text: Text) -> Iterator[Hit]:
    """GROUP BY ALL."""
    for group in text.tree.find_all(exp.Group):
        if group.args.get("all"):
            yield hit(
                "group_all",
                text,
                group,
                "postgres and trino have no GROUP BY ALL; duckdb, snowflake, bigquery, spark and databricks "
                "do",
                "the columns, or their numbers",
            )


def alias_reused(text: Text) -> Iterator[Hit]:
    """A name that a SELECT gives, read in the same SELECT or its WHERE."""
    for select in text.tree.find_all(exp.Select):
        made: set[str] = set()
        parts = list(select.expressions)
        for part in parts:
            yield from _reused(text, part, made)
            if isinstance(part, exp.Alias) and not _is_plain(part):
                made.add(part.alias.lower())
        where = select.args.get("where")
        if where is not None:
            yield from _reused(text, where, made)


def _reused(text: Text, part: exp.Expr, made: set[str]) -> Iterator[Hit]:
    for column in part.find_all(exp.Column):
        own = isinstance(part, exp.Alias) and part.alias.lower() == column.name.lower()
        if _bare(column) in made and not own and column.find_ancestor(exp.Select) is part.parent:
            yield hit(
                "alias_reused",
                text,
                column,
                "postgres, bigquery and trino do not know an alias in the SELECT that gives it; duckdb, "
                "snowflake, redshift, spark and databricks do, where no table has a column of that name",
                "the expression itself, or a subquery that gives the name",
            )


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


RULES = (quoted_case, group_alias, group_all, alias_reused)
