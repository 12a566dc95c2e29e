"""The JSON Schema of spec files: one a kind of file, and one for any of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic.json_schema import models_json_schema

from dbt_muster.specs.files import KINDS, Kind
from dbt_muster.specs.validate import MODELS

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The dialect that editors' YAML plug-ins know best."""

ANY = "spec"
"""The name of the schema that is right for every file under audience_specs."""

Schema = dict[str, object]


def schema(kind: Kind | None = None) -> Schema:
    """The JSON Schema of one kind of spec, or of any spec."""
    if kind is not None:
        return {"$schema": DIALECT, **_tidied(MODELS[kind].model_json_schema())}
    references, definitions = models_json_schema([(MODELS[each], "validation") for each in KINDS])
    return {
        "$schema": DIALECT,
        "title": "A muster spec",
        "description": "Any file under audience_specs/: an audience, a trait, an entity …",
        "oneOf": [references[MODELS[each], "validation"] for each in KINDS],
        **_tidied(definitions),
    }


def text(kind: Kind | None = None) -> str:
    """The JSON Schema of one kind of spec, or of any spec, as the text of a file."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"


def schema_files() -> dict[str, str]:
    """Every schema as a file: its name and its text."""
    files = {f"{ANY}.json": text()}
    files |= {f"{kind}.json": text(kind) for kind in KINDS}
    return dict(sorted(files.items()))


def stale(folder: Path) -> list[str]:
    """The names of the schema files in a folder that are missing or say something else."""
    return [name for name, text in schema_files().items() if _read(folder / name) != text]


def write(folder: Path) -> list[str]:
    """Writes the schema files that are missing or stale; gives their names."""
    names = stale(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in schema_files().items():
        if name in names:
            (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return names


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


def _tidied(value: Mapping[str, object]) -> Schema:
    """A schema without what pydantic adds for its own use, and with names of mappings that are binding."""
    tidy = {key: _tidied_value(key, item) for key, item in value.items() if (key, item) != ("default", None)}
    patterns = tidy.pop("patternProperties", None)
    if isinstance(patterns, dict):
        for pattern, item in patterns.items():  # there is one: the pattern of a name
            names = tidy.get("propertyNames")
            tidy["propertyNames"] = {**(names if isinstance(names, dict) else {}), "pattern": pattern}
            tidy["additionalProperties"] = item
    return tidy


def _tidied_value(key: str, value: object) -> object:
    if isinstance(value, dict) and key != "examples":
        return _tidied(value)
    if isinstance(value, list) and key != "examples":
        return [_tidied_value("", item) for item in value]
    return value
