"""A text of SQL as the rules read it: its tree, its words, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import Token
from sqlglot import expressions as exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel

from dbt_muster.portability.parsing import shown

Part = exp.Expr | Token
"""A part of the tree, or a word: the tree forgets some of them."""


@dataclass(frozen=True)
class Text:
    """A statement in the dialect that it was written for.

    Attributes:
        dialect: a dbt adapter's type.
        tree: what sqlglot reads.
        tokens: its words, in order.
        sql: the text itself.
    """

    dialect: str
    tree: exp.Expr
    tokens: Sequence[Token]
    sql: str

    @classmethod
    def of(cls, sql: str, tree: exp.Expr, dialect: str) -> Text:
        """The text and its tree together."""
        return cls(dialect, tree, Dialect.get_or_raise(dialect).tokenize(sql), sql)

    def calls(self, *names: str) -> Iterator[Token]:
        """Every one of some names, or any name, that a bracket follows."""
        for token, following in self.pairs():
            named = not names or token.text.lower() in names
            if named and following.text == "(" and token.text.replace("_", "").isalnum():
                yield token

    def words(self, *texts: str) -> Iterator[Token]:
        """Every word that is one of some texts, in capitals, and is not between quotes."""
        for token in self.tokens:
            if token.text.upper() in texts and self.raw(token).upper() == token.text.upper():
                yield token

    def pairs(self) -> Iterator[tuple[Token, Token]]:
        """Every word with the one behind it."""
        yield from zip(self.tokens, self.tokens[1:], strict=False)

    def raw(self, token: Token) -> str:
        """A word as it is written, with its quotes."""
        return self.sql[token.start : token.end + 1]

    def fragment(self, part: Part) -> str:
        """A part as SQL, on one line."""
        if isinstance(part, Token):
            return shown(self.raw(part))
        quiet = ErrorLevel.IGNORE  # of a clause that the dialect reads and sqlglot does not write for it
        return shown(
            part.sql(dialect=self.dialect, unsupported_level=quiet) or part.sql(unsupported_level=quiet)
        )

    def place(self, part: Part) -> tuple[int, int]:
        """The line and the column where a part begins, from 1."""
        start = part.start if isinstance(part, Token) else self._start(part)
        before = self.sql[:start]
        return before.count("\n") + 1, start - (before.rfind("\n") + 1) + 1

    def _start(self, node: exp.Expr) -> int:
        """Where the first word of a part stands whose place is known, or of what the part stands in."""
        starts = [each.meta["start"] for each in node.walk() if "start" in each.meta]
        if starts:
            return int(min(starts))
        word = self.fragment(node).split("(")[0].upper()
        found = next((token.start for token in self.tokens if token.text.upper() == word), None)
        if found is not None:
            return found
        return self._start(node.parent) if node.parent is not None else 0


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
