"""Reads an XML Schema's types as JSON Schema, for services whose JSON has the members that their XML has."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

_XS = "{http://www.w3.org/2001/XMLSchema}"
_SIMPLE: dict[str, dict[str, Any]] = {
    "xs:string": {"type": "string"},
    "xs:boolean": {"type": "boolean"},
    # Whole numbers of 64 bits may stand in quotes, since not every reader of JSON can hold them.
    "xs:long": {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^-?[0-9]+$"}]},
    "xs:int": {"type": "integer"},
}


def json_schemas(path: Path) -> dict[str, dict[str, Any]]:
    """The schema of every named type and element of a file, by name.

    Members that the file does not name are not allowed. What XML wraps a list's items in is not there in
    JSON.

    Args:
        path: a file that we wrote ourselves, so that its XML can be trusted.
    """
    root = ElementTree.parse(path).getroot()  # noqa: S314 - a file of this repository
    return {str(each.get("name")): _schema(each) for each in root}


def _schema(node: ElementTree.Element) -> dict[str, Any]:
    values = [each.get("value") for each in node.iter(f"{_XS}enumeration")]
    if values:
        return {"enum": values}
    extension = node.find(f".//{_XS}extension")
    if extension is not None and not list(extension.iter(f"{_XS}element")):
        return {"$ref": f"#/$defs/{extension.get('base')}"}
    members = list(node.iter(f"{_XS}element"))
    members = members[1:] if node.tag == f"{_XS}element" else members
    if len(members) == 1 and members[0].get("maxOccurs") == "unbounded":
        return {"type": "array", "items": _member(members[0])}
    return {
        "type": "object",
        "properties": {str(each.get("name")): _member(each) for each in members},
        "required": [each.get("name") for each in members if each.get("minOccurs") != "0"],
        "additionalProperties": False,
    }


def _member(node: ElementTree.Element) -> dict[str, Any]:
    kind = str(node.get("type"))
    schema = _SIMPLE[kind] if kind.startswith("xs:") else {"$ref": f"#/$defs/{kind}"}
    return {"anyOf": [schema, {"type": "null"}]} if node.get("nillable") == "true" else schema
