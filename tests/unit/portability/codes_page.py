"""Writes docs/portability-codes.md from the codes and the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dbt_muster.portability.codes import CODES
from dbt_muster.portability.rules import RULES, Rule
from dbt_muster.portability.rules.differences import said
from dbt_muster.portability.rules.reserved import RESERVED
from dbt_muster.portability.rules.spellings import SPELLINGS
from tests.unit.portability.unportable import UNPORTABLE

PAGE = Path(__file__).resolve().parents[3] / "docs" / "portability-codes.md"

_HEAD = """\
# What is found in SQL

Written from the code by `python -m tests.unit.portability.codes_page`; a test compares.

[portability.md](portability.md) says how `muster check --dialects` and `--select` judge SQL. Each finding has
one of the codes below.

## Findings in what audiences become
"""

_RULES = """\
## Findings in SQL of your own

In dbt models, by their compiled SQL, and, as far as the macros do not settle it, in `sql:` and `expression:`
of specs. They are notes: the SQL may never leave its warehouse. A finding is only there where two of the
warehouses that are asked about differ, and it names only those.

What is said of DuckDB and PostgreSQL is asked of them by a test, as far as a query can ask it; what is said
of the others is after their documentation.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_codes(), _RULES, *_rules()])


def _codes() -> Iterator[str]:
    for name, code in CODES.items():
        yield f"### {name}\n\n*{code.level.capitalize()}.* {code.title}. {code.why}\n"
        if code.instead:
            yield f"Write instead: {code.instead}.\n"


def _rules() -> Iterator[str]:
    by_code: dict[str, list[Rule]] = {}
    for rule in RULES:
        by_code.setdefault(rule.code, []).append(rule)
    for code, rules in by_code.items():
        sql, dialect = next((sql, dialect) for sql, dialect, of, _ in UNPORTABLE if of == code)
        yield f"### {code}\n\n{rules[0].title}, such as, on {dialect}:\n\n```sql\n{sql}\n```\n"
        for rule in rules:
            if len(rules) > 1 and rule is not rules[0]:
                yield f"{rule.title}:\n"
            if rule.meanings:
                yield "\n".join(f"- {said((meaning,))}" for meaning in rule.meanings) + "\n"
            if rule is rules[-1] or rule.instead != rules[rules.index(rule) + 1].instead:
                yield f"Write instead: {rule.instead}.\n"
        if code == "reserved_word":
            words = ", ".join(f"`{word}` ({', '.join(names)})" for word, names in RESERVED.items())
            yield f"The words: {words}.\n"
        if code == "spelling":
            yield "| function | known on | instead |\n| --- | --- | --- |"
            for name, (dialects, instead) in SPELLINGS.items():
                yield f"| `{name}` | {', '.join(dialects.split())} | {instead} |"
            yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
