"""Criteria that were asked about, as a tree: whether each holds, and what was seen behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dbt_muster.specs.meaning import MemberOf
from dbt_muster.words import Node


@dataclass(frozen=True)
class Named:
    """What a row names of another entity.

    Attributes:
        key: as text; None where the row names none.
        found: whether it is in that entity's population.
        erased: whether it is not because it was erased.
    """

    entity: str
    key: str | None
    found: bool
    erased: bool = False

    def words(self) -> str:
        """In words: `account 7`, `no account`."""
        if self.key is None:
            return f"no {self.entity}"
        if self.erased:
            return f"{self.entity} {self.key} was erased"
        return f"{self.entity} {self.key}" if self.found else f"there is no {self.entity} {self.key}"

    def to_dict(self) -> dict[str, object]:
        """As plain data."""
        return {"entity": self.entity, "key": self.key, "found": self.found, "erased": self.erased}


@dataclass(frozen=True)
class Naming:
    """Those of another entity whose rows name a key.

    Attributes:
        count: how many they are.
        meeting: for how many of them it holds.
        examples: the smallest keys for which it does.
        others: the smallest keys for which it does not.
    """

    entity: str
    count: int
    meeting: int
    examples: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def words(self) -> str:
        """How many there are, in words: `3 related, 2 meet it`."""
        if not self.count:
            return f"no related {self.entity}"
        return f"{self.count:,} related, {self.meeting:,} {_meet(self.meeting)} it"

    def examples_words(self) -> Iterator[str]:
        """Some of them, in words: `customer 1, 2 meet it`, then `customer 3 does not`."""
        failing = self.count - self.meeting
        for keys, count, said in (
            (self.examples, self.meeting, f"{_meet(self.meeting)} it"),
            (self.others, failing, f"{'does' if failing == 1 else 'do'} not"),
        ):
            if keys:
                more = " and others" if count > len(keys) else ""
                yield f"{self.entity} {', '.join(keys)}{more} {said}"

    def to_dict(self) -> dict[str, object]:
        """As plain data."""
        return {
            "entity": self.entity,
            "count": self.count,
            "meeting": self.meeting,
            "meeting_keys": list(self.examples),
            "other_keys": list(self.others),
        }


@dataclass(frozen=True)
class Verdict:
    """A criterion for one key, or for several.

    Attributes:
        node: the criterion.
        holds: what it says of the key; under `none` it should not. Of several keys, for how many it holds.
        reading: the value behind it and what was wanted, in words; None where there is no single value.
        children: those of a group, of an audience, or of what is asked of another entity.
        of: how many keys there are, where they are several.
        related: whom it asks, where that is another entity.
    """

    node: Node
    holds: int
    reading: str | None
    children: tuple[Verdict, ...] = ()
    of: int | None = None
    related: Named | Naming | None = None

    @property
    def unfolded(self) -> tuple[Verdict, ...]:
        """What stands below a line that itself says that all of it must hold."""
        return self.children if self.node.kind == "all" else (self,)

    def lines(self) -> Iterator[str]:
        """The form for people: each criterion on a line, those of a group below it."""
        lines = list(self._lines(0))
        width = max(len(mark) for mark, _ in lines)
        yield from (f"{mark:<{max(width, len('false'))}}  {text}" for mark, text in lines)

    def _lines(self, depth: int) -> Iterator[tuple[str, str]]:
        mark = ("true" if self.holds else "false") if self.of is None else f"{self.holds:,} of {self.of:,}"
        group = ":" if self.children else ""
        reading = f"  ({self.reading})" if self.reading else ""
        yield mark, f"{'  ' * depth}{self.node.text}{group}{reading}"
        for child in self.children:
            yield from child._lines(depth + 1)

    def to_dict(self) -> dict[str, object]:
        """The machine form."""
        condition = self.node.condition
        several = {} if self.of is None else {"holds_for": self.holds, "of": self.of}
        return {
            "kind": self.node.kind,
            "text": self.node.text,
            "holds": bool(self.holds) if self.of is None else None,
            **several,
            "reading": self.reading,
            **({"audience": condition.audience} if isinstance(condition, MemberOf) else {}),
            **({"related": self.related.to_dict()} if self.related else {}),
            **({"children": [child.to_dict() for child in self.children]} if self.children else {}),
        }


def _meet(count: int) -> str:
    return "meets" if count == 1 else "meet"
