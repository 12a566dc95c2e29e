"""A translated definition as the text of a spec file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import yaml

from dbt_muster.importing.translation import Imported, Spec
from dbt_muster.specs.scalars import plain_scalar


class _Dumper(yaml.SafeDumper):
    """Writes what muster reads back as the same: text that would read as something else is quoted."""

    def ignore_aliases(self, data: Any) -> bool:
        """Equal parts are written out each time."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    try:
        plain = plain_scalar(text) == text
    except ValueError:
        plain = False
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


def _number(dumper: yaml.SafeDumper, number: Decimal) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:float", format(number, "f"))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _number)


def spec_text(name: str, entity: str, description: str, imported: Imported) -> str:
    """The file of an audience.

    A translation with gaps means something else than its definition, so its audience is not enabled, and
    the gaps stand in it as comments.

    Args:
        name: the audience's name.
        entity: the entity that it is of.
        description: for people; left out where it is empty.
        imported: the translation.
    """
    spec: Spec = {"audience": name}
    if description:
        spec["description"] = description
    spec["entity"] = entity
    if imported.gaps:
        spec["enabled"] = False
    spec["criteria"] = imported.criteria
    body = yaml.dump(spec, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return "".join(f"# {line}\n" for line in _comments(imported)) + body


def _comments(imported: Imported) -> list[str]:
    lines = [f"Read as: {reading}" for reading in imported.readings]
    if imported.gaps:
        lines.append("NOT translated, so this audience is not enabled:")
        lines += [f"  {gap.path}: {gap.reason}" for gap in imported.gaps]
    return [line.replace("\n", " ") for line in lines]
