"""What a check finds, and what of it was accepted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dbt_muster.specs.codes import CODES, Level
from dbt_muster.specs.meaning import Audience, Position


@dataclass(frozen=True)
class Finding:
    """One thing about one audience that is valid, and probably not meant.

    Attributes:
        code: one of `specs.codes.CODES`.
        audience: whose spec it is in.
        position: where in that spec.
        message: one plain sentence without a full stop.
    """

    code: str
    audience: str
    position: Position
    message: str

    @property
    def level(self) -> Level:
        """How bad it is."""
        return CODES[self.code]

    @property
    def fails(self) -> bool:
        """Whether a check with it fails."""
        return self.level is not Level.NOTE

    def to_dict(self) -> dict[str, object]:
        """The machine form, for `--output json`."""
        return {
            "code": self.code,
            "level": self.level.value,
            "audience": self.audience,
            "file": self.position.file.as_posix(),
            "line": self.position.line,
            "column": self.position.column,
            "message": self.message,
            "page": f"docs/lint.md#{self.code}",
        }


def without_accepted(audience: Audience, findings: Iterable[Finding]) -> list[Finding]:
    """The findings that the spec does not accept, and a finding for each acceptance that silences nothing."""
    found = list(findings)
    accepted = {accept.finding for accept in audience.accepts}
    codes = {finding.code for finding in found}
    seen: set[str] = set()
    unused = []
    for accept in audience.accepts:
        if accept.finding not in codes:
            message = f"nothing here is a `{accept.finding}`, so there is nothing to accept"
        elif accept.finding in seen:
            message = f"`{accept.finding}` is accepted twice"
        else:
            seen.add(accept.finding)
            continue
        unused.append(Finding("unused_accept", audience.name, accept.position, message))
    return [finding for finding in found if finding.code not in accepted] + unused
