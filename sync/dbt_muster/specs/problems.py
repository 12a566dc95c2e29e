"""A mistake in a spec file, and how it is shown: where, what, what was expected, the nearest right name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dbt_muster.errors import UsageError
from dbt_muster.specs.meaning import Position

SECRET = "secret"  # noqa: S105 - it is a code
"""The code of a secret that is written in a file."""

LINE_SHOWN = 120
"""Characters of an offending line that are shown; longer lines are cut around the column."""


@dataclass(frozen=True)
class Problem:
    """One mistake, at one place of one file.

    `message` is one plain sentence without a full stop; `expected` completes "expected …"; `suggestion`
    completes "did you mean …?". `code` is the mistake's class in snake case, for machines. Of a line that a
    secret stands in, what comes from the secret on is not kept.
    """

    file: Path  # relative to the project's root
    line: int
    column: int
    line_text: str
    code: str
    message: str
    expected: str | None = None
    suggestion: str | None = None
    about: str | None = None  # the audience that inherits what is wrong, where the mistake is another one's

    def __post_init__(self) -> None:
        if self.code == SECRET:
            object.__setattr__(self, "line_text", self.line_text[: self.column - 1] + "…")

    @property
    def said(self) -> str:
        """The message, and for whom it is said."""
        whose = f" (in `{self.about}`, which extends this)" if self.about is not None else ""
        return self.message + whose

    @classmethod
    def at(
        cls,
        root: Path,
        position: Position,
        code: str,
        message: str,
        *,
        expected: str | None = None,
        suggestion: str | None = None,
    ) -> Problem:
        """A problem at a position whose file is read again for the line's text.

        For the rooms after this one, which hold positions and no file content.
        """
        try:
            lines = (root / position.file).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            lines = []
        text = lines[position.line - 1] if 0 < position.line <= len(lines) else ""
        return cls(position.file, position.line, position.column, text, code, message, expected, suggestion)

    def to_dict(self) -> dict[str, object]:
        """The machine form, for `--output json`."""
        return {
            "file": self.file.as_posix(),
            "line": self.line,
            "column": self.column,
            "line_text": self.line_text,
            "code": self.code,
            "message": self.said,
            "expected": self.expected,
            "suggestion": self.suggestion,
        }

    def render(self) -> str:
        """The form for people: the place and the message, the line with a caret, what to write instead."""
        head = f"{self.file.as_posix()}:{self.line}:{self.column}: {printable(self.said)}"
        return "\n".join([head, *self._excerpt(), *self._advice()])

    def _excerpt(self) -> Iterator[str]:
        if not self.line_text.strip():
            return
        text, column = _cut(self.line_text, self.column - 1)
        margin = f"{self.line:>5} | "
        yield margin + printable(text)
        yield " " * (len(margin) - 2) + "| " + _pad(text[:column]) + "^"

    def _advice(self) -> Iterator[str]:
        if self.expected:
            yield f"      expected {printable(self.expected)}"
        if self.suggestion:
            yield f"      did you mean {printable(self.suggestion)}?"

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """What problems are sorted by: where they stand, then what they say."""
        return (self.file.as_posix(), self.line, self.column, self.code, self.message)


class SpecErrors(UsageError):  # noqa: N818 - several errors in one
    """Every mistake found in the spec files in one run, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        unique = {(problem.order, problem.about or ""): problem for problem in problems}
        self.problems: list[Problem] = [
            unique[order, about] for order, about in sorted(unique) if not about or (order, "") not in unique
        ]
        self.problems = list(_without_secrets(self.problems))
        super().__init__(self.render())

    def render(self) -> str:
        """All problems in the form for people, and a last line that counts them."""
        files = len({problem.file for problem in self.problems})
        mistakes = len(self.problems)
        count = (
            f"{mistakes} mistake{'s' * (mistakes != 1)} in {files} spec file{'s' * (files != 1)}; "
            "nothing was done"
        )
        return "\n\n".join([*(problem.render() for problem in self.problems), count])

    def to_dict(self) -> dict[str, object]:
        """The machine form, for `--output json`."""
        return {"problems": [problem.to_dict() for problem in self.problems]}


def _without_secrets(problems: Sequence[Problem]) -> Iterator[Problem]:
    """The problems; those in the line of a secret show no more of it than the secret's own problem does."""
    places = [(problem.file, problem.line) for problem in problems]
    secrets = {
        place: problem
        for place, problem in reversed(list(zip(places, problems, strict=True)))
        if problem.code == SECRET
    }
    for place, problem in zip(places, problems, strict=True):
        secret = secrets.get(place)
        yield problem if secret is None else replace(problem, line_text=secret.line_text)


def printable(text: str) -> str:
    """Text that is safe in a terminal: control and format characters become their escapes."""
    return "".join(
        character
        if character == "\t" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )


def _cut(text: str, column: int) -> tuple[str, int]:
    if len(text) <= LINE_SHOWN:
        return text, column
    start = max(0, column - LINE_SHOWN // 2)
    shown = text[start : start + LINE_SHOWN]
    before = "…" if start else ""
    after = "…" if start + LINE_SHOWN < len(text) else ""
    return before + shown + after, column - start + len(before)


def _pad(text: str) -> str:
    """White space as wide as the text, with its tabs kept, so that the caret stands below its character."""
    return "".join("\t" if character == "\t" else " " * _width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 2
    return len(printable(character))
