"""Regular expressions that every supported warehouse reads alike.

The engines differ: RE2 (DuckDB, BigQuery), Java's (Spark, Databricks, Trino), PostgreSQL's and Redshift's
POSIX dialects, Snowflake's. Admitted is what all of them read alike; what they could read alike if it were
written differently is rewritten (`\\d` to `[0-9]`, and `.`, which on PostgreSQL is a line break too, to
`[^\\n]`); the rest is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MOST_REPETITIONS = 255
"""PostgreSQL's DUPMAX, the lowest of the engines' limits for `{m,n}`."""

_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n\\r\\f"}
_CONTROL_ESCAPES = frozenset("tnrf")
_REPEAT = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_HINTS = {
    "b": "a word's edge as characters, such as `(^|[^a-z])`",
    "B": "a word's inside as characters",
    "A": "`^` for the start",
    "z": "`$` for the end",
    "Z": "`$` for the end",
    "p": "the characters themselves, such as `[A-Za-z]`",
    "P": "the characters themselves, such as `[^A-Za-z]`",
}


class PatternError(ValueError):
    """A pattern is not a regular expression, or the warehouses would read it differently."""

    def __init__(self, message: str, expected: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected


def portable(pattern: str) -> str:
    """The pattern as every supported warehouse reads it alike.

    Raises:
        PatternError: it is no regular expression, or holds what some warehouse cannot read.
    """
    if not pattern:
        raise PatternError("an empty pattern is found in every text", "a pattern that is not empty")
    rewritten = _Rewriter(pattern).run()
    try:
        re.compile(rewritten)
    except (re.error, RecursionError, OverflowError) as error:
        raise PatternError(f"this is not a regular expression: {error}") from error
    return rewritten


class _Rewriter:
    """Reads a pattern from left to right and writes it down portably."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.written: list[str] = []
        self.open: list[int] = []  # where groups that are not closed yet begin

    def run(self) -> str:
        steps: dict[str, Callable[[], None]] = {
            "\\": self._escape,
            ".": lambda: self._write(r"[^\n]", 1),
            "[": self._bracket,
            "(": self._group,
            "*": self._quantifier,
            "+": self._quantifier,
            "?": self._quantifier,
            "{": self._repetition,
            "|": self._alternative,
            ")": self._close,
            "}": self._stray,
            "]": self._stray,
        }
        while self.at < len(self.pattern):
            step = steps.get(self.pattern[self.at])
            if step:
                step()
            else:
                self._write(self.pattern[self.at], 1)
        if self.written and self.written[-1] == "|":
            raise PatternError("nothing follows the last `|`", "an alternative after each `|`")
        if self.open:
            message = f"the `(` at character {self.open[-1] + 1} is never closed"
            raise PatternError(message, "`)`, or `\\(` for the character")
        return "".join(self.written)

    def _write(self, text: str, read: int) -> None:
        self.written.append(text)
        self.at += read

    def _next(self, offset: int = 1) -> str:
        return self.pattern[self.at + offset : self.at + offset + 1]

    def _escape(self) -> None:
        letter = self._next()
        if letter.lower() in _CLASSES and letter:
            inverse = "^" if letter.isupper() else ""
            self._write(f"[{inverse}{_CLASSES[letter.lower()]}]", 2)
        else:
            self._write(self._plain_escape(letter), 2)

    def _plain_escape(self, letter: str) -> str:
        if not letter:
            raise PatternError("nothing follows the last backslash", "`\\\\` for a backslash")
        if letter.isdigit():
            raise PatternError(
                f"`\\{letter}` refers back to a group, which not every warehouse can", "no back-reference"
            )
        if letter.isalpha() and letter not in _CONTROL_ESCAPES:
            raise PatternError(f"not every warehouse reads `\\{letter}`", _HINTS.get(letter))
        return "\\" + letter

    def _bracket(self) -> None:
        start = self.at
        self._write("[", 1)
        if self._next(0) == "^":
            self._write("^", 1)
        first = self.at
        while self.at < len(self.pattern):
            character = self._next(0)
            if character == "]" and self.at > first:
                self._write("]", 1)
                return
            self._inside_bracket(character)
        raise PatternError(
            f"the `[` at character {start + 1} is never closed", "`]`, or `\\[` for the character"
        )

    def _inside_bracket(self, character: str) -> None:
        if character in "[]":
            raise PatternError(
                f"a `{character}` inside of `[…]` is read differently by different warehouses",
                f"`\\{character}`",
            )
        if self.pattern.startswith(("&&", "--", "~~", "||"), self.at):
            raise PatternError(f"`{self.pattern[self.at : self.at + 2]}` inside of `[…]` is read differently")
        if character != "\\":
            self._write(character, 1)
            return
        letter = self._next()
        if letter and letter in _CLASSES:
            self._write(_CLASSES[letter], 2)
        elif letter and letter.lower() in _CLASSES:
            raise PatternError(f"not every warehouse reads `\\{letter}` inside of `[…]`", "`[^…]`")
        else:
            self._write(self._plain_escape(letter), 2)

    def _group(self) -> None:
        rest = self.pattern[self.at :]
        self.open.append(self.at)
        if rest.startswith("(?:"):
            self._write("(", 3)  # groups only hold together here: nothing is captured
        elif rest.startswith(("(?=", "(?!", "(?<=", "(?<!")):
            raise PatternError("not every warehouse can look ahead or behind", "a second condition instead")
        elif rest.startswith(("(?P<", "(?<")):
            raise PatternError("not every warehouse reads groups with a name", "`(…)`")
        elif rest.startswith("(?"):
            raise PatternError(
                "not every warehouse reads flags in a pattern", "`ignore_case: true` beside it"
            )
        else:
            self._write("(", 1)

    def _quantifier(self) -> None:
        self._write(self.pattern[self.at], 1)
        self._after_quantifier()

    def _repetition(self) -> None:
        match = _REPEAT.match(self.pattern, self.at)
        if not match:
            raise PatternError(
                "a `{` that repeats nothing is read differently by different warehouses", "`\\{`"
            )
        counts = [int(count) for count in (match[1], match[3]) if count]
        if max(counts) > MOST_REPETITIONS:
            raise PatternError(f"not every warehouse repeats more than {MOST_REPETITIONS} times")
        if len(counts) == 2 and counts[0] > counts[1]:
            raise PatternError(f"`{match[0]}` repeats no number of times", "the smaller number first")
        self._write(match[0], len(match[0]))
        self._after_quantifier()

    def _after_quantifier(self) -> None:
        following = self._next(0)
        if following == "?":
            self.at += 1  # whether a text matches does not depend on how much of it is taken
        elif following and following in "*+{":
            raise PatternError(
                "not every warehouse reads two repetitions in a row", "brackets around the first"
            )

    def _alternative(self) -> None:
        if not self.written or self.written[-1] in ("|", "("):
            raise PatternError("an empty alternative is read differently by different warehouses", "`?`")
        self._write(self.pattern[self.at], 1)

    def _close(self) -> None:
        if not self.open:
            self._stray()
        self._alternative()
        self.open.pop()
        self.written[-1] = ")"

    def _stray(self) -> None:
        character = self.pattern[self.at]
        raise PatternError(
            f"a `{character}` that closes nothing is read differently by different warehouses",
            f"`\\{character}`",
        )
