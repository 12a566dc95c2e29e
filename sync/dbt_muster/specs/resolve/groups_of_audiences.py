"""Groups: audiences of one entity in order of priority; read and checked, and not built by this version."""

from __future__ import annotations

from dbt_muster.specs.models.group import GroupSpec
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.patch import UNSAID
from dbt_muster.specs.resolve.names import find_entity
from dbt_muster.specs.resolve.scope import Catalog, Site


def check_group(site: Site, catalog: Catalog, spec: GroupSpec) -> None:
    """Reports names that a group has wrong, and that priority lists are not supported yet."""
    entity = find_entity(site, catalog, spec.entity, ("entity",))
    seen: set[str] = set()
    for index, name in enumerate(spec.priority):
        path = ("priority", index)
        known = catalog.audiences.get(name)
        if name in seen:
            site.report(path, "twice", f"the audience `{name}` stands in this list already")
        elif known is None and name != UNSAID and not catalog.excused("audience", name):
            site.report(
                path,
                "unknown_audience",
                f"there is no audience `{name}`",
                expected=one_of(catalog.audiences),
                suggestion=nearest(name, catalog.audiences),
            )
        elif known and entity and known.entity in catalog.entities and known.entity != entity.name:
            message = f"`{name}` is an audience of the entity `{known.entity}`"
            site.report(path, "other_entity", message, expected=f"an audience of `{entity.name}`")
        seen.add(name)
    if ("priority",) not in site.patches:
        message = "a priority list is not supported yet by this version of muster"
        site.report(("priority",), "not_supported_yet", message, key=True)
