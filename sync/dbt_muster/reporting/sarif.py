"""SARIF, which code scanning and editors read.

After OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from dbt_muster.reporting.remark import Remark

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
NOWHERE = "dbt_project.yml"
"""The file that stands for the project, where a remark is about no file: code scanning wants one."""


@dataclass(frozen=True)
class Explained:
    """What a viewer shows of a code.

    Attributes:
        title: a few words.
        page: where it is explained, from the repository's root.
        text: more, in Markdown.
    """

    title: str
    page: str
    text: str = ""


def sarif(remarks: Iterable[Remark], explained: Mapping[str, Explained]) -> dict[str, Any]:
    """A log of one run.

    Args:
        remarks: its results.
        explained: the codes that there can be, those without a result too.
    """
    found = list(remarks)
    others = {each.code: Explained(each.code.replace("_", " "), each.page) for each in found}
    rules = {**others, **explained}
    codes = list(rules)
    seen = Counter[str]()
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "muster",
                        "version": version("dbt-muster"),
                        "rules": [_rule(code, each) for code, each in rules.items()],
                    }
                },
                "automationDetails": {"id": "muster/check/"},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "the checked project"}}},
                "results": [_result(remark, codes.index(remark.code), seen) for remark in found],
            }
        ],
    }


def _rule(code: str, explained: Explained) -> dict[str, Any]:
    """A code; its help names the page, since a `helpUri` has to be absolute."""
    page = f"{explained.page} says more."
    text = f"{explained.text}\n\n{page}" if explained.text else page
    return {
        "id": code,
        "name": code,
        "shortDescription": {"text": explained.title},
        "fullDescription": {"text": explained.text or explained.title},
        "help": {"text": text, "markdown": text.replace(explained.page, f"`{explained.page}`")},
        "properties": {"page": explained.page},
    }


def _result(remark: Remark, index: int, seen: Counter[str]) -> dict[str, Any]:
    parts = [remark.said, *([f"SQL: {remark.fragment}"] if remark.fragment else [])]
    parts += [f"Write instead: {remark.instead}"] if remark.instead else []
    return {
        "ruleId": remark.code,
        "ruleIndex": index,
        "level": remark.level,
        "message": {"text": "\n".join(parts)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": quote(remark.file or NOWHERE, errors="surrogateescape"),
                        "uriBaseId": "%SRCROOT%",
                    },
                    "region": {"startLine": remark.line, "startColumn": remark.column},
                },
                "logicalLocations": [{"name": remark.about, "kind": "module"}],
            }
        ],
        "partialFingerprints": {"musterFinding/v1": _fingerprint(remark, seen)},
        "properties": {"dialects": list(remark.dialects), "page": remark.page},
    }


def _fingerprint(remark: Remark, seen: Counter[str]) -> str:
    """The same from run to run, also when lines above it come or go; two that are alike are numbered."""
    text = json.dumps(remark.lasting)
    seen[text] += 1
    return hashlib.sha256(f"{text}{seen[text]}".encode()).hexdigest()
