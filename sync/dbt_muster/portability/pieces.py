"""A statement cut into parts that sqlglot moves each by itself, and the shape of each.

What sqlglot makes of a comparison or of an item of a SELECT depends on its kinds of parts, and neither on the
columns' names nor on what is compared with. So parts of one shape are moved once, whichever statement they
stand in, and a thousand audiences have few shapes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from sqlglot import expressions as exp

_CONNECTIVES = (exp.And, exp.Or, exp.Not, exp.Paren)
_CONDITIONS = (exp.Connector, exp.Where, exp.Having, exp.Join)
_UNCUT = (exp.Query, exp.Window, exp.Star, exp.UDTF, exp.Explode, exp.Lambda)
"""What is written differently for the statement that it stands in: a part that holds such stays in it."""
_ATOMS = (exp.Column, exp.Literal, exp.Boolean, exp.Null, exp.Star)
_OPAQUE = (
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.In,
    exp.Between,
    exp.Coalesce,
    exp.DPipe,
    exp.If,
    exp.Case,
    exp.Alias,
    exp.Lower,
    exp.Upper,
    exp.Length,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Div,
    exp.Mod,
)
"""Where a literal is handed on as it is: elsewhere it may be a format, a unit or a path."""
_REPEATED = frozenset({"joins", "ifs"})
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_MADE_NAME = re.compile(r"\w*__\w*|audience_\w+|muster_\w+")
"""Names without quotes that come from specs; any other is a word of the macros, and may be reserved."""
_PLAIN_TEXT = re.compile(r"[A-Za-z0-9 _.@/+-]*")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?")


def cut(tree: exp.Expr) -> list[exp.Expr]:
    """The parts of a statement, each after what it stands in; what is left without them is its frame."""
    return [part for part in _parts(tree) if not isinstance(part, _ATOMS) and part.find(*_UNCUT) is None]


def _parts(tree: exp.Expr) -> Iterator[exp.Expr]:
    for node in tree.walk():
        if isinstance(node, exp.Select):
            yield from (item.this for item in node.expressions if isinstance(item, exp.Alias))
            for clause in ("where", "having"):
                if clause in node.args and node.args[clause] is not None:
                    yield from operands(node.args[clause].this)
            for join in node.args.get("joins") or ():
                if join.args.get("on") is not None:
                    yield from operands(join.args["on"])
        elif isinstance(node, exp.Connector) and not isinstance(_around(node), _CONDITIONS):
            yield from operands(node)


def _around(node: exp.Expr) -> exp.Expr | None:
    """What a condition stands in, brackets and negations aside."""
    parent = node.parent
    while isinstance(parent, exp.Paren | exp.Not):
        parent = parent.parent
    return parent


def operands(condition: exp.Expr) -> Iterator[exp.Expr]:
    """What the connectives at the top of a condition connect."""
    waiting = [condition]
    while waiting:
        each = waiting.pop()
        if isinstance(each, _CONNECTIVES):
            sides = (each.args.get("expression"), each.args.get("this"))
            waiting += [side for side in sides if isinstance(side, exp.Expr)]
        else:
            yield each


def shape(part: exp.Expr, without: Collection[int] = ()) -> str:
    """The kinds of a part's parts, without names and without what is only compared with.

    Args:
        part: any part of a tree.
        without: the identities of parts that are judged by themselves.
    """
    out: list[str] = []
    _write(part, out, without, top=part)
    return "".join(out)


def slim(tree: exp.Expr, of: Callable[[exp.Expr], str] = shape) -> exp.Expr:
    """A union with one query of each kind: of a thousand one or two are left; any other tree as it is.

    Args:
        tree: it stays as it is.
        of: a query's kind.
    """
    if not isinstance(tree, exp.SetOperation):
        return tree
    kinds: dict[str, exp.SetOperation] = {}
    each: exp.Expr = tree
    branches = 1
    while isinstance(each, exp.SetOperation):
        branches += 1
        kinds.setdefault(f"{each.key}{each.args.get('distinct')}{of(each.expression)}", each)
        each = each.this
    if len(kinds) == branches - 1:
        return tree
    result = each.copy()
    for one in reversed(kinds.values()):
        settings = {key: _copied(value) for key, value in one.args.items() if key != "this"}
        result = type(one)(this=result, **settings)
    return result


def _copied(value: object) -> object:
    if isinstance(value, list):
        return [_copied(each) for each in value]
    return value.copy() if isinstance(value, exp.Expr) else value


def _write(node: object, out: list[str], without: Collection[int], *, top: object = None) -> None:
    if isinstance(node, exp.Expr):
        if node is not top and id(node) in without:
            out.append("?")
        elif isinstance(node, exp.Identifier):
            out.append(_name(node))
        elif isinstance(node, exp.Literal):
            out.append(literal_kind(node))
        elif isinstance(node, exp.Connector):
            out.append(f"connected({_kinds(operands(node), without)})")
        elif isinstance(node, exp.SetOperation):
            out.append(f"{node.key}({_kinds(_united(node), without)})")
        else:
            out.append(f"{node.key}(")
            for key, value in node.args.items():
                if value is not None and value is not False and value != []:
                    out.append(f"{key}:")
                    _item(key, value, node, out, without)
            out.append(")")
    else:
        out.append(repr(node))


def _item(key: str, value: object, node: exp.Expr, out: list[str], without: Collection[int]) -> None:
    if not isinstance(value, list):
        _write(value, out, without)
        return
    # Of joins, branches, items of a SELECT and listed values it matters which kinds there are, not how many.
    once = key in _REPEATED or (key == "expressions" and isinstance(node, exp.Select | exp.In))
    seen = set()
    for each in value:
        inner: list[str] = []
        _write(each, inner, without)
        text = "".join(inner)
        if not once or text not in seen:
            out.append(text)
            out.append(",")
        seen.add(text)


def _kinds(parts: Iterable[object], without: Collection[int]) -> str:
    """Which shapes there are among parts, however many of each."""
    kinds = set()
    for part in parts:
        inner: list[str] = []
        _write(part, inner, without)
        kinds.add("".join(inner))
    return ",".join(sorted(kinds))


def _united(node: exp.SetOperation) -> Iterator[object]:
    """The queries of a set operation and its settings; of a thousand, each stands inside of the next."""
    each: object = node
    while isinstance(each, exp.SetOperation):
        yield from (value for key, value in each.args.items() if key != "this" and value not in (None, []))
        each = each.this
    yield each


def _name(node: exp.Expr) -> str:
    plain = _PLAIN_NAME if node.args.get("quoted") else _MADE_NAME
    return "name" if plain.fullmatch(node.name) else f"{node.name!r}{node.args.get('quoted')}"


def literal_kind(node: exp.Expr) -> str:
    """A literal without what is only compared with: its kind, or the whole of one that may be a format."""
    if node.is_string and _MOMENT.fullmatch(node.name):
        return "moment"
    if not _is_opaque(node.parent):
        return repr(node.name) if node.is_string else node.name
    if not node.is_string:
        return "whole" if node.name.isdigit() else "fraction"
    return "text" if _PLAIN_TEXT.fullmatch(node.name) else repr(node.name)


def _is_opaque(node: exp.Expr | None) -> bool:
    """Whether literals are handed on as they are; those that are cast to a number or a text are, too."""
    if isinstance(node, exp.Cast):
        return node.to.this in exp.DataType.NUMERIC_TYPES | exp.DataType.TEXT_TYPES
    return isinstance(node, _OPAQUE)
