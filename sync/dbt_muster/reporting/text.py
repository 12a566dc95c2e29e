"""What a check says to people."""

from __future__ import annotations

from collections.abc import Sequence

from dbt_muster.reporting.remark import Remark
from dbt_muster.specs.problems import printable


def line(remark: Remark) -> str:
    """A remark on one line; below it the SQL that it is about, and what to write instead."""
    where = f"{remark.file}:{remark.line}:{remark.column}: " if remark.file else ""
    lines = [f"{where}{remark.level}: {remark.said} [{remark.code}]"]
    lines += [f"    {remark.fragment}"] if remark.fragment else []
    lines += [f"    write instead: {remark.instead}"] if remark.instead else []
    return "\n".join(map(printable, lines))


def counted(remarks: Sequence[Remark]) -> str:
    """How many findings and notes there are, and where their codes are explained."""
    failing = sum(remark.level != "note" for remark in remarks)
    notes = len(remarks) - failing
    counts = [f"{failing} finding{'s' * (failing != 1)}"] if failing else []
    counts += [f"{notes} note{'s' * (notes != 1)}"] if notes else []
    pages = sorted({remark.page.split("#")[0] for remark in remarks})
    verb = "says" if len(pages) == 1 else "say"
    return f"{' and '.join(counts)}; {' and '.join(pages)} {verb} what each code means."
