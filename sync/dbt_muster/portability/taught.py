"""What DuckDB can say and sqlglot does not write for it, each in other words of the same meaning.

A test runs each on DuckDB, and fails as soon as sqlglot writes it by itself: then the entry has to go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sqlglot import expressions as exp

_HEX = re.compile(r"[Xx]{1,15}")
_OFFSET = re.compile(r" (?=[+-]\d\d:\d\d$)")

Words = Callable[[exp.Expr], exp.Expr | None]
"""The same in other words; None where there is nothing to do."""


def _number_in_hex(node: exp.Expr) -> exp.Expr | None:
    """Snowflake's to_number with a format of hex digits alone: Trino's from_base, which DuckDB is taught."""
    form = node.args.get("format")
    if not isinstance(form, exp.Literal) or not _HEX.fullmatch(form.name):
        return None
    return exp.Anonymous(this="from_base", expressions=[node.this.copy(), exp.Literal.number(16)])


def _digest_in_hex(node: exp.Expr) -> exp.Expr | None:
    """PostgreSQL's digest of a text's bytes, written in hex: DuckDB's is of a text, and in hex already."""
    form, digest = node.args.get("charset"), node.this
    if not isinstance(form, exp.Literal) or form.name != "hex" or not isinstance(digest, exp.SHA2):
        return None
    text = digest.this
    if not isinstance(text, exp.Anonymous) or text.name.lower() != "convert_to":
        return None
    return exp.SHA2(this=text.expressions[0].copy(), length=exp.Literal.number(256))


def _closer_offset(node: exp.Expr) -> exp.Expr | None:
    """An instant as Snowflake has it, with a space before its offset."""
    text = node.this
    if not isinstance(text, exp.Literal) or not text.is_string or not _OFFSET.search(text.name):
        return None
    return exp.cast(exp.Literal.string(_OFFSET.sub("", text.name)), exp.DType.TIMESTAMPTZ)


_WORDS: Mapping[type[exp.Expr], Words] = {
    exp.ToNumber: _number_in_hex,
    exp.Encode: _digest_in_hex,
    exp.Cast: _closer_offset,
}


def taught(tree: exp.Expr) -> exp.Expr:
    """A statement in words that sqlglot can write for DuckDB; its tree is changed."""
    for node in list(tree.find_all(*_WORDS)):
        words = _WORDS.get(type(node))  # a subclass is another thing
        found = words(node) if words is not None else None
        if found is not None:
            node.replace(found)
    return tree
