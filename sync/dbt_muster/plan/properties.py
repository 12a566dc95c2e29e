"""The property files beside the stubs: descriptions, columns, data tests, contracts, exposures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from dbt_muster.plan.aliases import aliases_model
from dbt_muster.plan.audiences import standing_model
from dbt_muster.plan.features import FeatureTable, feature_column
from dbt_muster.plan.identifiers import identifiers_model, several
from dbt_muster.plan.identities import identity_entries
from dbt_muster.plan.members import has_variant, suppressed_model
from dbt_muster.plan.names import entity_model
from dbt_muster.plan.sequences import SequenceTable, in_words
from dbt_muster.plan.sources import event_sources_entry
from dbt_muster.plan.stub import AUDIENCES, MARKER, SHARED, Stub
from dbt_muster.plan.stubs import repeated_model, traits_model
from dbt_muster.specs.meaning import HOLDOUT, Aggregate, Audience, Entity, Project, Rules, Type

# The same as PyYAML's own in Python, and four times as fast, where PyYAML was built with libyaml.
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

# dbt renders descriptions as Jinja, for doc() blocks; text that comes from a spec is only ever text.
_OPENS_JINJA = re.compile(r"\{[{%#]")

_PLAIN_NAME = re.compile("[a-z_][a-z0-9_]*")

# A key of a declared type is cast to it, so its column can be promised to whoever reads the table.
_CONTRACT_TYPES = {Type.STRING: "string", Type.INTEGER: "bigint"}


def audience_properties(audience: Audience, entity: Entity, rules: Rules) -> Stub:
    """The properties of one audience's table."""
    key = _key(entity) | {"description": f"The key of a member, a {entity.name}."}
    model: dict[str, Any] = {"name": audience.name, "description": _plain(audience.description)}
    if entity.key.type in _CONTRACT_TYPES:
        key["data_type"] = _CONTRACT_TYPES[entity.key.type]
        model["config"] = {"contract": {"enforced": True}}
    model["columns"] = [key]
    if has_variant(audience, rules):
        model["columns"].append(_variant(audience, rules))
    path = AUDIENCES / f"{audience.name}.yml"
    return Stub(path, _yaml({"models": [model]}, audience.position.file.as_posix()))


def _variant(audience: Audience, rules: Rules) -> dict[str, Any]:
    split = audience.split
    names = [name for name, _ in split.variants] if split is not None else []
    names += [HOLDOUT] if rules.holdout is not None else []
    accepted = {"accepted_values": {"arguments": {"values": names}}}
    of = "of the split that the member is in" if split else "of the members that are held out of everything"
    return {
        "name": "variant",
        "description": f"The variant {of}.",
        "data_type": "string",
        "data_tests": ["not_null", accepted] if split else [accepted],
    }


def shared_properties(
    project: Project,
    tables: list[FeatureTable],
    sequences: list[SequenceTable],
    entries_of_links: list[dict[str, str]],
    models: list[str],
) -> Stub:
    """The properties of the tables that audiences share."""
    entries = [
        *_entity_entries(project, models),
        *entries_of_links,
        *map(_feature_entry, tables),
        *map(_sequence_entry, sequences),
        *(entry for identity in project.identities.values() for entry in identity_entries(identity)),
        event_sources_entry(),
        *_group_entries(project, models),
        *_standing_entries(project, models),
        *_union_entries(),
    ]
    return Stub(SHARED / "shared.yml", _yaml({"models": entries}, "audience_specs/"))


def exposures(project: Project, audiences: list[Audience]) -> Iterator[Stub]:
    """An exposure for each destination that an audience is delivered to."""
    entries = []
    for destination in project.destinations.values():
        delivered = [
            audience.name
            for audience in audiences
            if any(sync.destination == destination.name for sync in audience.syncs)
        ]
        if delivered:
            entries.append(
                {
                    "name": f"muster_{destination.name}",
                    "label": f"Audiences delivered to {destination.name}",
                    "type": "application",
                    "description": f"A destination of type {_plain(destination.type)}.",
                    "owner": {"name": "muster"},
                    "depends_on": [f"ref('{name}')" for name in delivered],
                }
            )
    if entries:
        yield Stub(
            AUDIENCES / "exposures.yml", _yaml({"exposures": entries}, "audience_specs/destinations.yml")
        )


