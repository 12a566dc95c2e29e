"""A text of SQL as the rules read it: its tree, its words, and where each stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlglot import Token
from sqlglot import expressions as exp
from sqlglot.dialects.dialect import Dialect

from dbt_muster.portability.parsing import shown


@dataclass(frozen=True)
class Text:
    """A statement in the dialect that it was written for.

    Attributes:
        dialect: a dbt adapter's type.
        tree: what sqlglot reads.
        tokens: its words, in order; the tree forgets some of them.
    """

    dialect: str
    tree: exp.Expr
    tokens: Sequence[Token]

    @classmethod
    def of(cls, sql: str, tree: exp.Expr, dialect: str) -> Text:
        """The text and its tree together."""
        return cls(dialect, tree, Dialect.get_or_raise(dialect).tokenize(sql))

    def calls(self) -> Iterator[tuple[str, Token]]:
        """Every name that a bracket follows, in small letters, with its word."""
        for token, following in zip(self.tokens, self.tokens[1:], strict=False):
            if following.text == "(" and token.text.replace("_", "").isalnum():
                yield token.text.lower(), token


@dataclass(frozen=True)
class Hit:
    """A place where a rule finds something.

    Attributes:
        code: the rule's name.
        message: what differs, and where.
        fragment: the SQL that it is about.
        instead: what to write.
        line: of the text, from 1; None where nobody knows.
    """

    code: str
    message: str
    fragment: str
    instead: str
    line: int | None = None


Rule = Callable[[Text], Iterator[Hit]]


def hit(code: str, text: Text, node: exp.Expr, message: str, instead: str) -> Hit:
    """What a rule finds about a part of the tree."""
    fragment = shown(node.sql(dialect=text.dialect))
    return Hit(code, message, fragment, instead, line(node) or _line_of(text, fragment))


def _line_of(text: Text, fragment: str) -> int | None:
    """The line of the first word that a fragment begins with: of keywords the tree keeps no place."""
    return next(
        (token.line for token in text.tokens if token.text.upper() == fragment.split("(")[0].upper()), None
    )


def word_hit(code: str, token: Token, message: str, instead: str) -> Hit:
    """What a rule finds about a word."""
    return Hit(code, message, token.text, instead, token.line)


def line(node: exp.Expr) -> int | None:
    """The line where a part begins: that of its first word whose place is known, or of what it stands in."""
    lines = [part.meta["line"] for part in node.walk() if "line" in part.meta]
    if lines:
        return int(min(lines))
    return line(node.parent) if node.parent is not None else None


def whole_number(node: object) -> int | None:
    """The number that a literal is, with its sign; None where it is something else."""
    if isinstance(node, exp.Neg):
        number = whole_number(node.this)
        return None if number is None else -number
    if isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit():
        return int(node.name)
    return None


def text_of(node: object) -> str | None:
    """The text that a literal is; None where it is something else."""
    if isinstance(node, exp.RawString):
        return str(node.this)
    return node.name if isinstance(node, exp.Literal) and node.is_string else None
