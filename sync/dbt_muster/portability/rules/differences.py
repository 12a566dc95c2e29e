"""A rule: what it finds, what that means on which warehouse, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from dbt_muster.portability.rules.reading import Part, Text
from dbt_muster.render import DIALECTS

Meanings = tuple[tuple[str, tuple[str, ...]], ...]
"""What is said of some warehouses: words that an "on" can follow, and the warehouses."""


@dataclass(frozen=True)
class Found:
    """A part that a rule finds, and what there is to say of it besides what the rule says of all.

    Attributes:
        part: of the tree, or a word.
        instead: what to write, where it depends on the part.
        because: what it is about the part; it comes first in the message.
        meanings: what it means where, for a rule that has no answer of its own.
    """

    part: Part
    instead: str = ""
    because: str = ""
    meanings: Meanings = ()


@dataclass(frozen=True)
class Hit:
    """A place where a rule finds something.

    Attributes:
        code: the rule's name.
        message: what differs, and where.
        fragment: the SQL that it is about.
        instead: what to write.
        line: of the text, from 1.
        column: of that line, from 1.
    """

    code: str
    message: str
    fragment: str
    instead: str
    line: int
    column: int


Finder = Callable[[Text], Iterator[Part | Found]]


@dataclass(frozen=True)
class Rule:
    """Something that warehouses read differently, or that gives another answer at each run.

    Attributes:
        code: its name in findings; several rules may share one.
        title: a few words.
        meanings: what it means where; a warehouse of which nothing is known stands nowhere.
        instead: what to write.
        find: finds the parts of a text that it is about.
    """

    code: str
    title: str
    meanings: Meanings
    instead: str
    find: Finder

    @property
    def explanation(self) -> str:
        """What it means where, and what to write instead, as Markdown."""
        lines = [f"- {said((meaning,))}" for meaning in self.meanings]
        return "\n".join([f"{self.title}:", "", *lines, "", f"Write instead: {self.instead}."])

    def hits(self, text: Text, dialects: Collection[str]) -> Iterator[Hit]:
        """The places where it matters to some warehouses."""
        for each in self.find(text):
            found = each if isinstance(each, Found) else Found(each)
            meanings = among(found.meanings or self.meanings, dialects)
            if len(self.meanings or found.meanings) > 1 and len(meanings) < 2:
                continue
            message = said(meanings)
            if found.because:
                message = f"{found.because} ({message})"
            line, column = text.place(found.part)
            yield Hit(
                self.code, message, text.fragment(found.part), found.instead or self.instead, line, column
            )


def rule(meanings: Mapping[str, str], instead: str, *, code: str = "") -> Callable[[Finder], Rule]:
    """Make a rule of a function that finds parts; the function's name is its code, its docstring the title.

    Args:
        meanings: for each meaning the warehouses that have it, with spaces between them. One meaning alone is
            a warning for whatever warehouse; with several, the rule is about those who do not agree.
        instead: what to write.
        code: the code, where it is not the function's name.
    """

    def made(find: Finder) -> Rule:
        name = getattr(find, "__name__", code)
        title = (find.__doc__ or "").strip().rstrip(".")
        split = tuple((meaning, tuple(names.split())) for meaning, names in meanings.items())
        return Rule(code or name, title, split, instead, find)

    return made


def among(meanings: Meanings, dialects: Collection[str]) -> Meanings:
    """The meanings that some of the given warehouses have."""
    kept = ((meaning, tuple(name for name in names if name in dialects)) for meaning, names in meanings)
    return tuple((meaning, names) for meaning, names in kept if names)


def said(meanings: Meanings) -> str:
    """The meanings as a sentence."""
    return "; ".join(
        meaning if len(names) == len(DIALECTS) else f"{meaning} on {listed(names)}"
        for meaning, names in meanings
    )


def listed(names: tuple[str, ...]) -> str:
    """`a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


ALL = " ".join(DIALECTS)
"""Every warehouse, for what is the same on all."""
