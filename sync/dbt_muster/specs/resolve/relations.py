"""The dbt models and sources that specs name."""

from __future__ import annotations

import re

from dbt_muster.specs.meaning import Relation
from dbt_muster.specs.names import as_name
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.yaml_tree import YamlPath

_QUOTED = r"(?:'([^'{}]+)'|\"([^\"{}]+)\")"
_RELATION = re.compile(rf"(ref|source)\(\s*{_QUOTED}\s*(?:,\s*{_QUOTED}\s*)?\)\Z")
_RELATION_EXPECTED = "`ref('model')`, `ref('package', 'model')` or `source('source', 'table')`"
_UNSAID_RELATION = Relation("ref", ("unsaid",))


def relation(site: Site, text: str, path: YamlPath) -> Relation:
    """The dbt model or source that a text names; another one where it names none, which is reported."""
    match = _RELATION.match(text.strip())
    names = tuple(name for name in match.groups()[1:] if name) if match else ()
    if match and match[1] == "ref":
        return Relation("ref", names)
    if match and len(names) == 2:
        return Relation("source", names)
    inner = re.sub(r"\{\{\s*(.*?)\s*\}\}\Z", r"\1", text.strip())
    suggestion = None
    if inner != text.strip() and _RELATION.match(inner):
        suggestion = inner
    elif as_name(text) == text:
        suggestion = f"ref('{text}')"
    message = f"`{text}` is not a dbt model or source"
    site.report(path, "model", message, expected=_RELATION_EXPECTED, suggestion=suggestion)
    return _UNSAID_RELATION
