"""The parts of SARIF 2.1.0's schema that a log of muster's uses, as strict as the standard is about them.

From OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", sections 3.13 to 3.49: the
properties that each object may have, those that it must have, and the values that they may take.
"""

from __future__ import annotations

from typing import Any


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


_TEXT = {"type": "string"}
_MESSAGE = _object(["text"], text={"type": "string", "minLength": 1}, markdown=_TEXT)
_BAG = {"type": "object"}
_LINE = {"type": "integer", "minimum": 1}
_LOCATION = _object(
    [],
    physicalLocation=_object(
        ["artifactLocation"],
        artifactLocation=_object([], uri={"type": "string", "format": "uri-reference"}, uriBaseId=_TEXT),
        region=_object([], startLine=_LINE, startColumn=_LINE),
    ),
    logicalLocations={"type": "array", "items": _object([], name=_TEXT, kind=_TEXT)},
)
_RESULT = _object(
    ["message"],
    ruleId=_TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level={"enum": ["none", "note", "warning", "error"]},
    message=_MESSAGE,
    locations={"type": "array", "items": _LOCATION},
    partialFingerprints={"type": "object", "additionalProperties": _TEXT},
    properties=_BAG,
)
_RULE = _object(
    ["id"],
    id=_TEXT,
    name=_TEXT,
    shortDescription=_MESSAGE,
    fullDescription=_MESSAGE,
    help=_MESSAGE,
    helpUri={"type": "string", "format": "uri"},
    properties=_BAG,
)
_RUN = _object(
    ["tool"],
    tool=_object(
        ["driver"],
        driver=_object(
            ["name"], name=_TEXT, version=_TEXT, rules={"type": "array", "items": _RULE, "uniqueItems": True}
        ),
    ),
    automationDetails=_object([], id=_TEXT),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    originalUriBaseIds={"type": "object", "additionalProperties": _object([], description=_MESSAGE)},
    results={"type": "array", "items": _RESULT},
)
SCHEMA = _object(
    ["version", "runs"],
    **{
        "$schema": {"type": "string", "format": "uri"},
        "version": {"enum": ["2.1.0"]},
        "runs": {"type": "array", "minItems": 1, "items": _RUN},
    },
)
