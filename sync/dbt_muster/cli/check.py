"""`muster check`: findings in specs that are valid."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbt_muster.cli import portability
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
@click.option(
    "--dialects",
    metavar="NAMES",
    help="Judge the SQL too, for these warehouses: `all`, or names with commas between them.",
)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="NAME",
    help="Judge this dbt model of your own too, by its compiled SQL. May be given several times.",
)
@project_option
def command(
    names: tuple[str, ...], output: str, dialects: str | None, models: tuple[str, ...], project_dir: Path
) -> None:
    """Find what specs contradict, repeat or probably do not mean, and whether their SQL is portable.

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
      muster check --dialects snowflake,bigquery
      muster check --model fct_orders       after `dbt compile`

    With --dialects the models are written for each of these warehouses, read by sqlglot, moved to DuckDB and
    run there on made-up rows, beside what muster writes for DuckDB itself; docs/portability.md says more.

    Exit codes: 0 nothing but notes, 1 a finding of level warning or error, or SQL that fails, 2 a mistake in
    the specs or the call.
    """
    from dbt_muster.lint import lint

    project = read_specs(project_dir, output)
    chosen = {audience.name for audience in find_audiences(project, names)} if names else None
    findings = lint(project, chosen)
    judged = portability.judged(project, chosen, dialects, project_dir) if dialects else None
    own = portability.own_findings(project_dir, models)
    if output == "json":
        report = json.loads(_as_json(findings)) | ({"portability": judged.to_dict()} if judged else {})
        report |= {"models": [portability.plain(finding) for finding in own]} if models else {}
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        click.echo(_PRINTED[output](findings))
        if judged:
            click.echo(judged.text() if output == "text" else judged.github())
        for finding in own:
            click.echo(portability.line(finding))
    failed = any(finding.level == "error" for finding in own) or (judged and judged.fails)
    if failed or any(finding.fails for finding in findings):
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
