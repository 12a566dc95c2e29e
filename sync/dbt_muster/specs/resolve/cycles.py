"""Audiences that refer to each other in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def cycles(references: Mapping[str, Mapping[str, object]]) -> Iterator[list[str]]:
    """Each circle of names once, from its first name in alphabetical order on.

    Args:
        references: for each name the names that it refers to.
    """
    done: set[str] = set()
    for start in sorted(references):
        trail: list[str] = []
        stack = [(start, iter(sorted(references[start])))]
        if start in done:
            continue
        trail.append(start)
        while stack:
            name, following = stack[-1]
            step = next(following, None)
            if step is None:
                done.add(name)
                trail.pop()
                stack.pop()
            elif step in trail:
                circle = trail[trail.index(step) :]
                first = circle.index(min(circle))
                yield circle[first:] + circle[:first]
            elif step in references and step not in done:
                trail.append(step)
                stack.append((step, iter(sorted(references[step]))))


def in_order(references: Mapping[str, Mapping[str, object]]) -> list[str]:
    """All names, each after those that it refers to; there must be no circle."""
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        stack = [(name, iter(sorted(references.get(name, ()))))]
        while stack:
            current, following = stack[-1]
            step = next((name for name in following if name not in ordered), None)
            if step is None:
                ordered.setdefault(current)
                stack.pop()
            else:
                stack.append((step, iter(sorted(references.get(step, ())))))

    for name in sorted(references):
        visit(name)
    return list(ordered)
