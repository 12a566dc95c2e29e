"""Splits: shares of an audience by hash, and which of them a sync takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from dbt_muster.specs.meaning import CONTROL, HOLDOUT, SLOTS, Split
from dbt_muster.specs.models.audience import SplitSpec
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.resolve.scope import Site
from dbt_muster.specs.yaml_tree import YamlPath

_NAME = re.compile("[a-z][a-z0-9_]*")
_PATH: YamlPath = ("split",)


def resolve_split(site: Site, audience: str, spec: SplitSpec) -> Split:
    """A split in slots; shares that are not a whole are reported."""
    shares = {name: slots_of(share) for name, share in (spec.model_extra or {}).items()}
    for name, slots in shares.items():
        if not _NAME.fullmatch(name):
            message = f"`{name}` cannot be the name of a variant"
            site.report((*_PATH, name), "name", message, expected="a name in lower case", key=True)
        if name == HOLDOUT:
            message = f"`{HOLDOUT}` is the variant of those whom a group holds out of everything"
            expected = "another name; `control` is never sent"
            site.report((*_PATH, name), "name", message, expected=expected, suggestion=CONTROL, key=True)
        if not slots and (*_PATH, name) not in site.patches:
            message = f"nobody would be in the variant `{name}`"
            site.report((*_PATH, name), "split", message, expected="a share of the members")
    total = sum(shares.values())
    if total != SLOTS and _PATH not in site.patches:
        percent = format((Decimal(total) / 100).normalize(), "f")
        site.report(_PATH, "split", f"the shares add up to {percent}%", expected="100% in all", key=True)
    return Split(spec.salt or audience, tuple(shares.items()))


def check_variants(site: Site, split: Split | None, variants: Sequence[str], path: YamlPath) -> None:
    """Report variants of a sync that the split does not have, and the control, which is never sent."""
    if any(taken[:1] == _PATH for taken in site.patches.values):
        return  # what the split lacks has been reported
    known = [] if split is None else [name for name, _ in split.variants if name != CONTROL]
    for index, name in enumerate(variants):
        if name == CONTROL:
            message = f"`{CONTROL}` is held out of every sync"
            site.report((*path, index), "split", message, expected=one_of(known) or "another variant")
        elif name not in known:
            message = f"the split has no variant `{name}`" if split else "this audience has no `split:`"
            expected = one_of(known) or "a `split:` with that variant"
            site.report((*path, index), "split", message, expected=expected, suggestion=nearest(name, known))


def slots_of(share: str) -> int:
    """A percentage as slots; nothing where it is wrong, which has been reported."""
    try:
        return int(Decimal(share.removesuffix("%")) * 100)
    except (ArithmeticError, AttributeError):
        return 0
