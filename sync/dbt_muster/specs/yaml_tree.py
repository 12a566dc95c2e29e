"""Reading YAML so that every value keeps its place in the file.

PyYAML's C parser builds nodes with marks; this module turns them into plain values and finds a
value's place again when there is something to say about it. The C parser falls back to the Python one
where PyYAML was built without libyaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dbt_muster.specs.meaning import Position, WrittenSql
from dbt_muster.specs.problems import Problem
from dbt_muster.specs.scalars import plain_scalar

PathItem = str | int
YamlPath = tuple[PathItem, ...]

DEEPEST = 60
"""Levels of nesting that a spec may have; also what keeps the parser's own recursion from overflowing."""

MOST_VALUES = 100_000
"""Values that one document may hold after its aliases are followed: the guard against alias bombs."""

LARGEST_FILE = 2_000_000
"""Characters of the largest spec file that is read."""

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Characters that no text of a spec may hold: controls but tab and newline, and halves of surrogate pairs."""

_CONTROL_IN_FILE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # a file may end lines with CR LF
_PLAIN = "plain"
_TEXT = "text"


class _Depth:
    """PyYAML's resolver hooks: plain scalars are told from quoted ones, and nesting is counted."""

    depth = 0

    def resolve(self, _kind: object, _value: object, implicit: object) -> str:
        return _PLAIN if isinstance(implicit, tuple) and implicit[0] else _TEXT

    def descend_resolver(self, _parent: object, _index: object) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise yaml.composer.ComposerError(None, None, f"this nests more than {DEEPEST} levels deep", None)

    def ascend_resolver(self) -> None:
        self.depth -= 1


try:
    from yaml._yaml import CParser
except ImportError:  # pragma: no cover - the wheels of PyYAML all hold libyaml

    class _Reader(
        _Depth, yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser, yaml.composer.Composer
    ):
        """Composes nodes in Python, slower and with the same result."""

        def __init__(self, text: str) -> None:
            yaml.reader.Reader.__init__(self, text)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)
            yaml.composer.Composer.__init__(self)

else:

    class _Reader(_Depth, CParser):  # type: ignore[no-redef]
        """Composes nodes with libyaml."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)


@dataclass(frozen=True)
class Document:
    """One YAML document of a file: its plain value, and the places of everything in it."""

    file: Path  # relative to the project's root
    lines: Sequence[str]
    node: yaml.Node
    data: Any
    number: int  # of the file's documents, from 0

    def position(self, path: YamlPath = (), *, key: bool = False) -> Position:
        """The place of the value or the key at `path`, or of the nearest thing around one that is missing."""
        mark = self._mark(path, key)
        return Position(self.file, mark.line + 1, mark.column + 1)

    def sql(self, path: YamlPath, text: str) -> WrittenSql:
        """The text of SQL that stands at `path`, and how its lines are those of the file."""
        place = self.position(path)
        sign = self.line_text(place.line)[place.column - 1 :][:1]
        if sign in ("|", ">"):
            first = self.line_text(place.line + 1)
            return WrittenSql(text, place, block=True, margin=len(first) - len(first.lstrip()))
        return WrittenSql(text, place, margin=int(sign in ("'", '"')))

    def line_text(self, line: int) -> str:
        """The text of a line, counted from 1."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""

    def problem(
        self,
        path: YamlPath,
        code: str,
        message: str,
        *,
        expected: str | None = None,
        suggestion: str | None = None,
        key: bool = False,
    ) -> Problem:
        """A problem at the value (or, with `key`, at the key) that stands at `path`."""
        place = self.position(path, key=key)
        text = self.line_text(place.line)
        return Problem(self.file, place.line, place.column, text, code, message, expected, suggestion)

    def _mark(self, path: YamlPath, key: bool) -> yaml.Mark:
        node, mark = self.node, self.node.start_mark
        for depth, item in enumerate(path):
            found = _child(node, item)
            if found is None:
                return mark
            name, node = found
            last = depth == len(path) - 1
            empty = node.tag == _PLAIN and not node.value
            mark = name.start_mark if (last and key) or empty else node.start_mark
        return mark


def _child(node: yaml.Node, item: PathItem) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode) and name.value == item:
                return name, value
    if isinstance(node, yaml.SequenceNode) and isinstance(item, int) and item < len(node.value):
        return node.value[item], node.value[item]
    return None


