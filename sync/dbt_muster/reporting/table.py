"""The table of audiences and warehouses, for a terminal and for a pipe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from io import StringIO

from rich.console import Console
from rich.text import Text

from dbt_muster.portability.findings import Verdict
from dbt_muster.portability.summary import Verdicts

_STYLES: dict[Verdict, str] = {"proved": "green", "parsed only": "yellow", "fails": "bold red"}
_AUDIENCE = "audience"
_WIDEST: int = max(map(len, _STYLES))


def table(verdicts: Verdicts, width: int | None = None, of: str = _AUDIENCE) -> str:
    """A row an audience, a column a warehouse; and of audiences a line that counts.

    Args:
        verdicts: what is known of each audience in each warehouse.
        width: that of the terminal: colours are used, and where the table is wider, each audience's
            warehouses are listed instead. None is a pipe: no colours, and always the table.
        of: what the rows are about.
    """
    dialects = list(next(iter(verdicts.values()), {}))
    rows = list(_rows(verdicts, dialects, of))
    if width is not None and max(map(len, rows)) > width:
        rows = list(_lists(verdicts))
    if of == _AUDIENCE:
        rows += [Text(), Text(_counts(verdicts))]
    if width is None:
        return "\n".join(row.plain.rstrip() for row in rows)
    file = StringIO()
    console = Console(file=file, force_terminal=True, width=width, highlight=False)
    for row in rows:
        console.print(row)
    return file.getvalue().rstrip("\n")


def _rows(verdicts: Verdicts, dialects: list[str], of: str) -> Iterator[Text]:
    first = max(map(len, [of, *verdicts]))
    widths = [max(_WIDEST, len(dialect)) for dialect in dialects]
    yield _row(of, first, [Text(f"{name:{width}}") for name, width in zip(dialects, widths, strict=True)])
    for name, found in verdicts.items():
        cells = [
            Text(f"{word:{width}}", _STYLES[word]) for word, width in zip(found.values(), widths, strict=True)
        ]
        yield _row(name, first, cells)


def _row(name: str, width: int, cells: list[Text]) -> Text:
    return Text("  ").join([Text(f"{name:{width}}"), *cells])


def _lists(verdicts: Verdicts) -> Iterator[Text]:
    for name, found in verdicts.items():
        parts = []
        for word, style in _STYLES.items():
            dialects = [dialect for dialect, each in found.items() if each == word]
            if dialects:
                parts.append(Text.assemble((word, style), f": {', '.join(dialects)}"))
        yield Text(f"{name}  ") + Text("; ").join(parts)


def _counts(verdicts: Verdicts) -> str:
    """How often each word stands in the table."""
    number = Counter(word for found in verdicts.values() for word in found.values())
    dialects = len(next(iter(verdicts.values()), {}))
    said = ", ".join(f"{number[word]} {word}" for word in _STYLES if number[word])
    plural = "audiences" if len(verdicts) != 1 else "audience"
    return f"{len(verdicts)} {plural} in {dialects} warehouse{'s' * (dialects != 1)}: {said or 'nothing'}"
