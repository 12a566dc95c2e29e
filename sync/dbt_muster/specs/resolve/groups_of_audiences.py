"""Groups: the audiences that they name, their holdouts, and the tables that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dbt_muster.specs.meaning import SLOTS, Group, Holdout
from dbt_muster.specs.models.group import GroupSpec, HoldoutSpec
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.patch import UNSAID
from dbt_muster.specs.resolve.names import find_entity
from dbt_muster.specs.resolve.scope import Catalog, EntityScope, Site
from dbt_muster.specs.resolve.splits import slots_of

_RULES = ("priority", "holdout", "suppress")


def resolve_group(site: Site, catalog: Catalog, spec: GroupSpec, others: Mapping[str, Group]) -> Group:
    """A group; what it has wrong is reported.

    Args:
        site: its document.
        catalog: what there is to refer to.
        spec: what it says.
        others: the groups that are resolved already.
    """
    entity = find_entity(site, catalog, spec.entity, ("entity",))
    _check_name(site, catalog, spec, entity)
    if spec.model_fields_set.isdisjoint(_RULES) and () not in site.patches:
        site.report((), "no_rule", "this group says nothing of its audiences", expected=one_of(_RULES))
    for key in ("priority", "suppress"):
        _check_audiences(site, catalog, entity, key, getattr(spec, key) or ())
    return Group(
        name=spec.group,
        entity=spec.entity,
        description=spec.description or "",
        priority=tuple(spec.priority or ()),
        holdout=_holdout(site, spec, others),
        suppress=tuple(spec.suppress or ()),
        position=site.document.position(),
    )


def _check_name(site: Site, catalog: Catalog, spec: GroupSpec, entity: EntityScope | None) -> None:
    if spec.group.startswith("muster_"):
        message = "names that begin with `muster_` are those of muster's own tables"
        site.report(("group",), "name", message, suggestion=spec.group.removeprefix("muster_"))
    if spec.group in catalog.audiences:
        message = f"`{spec.group}` is an audience, and a group's table has the group's name"
        site.report(("group",), "name", message, expected="another name")
    if spec.priority and entity is not None and entity.key.column.lower() == "audience":
        message = f"`{entity.key.column}` is the key of `{entity.name}`, and a group has a column `audience`"
        site.report(("priority",), "name", message, expected="a key of another name", key=True)


def _check_audiences(
    site: Site, catalog: Catalog, entity: EntityScope | None, key: str, names: Sequence[str]
) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        path = (key, index)
        known = catalog.audiences.get(name)
        if name in seen:
            message = f"the audience `{name}` stands in this list already"
            site.report(path, "twice", message, expected="each audience once")
        elif known is None and name != UNSAID and not catalog.excused("audience", name):
            site.report(
                path,
                "unknown_audience",
                f"there is no audience `{name}`",
                expected=one_of(catalog.audiences) or "an audience under audience_specs/audiences",
                suggestion=nearest(name, catalog.audiences),
            )
        elif known and entity and known.entity in catalog.entities and known.entity != entity.name:
            message = f"`{name}` is an audience of the entity `{known.entity}`"
            site.report(path, "other_entity", message, expected=f"an audience of `{entity.name}`")
        elif known and not known.enabled:
            message = f"the audience `{name}` is switched off (`enabled: false`), so it has no members"
            site.report(path, "disabled_audience", message, expected="an audience that is built")
        seen.add(name)


def _holdout(site: Site, spec: GroupSpec, others: Mapping[str, Group]) -> Holdout | None:
    if spec.holdout is None:
        return None
    first = next((one for one in others.values() if one.holdout and one.entity == spec.entity), None)
    if first is not None:
        message = f"`{spec.entity}` has a holdout already, in the group `{first.name}`"
        site.report(("holdout",), "twice", message, expected="one holdout an entity", key=True)
    if isinstance(spec.holdout, HoldoutSpec):
        path: tuple[str, ...] = ("holdout", "share")
        share, salt = spec.holdout.share, spec.holdout.salt or spec.group
    else:
        path, share, salt = ("holdout",), spec.holdout, spec.group
    slots = slots_of(share)
    if not 0 < slots < SLOTS:
        message = f"{share} would hold out {'everybody' if slots else 'nobody'}"
        site.report(path, "split", message, expected="a share of the entity, such as `5%`")
    return Holdout(salt, slots)
