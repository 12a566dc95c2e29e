"""What `muster check` has found, in each of its forms."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dbt_muster.reporting.github import github
from dbt_muster.reporting.remark import Remark, gathered, of_lint, of_problem, of_sql
from dbt_muster.reporting.sarif import Explained, sarif
from dbt_muster.reporting.text import counted, line

if TYPE_CHECKING:
    from dbt_muster.cli.portability import Judged, Own
    from dbt_muster.lint import Finding as LintFinding
    from dbt_muster.specs import SpecErrors


@dataclass(frozen=True)
class Checked:
    """Everything that a check has found.

    Attributes:
        root: the dbt project's folder.
        lint: in the specs.
        judged: in the SQL of audiences; None where nobody asked.
        own: in the project's own models; None where nobody asked.
    """

    root: Path
    lint: Sequence[LintFinding]
    judged: Judged | None = None
    own: Own | None = None

    @property
    def fails(self) -> bool:
        """Whether something was found that is more than a note."""
        broken = any(finding.level == "error" for finding in (self.own.findings if self.own else ()))
        return broken or any(each.fails for each in self.lint) or bool(self.judged and self.judged.fails)

    @property
    def in_sql(self) -> list[Remark]:
        """What there is to say of SQL."""
        return gathered(
            of_sql([*(self.judged.findings if self.judged else ()), *(self.own.findings if self.own else ())])
        )

    @property
    def remarks(self) -> list[Remark]:
        """Everything that there is to say."""
        return [*map(of_lint, self.lint), *self.in_sql]

    def text(self) -> str:
        """For people: findings in specs, the table, and the reasons for what is not proved."""
        from dbt_muster.reporting.table import table

        parts = ["\n".join(line(of_lint(finding)) for finding in self.lint)]
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        if self.judged:
            parts.append(table(self.judged.verdicts, width))
            if self.judged.others:
                parts.append(table(self.judged.others, width, of="model or delivery"))
        if self.own and self.own.verdicts:
            parts.append(table(self.own.verdicts, width, of="model of your own"))
        parts.append("\n".join(map(line, self.in_sql)))
        remarks = self.remarks
        parts.append(counted(remarks) if remarks else "Nothing was found.")
        return "\n\n".join(part for part in parts if part)

    def json(self) -> str:
        """For machines."""
        report: dict[str, Any] = {"findings": [finding.to_dict() for finding in self.lint]}
        report |= {"portability": self.judged.to_dict()} if self.judged else {}
        report |= self.own.to_dict() if self.own else {}
        return json.dumps(report, indent=2, ensure_ascii=False)

    def github(self) -> str:
        """Annotations in a pull request."""
        return github(in_repository(self.remarks, self.root))

    def sarif(self) -> str:
        """A log for code scanning."""
        return _log(self.remarks, self.root)


def mistakes(errors: SpecErrors, output: str, root: Path) -> str | None:
    """The mistakes for which specs cannot be read, in the form asked for; None for that of people."""
    remarks = list(map(of_problem, errors.problems))
    match output:
        case "json":
            return json.dumps(errors.to_dict(), indent=2)
        case "github":
            return github(in_repository(remarks, root))
        case "sarif":
            return _log(remarks, root)
    return None


def in_repository(remarks: Sequence[Remark], root: Path) -> list[Remark]:
    """The remarks with files as the repository has them: the project may be one of its folders.

    Args:
        remarks: with files from the project's root.
        root: the project's root. The repository is what GitHub has checked out, elsewhere the working
            directory.
    """
    top = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    folder = root.resolve()
    if not folder.is_relative_to(top):
        return list(remarks)
    below = folder.relative_to(top)
    return [
        replace(each, file=(below / each.file).as_posix()) if each.file is not None else each
        for each in remarks
    ]


def _log(remarks: Sequence[Remark], root: Path) -> str:
    return json.dumps(sarif(in_repository(remarks, root), _explained()), indent=2, ensure_ascii=False)


def _explained() -> dict[str, Explained]:
    """Every code that a check can find."""
    from dbt_muster.portability.codes import CODES
    from dbt_muster.portability.rules import RULES
    from dbt_muster.specs.codes import TITLES

    found = {code: Explained(title, f"docs/lint.md#{code}") for code, title in TITLES.items()}
    for code, each in CODES.items():
        found[code] = Explained(each.title, f"docs/portability-codes.md#{code}", each.why)
    for rule in RULES:
        known = found.get(rule.code)
        text = "\n\n".join([*([known.text] if known else []), rule.explanation])
        title = known.title if known else rule.title
        found[rule.code] = Explained(title, f"docs/portability-codes.md#{rule.code}", text)
    return found


FORMS: Mapping[str, Callable[[Checked], str]] = {
    "text": Checked.text,
    "json": Checked.json,
    "github": Checked.github,
    "sarif": Checked.sarif,
}
"""By the name that `--output` has for each."""