class _UnreadableError(Exception):
    """The rest of a file cannot be read; holds the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_documents(file: Path, text: str) -> tuple[list[Document], list[Problem]]:
    """The documents of a spec file, as far as they can be read, and what is wrong with its YAML.

    Args:
        file: the path to report, relative to the project's root.
        text: the file's content.

    Returns:
        The documents up to the first error of syntax, and the problems: syntax, a key that stands twice,
        characters and values that no spec may hold.
    """
    lines = text.splitlines()
    documents: list[Document] = []
    problems: list[Problem] = []
    try:
        _refuse_controls(file, text, lines)
        for number, node in enumerate(_compose(file, text, lines)):
            plain = _Plain(file, lines, problems)
            documents.append(Document(file, lines, node, plain.value(node, 0), number))
    except _UnreadableError as error:
        problems.append(error.problem)
    return documents, problems


def _refuse_controls(file: Path, text: str, lines: Sequence[str]) -> None:
    if len(text) > LARGEST_FILE:
        message = f"this file is larger than {LARGEST_FILE:,} characters"
        raise _UnreadableError(Problem(file, 1, 1, "", "too_large", message))
    bad = _CONTROL_IN_FILE.search(text)
    if bad:
        line = len(text[: bad.start()].splitlines() or [""])
        if text[: bad.start()].endswith("\n"):
            line += 1
        column = bad.start() - max(text.rfind("\n", 0, bad.start()), -1)
        message = f"the character U+{ord(bad.group()):04X} is a control character, which no spec may hold"
        shown = lines[line - 1] if line <= len(lines) else ""
        raise _UnreadableError(Problem(file, line, column, shown, "control_character", message))


def _compose(file: Path, text: str, lines: Sequence[str]) -> Iterator[yaml.Node]:
    reader = _Reader(text)
    try:
        while reader.check_node():
            node = reader.get_node()
            if node is not None:
                yield node
    except yaml.MarkedYAMLError as error:
        raise _UnreadableError(_syntax_problem(file, lines, error)) from error
    except yaml.YAMLError as error:
        raise _UnreadableError(Problem(file, 1, 1, "", "syntax", f"this is not YAML: {error}")) from error
    finally:
        reader.dispose()


def _syntax_problem(file: Path, lines: Sequence[str], error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if line > len(lines) and lines:
        line, column = len(lines), len(lines[-1]) + 1
    said = error.problem or "it cannot be parsed"
    context = f" {error.context}" if error.context else ""
    if error.context and error.context_mark and error.context_mark.line + 1 != line:
        context += f" that starts in line {error.context_mark.line + 1}"
    shown = lines[line - 1] if lines else ""
    message = f"this is not valid YAML: {said}{context}"
    return Problem(file, line, column, shown, "syntax", message, _syntax_advice(said, shown))


def _syntax_advice(said: str, line: str) -> str | None:
    if "tab" in said or "\\t" in said or (line.startswith("\t") and "cannot start any token" in said):
        return "spaces: YAML indents with spaces, never with tabs"
    if "cannot start any token" in said:
        return "quotes around a text that starts with a special character"
    if "mapping values are not allowed" in said:
        return "quotes around a text that holds `: `, or a key on its own line"
    return None


class _Plain:
    """Turns one document's nodes into plain values, and collects what is wrong with them."""

    def __init__(self, file: Path, lines: Sequence[str], problems: list[Problem]) -> None:
        self.file = file
        self.lines = lines
        self.problems = problems
        self.count = 0

    def value(self, node: yaml.Node, depth: int) -> object:
        self.count += 1
        if self.count > MOST_VALUES:
            raise _UnreadableError(self._problem(node, "too_large", _TOO_MANY))
        if depth > DEEPEST:  # nodes cannot nest this deep, so an alias stands inside what it names
            raise _UnreadableError(
                self._problem(node, "too_large", "this alias stands for something that holds it")
            )
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if node.tag not in (_PLAIN, _TEXT):
            self._refuse_tag(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        return [self.value(item, depth + 1) for item in node.value]

    def _scalar(self, node: yaml.ScalarNode) -> object:
        text: str = node.value
        if node.tag == _PLAIN:
            try:
                return plain_scalar(text)
            except ValueError as error:
                self.problems.append(self._problem(node, "number", str(error)))
                return 0  # any number will do, so that nothing else is said about this value
        if node.tag != _TEXT:
            self._refuse_tag(node)
        bad = CONTROL.search(text)
        if bad:
            message = (
                f"this text holds the control character U+{ord(bad.group()):04X}, which no spec may hold"
            )
            self.problems.append(self._problem(node, "control_character", message))
        return text

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, object]:
        mapping: dict[str, object] = {}
        for name, value in node.value:
            if not isinstance(name, yaml.ScalarNode):
                self.problems.append(self._problem(name, "key", "a key must be a plain word"))
                continue
            key: str = name.value
            if key in mapping:
                first = _child(node, key)
                line = first[0].start_mark.line + 1 if first else 0
                message = f"the key `{key}` stands twice; it is already in line {line}"
                self.problems.append(self._problem(name, "duplicate_key", message, "each key once"))
                continue
            if name.tag == _TEXT and CONTROL.search(key):
                self.problems.append(
                    self._problem(name, "control_character", "a key holds a control character")
                )
            mapping[key] = self.value(value, depth + 1)
        return mapping

    def _refuse_tag(self, node: yaml.Node) -> None:
        message = f"the YAML tag `{node.tag}` is not read; a spec holds text, numbers, true and false"
        self.problems.append(self._problem(node, "tag", message, "the value without a tag"))

    def _problem(self, node: yaml.Node, code: str, message: str, expected: str | None = None) -> Problem:
        mark = node.start_mark
        text = self.lines[mark.line] if mark.line < len(self.lines) else ""
        return Problem(self.file, mark.line + 1, mark.column + 1, text, code, message, expected)


_TOO_MANY = f"this document holds more than {MOST_VALUES:,} values once its aliases are followed"
