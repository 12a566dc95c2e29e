"""The part of SQL that expressions are written in: what means the same on every warehouse."""

from __future__ import annotations

from sqlglot import exp

BINARY: dict[type[exp.Expr], str] = {
    exp.And: "and",
    exp.Or: "or",
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.DPipe: "||",
    exp.Nullif: "nullif",
}
UNARY: dict[type[exp.Expr], str] = {
    exp.Not: "not",
    exp.Neg: "negative",
    exp.Lower: "lower",
    exp.Upper: "upper",
    exp.Length: "length",
    exp.Abs: "abs",
    exp.Floor: "floor",
    exp.Ceil: "ceil",
}
SEVERAL: dict[type[exp.Expr], str] = {
    exp.Coalesce: "coalesce",
    exp.Greatest: "greatest",
    exp.Least: "least",
}

KNOWN = (
    "`and`, `or`, `not`, `=`, `<>`, `<`, `<=`, `>`, `>=`, `between`, `in`, `is null`, `case`, `coalesce`, "
    "`nullif`, `+`, `-`, `*`, `/`, `%`, `||`, `lower`, `upper`, `trim`, `length`, `substring`, `replace`, "
    "`abs`, `round`, `floor`, `ceil`, `greatest`, `least` and `cast`"
)

INSTEAD: dict[type[exp.Expr], str] = {
    exp.Like: "the operators `contains`, `starts_with`, `ends_with` or `matches` of a condition",
    exp.ILike: "the operator `contains` or `starts_with` of a condition, with `ignore_case: true`",
    exp.RegexpLike: "the operator `matches` of a condition",
    exp.AggFunc: "a trait with a file of its own, named here",
    exp.Query: "an `event`, `trait` or `audience` condition beside this one",
    exp.Subquery: "an `event`, `trait` or `audience` condition beside this one",
    exp.Exists: "an `event`, `trait` or `audience` condition beside this one",
    exp.Window: "a trait with a file of its own, named here",
    exp.CurrentDate: "the operators `within`, `before` or `after` of a condition",
    exp.CurrentTimestamp: "the operators `within`, `before` or `after` of a condition",
    exp.Interval: "the operators `within`, `before` or `after` of a condition",
    exp.TryCast: "`cast`, which gives null where it fails",
    exp.IntDiv: "`floor(a / b)`",
    exp.Concat: "`||`",
    exp.If: "`case when … then … else … end`",
}
"""What to write in place of something that expressions do not have."""
