"""`muster check`: findings in specs that are valid."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbt_muster.cli.audiences import find_audiences, read_specs
from dbt_muster.cli.options import project_option
from dbt_muster.specs.problems import printable

if TYPE_CHECKING:
    from dbt_muster.lint import Finding

_FAILED = 1
_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}


@click.command("check")
@click.argument("names", nargs=-1, metavar="[AUDIENCE]...")
@click.option(
    "--output",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="What to print: text for people, json for machines, github for annotations in a pull request.",
)
@project_option
def command(names: tuple[str, ...], output: str, project_dir: Path) -> None:
    """Find what specs contradict, repeat or probably do not mean.

    Reads the specs alone: no warehouse, no dbt. Each finding has a code with a section in docs/lint.md, and
    is an error, a warning or a note. What is meant to be so is accepted in the spec:

    \b
      accept:
        - {finding: missing_counts, because: whoever gave no country is welcome}

    \b
    Examples:
      muster check
      muster check vip win_back
      muster check --output github          in a workflow of GitHub's

    Exit codes: 0 nothing but notes, 1 a finding of level warning or error, 2 a mistake in the specs or the
    call.
    """
    from dbt_muster.lint import lint

    project = read_specs(project_dir, output)
    chosen = {audience.name for audience in find_audiences(project, names)} if names else None
    findings = lint(project, chosen)
    click.echo(_PRINTED[output](findings))
    if any(finding.fails for finding in findings):
        raise SystemExit(_FAILED)


def _as_text(findings: Sequence[Finding]) -> str:
    if not findings:
        return "Nothing was found."
    lines = [printable(_line(finding)) for finding in findings]
    failing = sum(finding.fails for finding in findings)
    notes = len(findings) - failing
    counts = [f"{failing} finding{'s' * (failing != 1)}"] if failing else []
    counts += [f"{notes} note{'s' * (notes != 1)}"] if notes else []
    return "\n".join([*lines, "", f"{' and '.join(counts)}; docs/lint.md says what each code means."])


def _line(finding: Finding) -> str:
    where = f"{finding.position.file.as_posix()}:{finding.position.line}:{finding.position.column}"
    return f"{where}: {finding.level.value}: {finding.message} [{finding.code}]"


def _as_json(findings: Sequence[Finding]) -> str:
    return json.dumps({"findings": [finding.to_dict() for finding in findings]}, indent=2, ensure_ascii=False)


def _as_github(findings: Sequence[Finding]) -> str:
    """GitHub's workflow commands (docs.github.com, "Workflow commands for GitHub Actions")."""
    return "\n".join(
        f"::{_GITHUB[finding.level.value]} "
        f"file={_property(finding.position.file.as_posix())},line={finding.position.line},"
        f"col={finding.position.column},title=muster {finding.code}::{_data(finding.message)}"
        for finding in findings
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_PRINTED = {"text": _as_text, "json": _as_json, "github": _as_github}
