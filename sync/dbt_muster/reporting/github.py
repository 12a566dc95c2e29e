"""Annotations in a pull request: GitHub's workflow commands.

After docs.github.com, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from collections.abc import Iterable

from dbt_muster.reporting.remark import LEVELS, Remark
from dbt_muster.specs.problems import printable

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def github(remarks: Iterable[Remark]) -> str:
    """A line for each remark, the worst first: GitHub shows no more than ten of a level for a step."""
    return "\n".join(map(_command, sorted(remarks, key=lambda remark: LEVELS.index(remark.level))))


def _command(remark: Remark) -> str:
    place = {}
    if remark.file is not None:
        place = {"file": remark.file, "line": remark.line, "col": remark.column}
    properties = {**place, "title": f"muster {remark.code}"}
    listed = ",".join(f"{name}={_property(printable(str(value)))}" for name, value in properties.items())
    lines = [remark.said]
    lines += [remark.fragment] if remark.fragment else []
    lines += [f"write instead: {remark.instead}"] if remark.instead else []
    return f"::{_COMMANDS[remark.level]} {listed}::{_data(chr(10).join(map(printable, lines)))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