def _entity_entries(project: Project, models: list[str]) -> Iterator[dict[str, Any]]:
    for entity in project.entities.values():
        key = _key(entity)
        if entity_model(entity.name) in models:
            description = (
                f"Every {entity.name}: its key, and the attributes, identifiers and consent that specs use."
            )
            yield {"name": entity_model(entity.name), "description": description, "columns": [key]}
        if identifiers_model(entity.name) in models:
            yield _identifiers_entry(entity)
        if aliases_model(entity.name) in models:
            yield {
                "name": aliases_model(entity.name),
                "description": f"Keys that mean another {entity.name}, one row a key.",
                "columns": [
                    {"name": "alias_key", "data_tests": ["unique", "not_null"]},
                    {"name": "canonical_key", "data_tests": ["not_null"]},
                ],
            }
        for source in entity.events:
            if repeated_model(entity.name, source) in models:
                description = f"The event that counts, for each id that {source} holds more than once."
                yield {"name": repeated_model(entity.name, source), "description": description}
        if traits_model(entity.name) in models:
            traits = project.traits[entity.name].values()
            columns = [
                key,
                *({"name": item.name, "description": _plain(item.description)} for item in traits),
            ]
            description = f"The calculated attributes of every {entity.name}."
            yield {"name": traits_model(entity.name), "description": description, "columns": columns}


def _identifiers_entry(entity: Entity) -> dict[str, Any]:
    names = [identifier.name for identifier in several(entity)]
    accepted = {"accepted_values": {"arguments": {"values": names}}}
    return {
        "name": identifiers_model(entity.name),
        "description": f"The identifiers of which a {entity.name} may have several, one row a value.",
        "columns": [
            {"name": "entity_key", "description": "The key, as text.", "data_tests": ["not_null"]},
            {"name": "identifier", "description": "Which it is.", "data_tests": ["not_null", accepted]},
            {"name": "value", "description": "The value, as text.", "data_tests": ["not_null"]},
        ],
    }


def _group_entries(project: Project, models: list[str]) -> Iterator[dict[str, Any]]:
    for entity in project.entities.values():
        rules = project.rules(entity.name)
        if suppressed_model(entity.name) in models:
            description = f"Every {entity.name} that a group suppresses: sent nowhere, in any audience."
            yield {
                "name": suppressed_model(entity.name),
                "description": description,
                "columns": [_key(entity)],
            }
        for group in rules.priorities:
            accepted = {"accepted_values": {"arguments": {"values": list(group.priority)}}}
            audience = {"name": "audience", "description": "The first audience of the list that it is in."}
            yield {
                "name": group.name,
                "description": _plain(group.description),
                "columns": [_key(entity), audience | {"data_tests": ["not_null", accepted]}],
            }


def _standing_entries(project: Project, models: list[str]) -> Iterator[dict[str, Any]]:
    for name in project.audiences:
        if standing_model(name) in models:
            description = f"What each evaluation found out about the keys of {name}: it only grows."
            yield {"name": standing_model(name), "description": description}


def _key(entity: Entity) -> dict[str, Any]:
    name = entity.key.column
    # A plain name is left to the warehouse's own rules, as muster's SQL leaves it; others dbt must quote.
    quote = {} if _PLAIN_NAME.fullmatch(name) else {"quote": True}
    return {"name": name, **quote, "data_tests": ["unique", "not_null"]}


def _feature_entry(table: FeatureTable) -> dict[str, Any]:
    place = table.place
    kind = f"{place.event} events of {place.source}" if place.event else place.source
    return {
        "name": table.model,
        "description": _plain(f"For each {table.entity} with such events: aggregates over {kind}."),
        "columns": [
            {"name": feature_column(aggregate), "description": _plain(_in_words(aggregate))}
            for aggregate in table.aggregates
        ],
    }


def _sequence_entry(table: SequenceTable) -> dict[str, Any]:
    description = f"Every {table.entity} with {in_words(table.sequence)}."
    return {"name": table.model, "description": _plain(description)}


def _in_words(aggregate: Aggregate) -> str:
    return aggregate.function if aggregate.of is None else f"{aggregate.function} of {aggregate.of.name}"


def _union_entries() -> Iterator[dict[str, Any]]:
    yield {
        "name": "muster_memberships",
        "description": "One row a member of an audience, all audiences.",
        "config": {"contract": {"enforced": True}},
        "columns": [
            _text("audience", "The audience's name."),
            _text("entity", "What its members are."),
            _text("entity_key", "The member's key, as text."),
            _text("variant", "The variant that the member is in, where there are any."),
            _text("withheld", "Why it is never sent: holdout, control, suppressed or priority; else null."),
        ],
    }
    yield {
        "name": "muster_audiences",
        "description": "One row an audience that is built.",
        "config": {"contract": {"enforced": True}},
        "columns": [
            _text("audience", "The audience's name."),
            _text("entity", "What its members are."),
            _text("owner", "Who looks after it."),
            _text("digest", "Changes when what the spec means changes, and only then."),
        ],
    }


def _text(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "data_type": "string", "description": description}


def _plain(text: str) -> str:
    return _OPENS_JINJA.sub(lambda found: f"{{{{ '{found[0]}' }}}}", text)


def _yaml(content: dict[str, Any], spec: str) -> str:
    body = yaml.dump(
        {"version": 2, **content}, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=100
    )
    return f"# {MARKER} from {spec}: edit that, not this file.\n{body}"
