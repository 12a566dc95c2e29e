"""What is wrong with destinations and syncs, found before anything is opened, each at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from dbt_muster.destinations.base import Destination, SyncOptions
from dbt_muster.destinations.capabilities import STANDARD_FORMS, form_of
from dbt_muster.destinations.mistakes import Place
from dbt_muster.destinations.registry import find_type
from dbt_muster.destinations.settings import read_options, written_problems
from dbt_muster.errors import UsageError
from dbt_muster.specs.meaning import Destination as DestinationSpec
from dbt_muster.specs.meaning import Entity, Project, Sync, Trait, Type
from dbt_muster.specs.names import nearest, one_of
from dbt_muster.specs.problems import Problem, SpecErrors

_PARTS = frozenset({"initial", "birth_year", "birth_month", "birth_day"})
"""The rules that take a part of a value, which nobody can take of a hash."""


def check_destinations(project: Project, root: Path) -> None:
    """Check every destination, and every sync to one, as far as that needs no secret and no connection.

    Args:
        project: the resolved specs.
        root: the project's folder.

    Raises:
        SpecErrors: everything that is wrong.
    """
    problems = [
        problem for spec in project.destinations.values() for problem in written_problems(spec, root=root)
    ]
    for audience in project.audiences.values():
        for sync in audience.syncs:
            spec = project.destinations[sync.destination]
            try:
                kind = find_type(spec.type)
            except UsageError:
                continue  # said of the destination, or nothing is known of it here
            entity, traits = project.entities[audience.entity], project.traits.get(audience.entity, {})
            problems += sync_problems(entity, traits, sync, spec, kind, root)
    problems += shared_views(project, root)
    if problems:
        raise SpecErrors(problems)


def shared_views(project: Project, root: Path) -> Iterator[Problem]:
    """Destinations in the warehouse that would write over each other's views.

    Args:
        project: the resolved specs.
        root: the project's folder.
    """
    whose: dict[object, str] = {}
    for spec in project.destinations.values():
        try:
            kind = find_type(spec.type)
        except UsageError:
            continue  # said of the destination
        if not kind.capabilities.in_warehouse:
            continue
        prefix = spec.settings.get("prefix", kind.settings_model.model_fields["prefix"].default)
        first = whose.setdefault(prefix, spec.name)
        if first != spec.name:
            yield Place(root, spec.position, spec.positions, "").problem(
                ("prefix",),
                "shared_views",
                f"the views of {spec.name!r} would have the names of those of {first!r}",
                expected="a `prefix` of its own",
            )


def sync_problems(
    entity: Entity,
    traits: Mapping[str, Trait],
    sync: Sync,
    spec: DestinationSpec,
    kind: type[Destination],
    root: Path,
) -> list[Problem]:
    """What is wrong with one entry of an audience's `sync:`.

    Args:
        entity: what the audience's members are.
        traits: the entity's.
        sync: the entry.
        spec: the destination that it names.
        kind: the destination's type.
        root: the project's folder.
    """
    place = Place(root, sync.position, sync.positions, f"a sync to {sync.destination!r}")
    options, problems = read_options(kind, sync.destination, sync, root=root)
    if options is not None:
        problems += _traits(place, entity, traits, options)
    problems += _identifiers(place, entity, sync, spec, kind)
    problems += _hashed(place, entity, sync, spec, kind)
    if spec.settings.get("mode") == "full" and not kind.capabilities.replaces:
        at = Place(root, spec.position, spec.positions, "")
        message = f"a {spec.type} destination cannot replace an audience as a whole"
        advice = "`mode: mirror`, which keeps it exact by sending what changed"
        problems.append(at.problem(("mode",), "no_full_mode", message, expected=advice))
    if spec.consent and spec.consent not in entity.consent:
        message = (
            f"{sync.destination!r} needs consent to {spec.consent!r}, which {entity.name!r} does not declare"
        )
        advice = f"`{spec.consent}:` with a column, under `consent:` in entities.yml"
        problems.append(place.problem(("to",), "no_consent", message, expected=advice))
    return problems


def _traits(
    place: Place, entity: Entity, traits: Mapping[str, Trait], options: SyncOptions
) -> Iterator[Problem]:
    """What goes along with members are numbers."""
    numbers = [name for name, trait in traits.items() if trait.type in (Type.INTEGER, Type.NUMBER)]
    for name, trait in options.traits().items():
        if trait in numbers:
            continue
        near = nearest(trait, numbers)
        yield place.problem(
            (name.removeprefix("trait."),),
            "trait_not_a_number" if trait in traits else "unknown_trait",
            f"the trait {trait!r} is no number"
            if trait in traits
            else f"{entity.name!r} has no trait {trait!r}",
            expected=one_of(numbers) or f"a trait of {entity.name!r} that is a number",
            suggestion=f"`{near}`" if near else None,
        )


def _identifiers(
    place: Place, entity: Entity, sync: Sync, spec: DestinationSpec, kind: type[Destination]
) -> Iterator[Problem]:
    taken = kind.capabilities.identifiers
    sources = None if taken is None else {name.partition(".")[0] for name in taken}
    usable = [name for name in entity.identifiers if sources is None or name in sources]
    for name in sync.match_on:
        if name in usable:
            continue
        near = nearest(name, usable)
        known = name in entity.identifiers
        yield place.problem(
            ("match_on", name),
            "identifier_not_taken" if known else "unknown_identifier",
            f"a {spec.type} destination cannot match on {name!r}"
            if known
            else f"{entity.name!r} has no identifier {name!r}",
            expected=one_of(usable) or f"one of {', '.join(sorted(sources or ()))}, declared in entities.yml",
            suggestion=f"`{near}`" if near else None,
        )
    if usable or sources is None or sync.match_on or kind.capabilities.keyed_by == "entity_key":
        return
    yield place.problem(
        ("to",),
        "no_identifier",
        f"{entity.name!r} has no identifier that a {spec.type} destination can match on",
        expected=f"{one_of(sources)} under `identifiers:` in entities.yml",
    )


def _hashed(
    place: Place, entity: Entity, sync: Sync, spec: DestinationSpec, kind: type[Destination]
) -> Iterator[Problem]:
    """Identifiers that the destination takes in clear, or a part of, and of which there are only hashes."""
    for name in sync.match_on or entity.identifiers:
        identifier = entity.identifiers.get(name)
        if identifier is None or not identifier.hashed:
            continue
        taken = kind.capabilities.identifiers
        if taken is None and name not in STANDARD_FORMS:
            continue  # sent as it is, whatever it is
        names = [name] if taken is None else [one for one in taken if one.partition(".")[0] == name]
        forms = [form_of(kind.capabilities, one, str(spec.settings.get("hashing"))) for one in names]
        if all(form.hash == "sha256" and form.rule not in _PARTS for form in forms):
            continue
        wanted = (
            f"a part of {name!r}" if any(form.rule in _PARTS for form in forms) else f"{name!r} in clear text"
        )
        at = identifier.position
        declared = f"{at.file.as_posix()}:{at.line}" if at else "entities.yml"
        yield place.problem(
            ("match_on", name) if name in sync.match_on else ("to",),
            "identifier_hashed",
            f"{sync.destination!r} takes {wanted}, and {declared} declares its column as hashed",
            expected="a column in clear text there, or a `match_on:` without it",
        )
