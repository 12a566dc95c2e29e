"""docs/portability-codes.md has a section for every code, and says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from dbt_muster.portability.codes import CODES
from dbt_muster.portability.findings import Finding
from dbt_muster.portability.rules import RULES
from dbt_muster.reporting.remark import of_sql
from tests.unit.portability.codes_page import PAGE, page

SOURCE = Path(__file__).resolve().parents[3] / "sync" / "dbt_muster" / "portability"


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_code_has_a_section_that_findings_name() -> None:
    sections = re.findall(r"^### (\w+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    codes = [*CODES, *dict.fromkeys(rule.code for rule in RULES)]
    assert sections == codes
    for code in codes:
        (remark,) = of_sql([Finding(code, "note", "model", "trino", "message")])
        assert remark.page == f"docs/portability-codes.md#{code}"


def test_every_code_that_is_written_in_the_source_is_listed() -> None:
    written = {
        code
        for path in SOURCE.glob("*.py")
        for code in re.findall(r'Finding\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert written
    assert written <= set(CODES)
