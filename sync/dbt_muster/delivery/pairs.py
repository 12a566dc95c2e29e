"""Which audiences go to which destinations: selection, and the checks that need no warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from dbt_muster.delivery.identifiers import SentIdentifier, sent_identifiers
from dbt_muster.destinations import Destination, SyncOptions, open_destination
from dbt_muster.destinations.checking import shared_views, sync_problems
from dbt_muster.destinations.settings import check_options
from dbt_muster.errors import UsageError
from dbt_muster.plan.identifiers import identifiers_model
from dbt_muster.plan.links import sync_where_model
from dbt_muster.plan.members import suppressed_model
from dbt_muster.plan.names import entity_model
from dbt_muster.plan.stubs import traits_model
from dbt_muster.specs.meaning import CONTROL, Audience, Entity, Project, Rules, Sync
from dbt_muster.specs.meaning import Destination as DestinationSpec
from dbt_muster.specs.problems import Problem, SpecErrors

Ending = Literal["keep", "hold", "empty", "delete"]


@dataclass(frozen=True)
class Pair:
    """One audience and one destination that it is synced to.

    Attributes:
        ending: `keep` for an audience that is synced. Of one that no longer is, `hold` leaves it there as it
            is, but for who is erased; `empty` and `delete` do as they say.
    """

    audience: Audience
    entity: Entity
    sync: Sync
    spec: DestinationSpec
    destination: Destination
    rules: Rules = field(default_factory=Rules)
    exported: tuple[str, ...] = ()
    """The identifiers of all audiences that are synced to the destination."""
    ending: Ending = "keep"

    @property
    def name(self) -> str:
        """How the pair is selected and reported."""
        return f"{self.audience.name}:{self.spec.name}"

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The identifiers that are sent, in the order of `match_on`, else in the entity's."""
        return tuple(sent.name for sent in self._sent)

    @property
    def match_on(self) -> str:
        """The identifiers that are sent, as runs record them: divided by commas, `[]` after one in lists."""
        return ",".join(sent.shape for sent in self._sent)

    @property
    def _sent(self) -> tuple[SentIdentifier, ...]:
        return sent_identifiers(self.entity, self.sync.match_on, self.destination)

    @property
    def options(self) -> SyncOptions:
        """What the entry of `sync:` says besides, checked against the destination's type."""
        return check_options(self.destination, self.sync)

    @property
    def on_delete(self) -> str:
        """What becomes of the audience at the destination when it is no longer synced there."""
        return self.options.on_delete

    @property
    def variants(self) -> tuple[str, ...]:
        """The variants of the audience's split that are sent; empty where it has none."""
        split = self.audience.split
        if split is None or self.sync.variants:
            return self.sync.variants
        return tuple(name for name, _ in split.variants if name != CONTROL)

    @property
    def models(self) -> dict[str, str]:
        """The dbt models that its delivery reads, by the names that the macros know them by."""
        entity = entity_model(self.entity.name)
        several = any(sent.identifier.most is not None for sent in self._sent)
        values = {"identifiers": identifiers_model(self.entity.name)} if several else {}
        if self.ending != "keep":
            # The audience has no table any more, and nobody of it is wanted.
            return {"audience": entity, "entity": entity, **values}
        models = {"audience": self.audience.name, "entity": entity, **values}
        if self._traits:
            models["traits"] = traits_model(self.entity.name)
        if self.rules.suppress:
            models["suppressed"] = suppressed_model(self.entity.name)
        if where := sync_where_model(self.audience, self.sync):
            models["where"] = where
        return models | {f"group {name}": name for name in self.rules.lists_of(self.audience.name)}

    @property
    def _traits(self) -> Mapping[str, str]:
        """The traits whose values go along with each member, by the names that they are sent by."""
        return self.options.traits() if self.ending == "keep" else {}

    def _withholding(self) -> dict[str, object]:
        """What the groups of the entity say of the audience: their tables go by their names in `models`."""
        return {
            "holdout": self.rules.holdout is not None,
            "suppressed": "suppressed" if self.rules.suppress else None,
            "priorities": [f"group {name}" for name in self.rules.lists_of(self.audience.name)],
        }

    def request(self) -> dict[str, object]:
        """What the macros that plan the pair's delivery are told."""
        capabilities = self.destination.capabilities
        return {
            "destination": self.spec.name,
            "audience": self.audience.name,
            "entity": self.entity.name,
            "nobody": self.ending != "keep",
            "key": self.entity.key.column,
            "keyed_by": capabilities.keyed_by,
            "consent": self.spec.consent,
            "variants": list(self.variants),
            "where": "where" if self.sync.where is not None else None,
            **self._withholding(),
            "match_on": self.match_on,
            "identifiers": [sent.planned(place) for place, sent in enumerate(self._sent, 1)],
            "traits": [{"name": name, "trait": trait} for name, trait in self._traits.items()],
            "needs_identifier": bool(self.sync.match_on) or capabilities.keyed_by == "fingerprint",
            "batch_size": self.destination.batch_size,
            "snapshot": self.destination.mode == "full",
            "forgets": capabilities.forgets,
            "removes_later": capabilities.removes_later,
            # Of an audience that ends nobody stays, also where who left did.
            "add_only": self.destination.settings.mode == "add_only" and self.ending == "keep",
        }


def select_pairs(project: Project, selectors: Sequence[str] = (), *, root: Path) -> list[Pair]:
    """The pairs that are to be synced, each checked as far as it can be without the warehouse.

    Args:
        project: the resolved specs.
        selectors: `audience`, `audience:destination` or `tag:name`, joined by "or"; none is everything.
        root: the folder that relative paths of destinations start from.

    Raises:
        UsageError: a selector that matches nothing.
        SpecErrors: destinations or syncs that cannot be used as they are written; everything that is wrong.
    """
    entries = [
        (audience, sync)
        for audience in project.audiences.values()
        if audience.enabled
        for sync in audience.syncs
    ]
    for selector in selectors:
        if not any(_matches(selector, audience, sync) for audience, sync in entries):
            raise UsageError(_nothing_selected(selector, entries, project))
    chosen = [entry for entry in entries if not selectors or any(_matches(one, *entry) for one in selectors)]
    destinations = _opened([project.destinations[sync.destination] for _, sync in chosen], root)
    pairs, problems = [], list(destinations.problems)
    for audience, sync in chosen:
        spec, entity = project.destinations[sync.destination], project.entities[audience.entity]
        destination = destinations.by_name.get(spec.name)
        if destination is None:
            continue
        traits = project.traits.get(entity.name, {})
        problems += sync_problems(entity, traits, sync, spec, type(destination), root)
        pairs.append(Pair(audience, entity, sync, spec, destination, project.rules(audience.entity)))
    problems += shared_views(project, root)
    if problems:
        raise SpecErrors(problems)
    return [replace(pair, exported=_exported(project, entries, pair.destination)) for pair in pairs]


def _exported(
    project: Project, entries: Sequence[tuple[Audience, Sync]], destination: Destination
) -> tuple[str, ...]:
    """The identifiers of every audience that is synced to a destination, whichever of them is selected."""
    names = [
        name
        for audience, sync in entries
        if sync.destination == destination.name
        for name in sync.match_on or project.entities[audience.entity].identifiers
    ]
    return tuple(dict.fromkeys(names))


@contextmanager
def connected(pairs: Iterable[Pair]) -> Iterator[None]:
    """Keep the connection to each destination, and its rate, over all that is done with some pairs."""
    with ExitStack() as kept:
        for destination in {id(pair.destination): pair.destination for pair in pairs}.values():
            kept.enter_context(destination.connected())
        yield


@dataclass
class _Opened:
    """The destinations that can be used, and what is wrong with the others."""

    by_name: dict[str, Destination] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def _opened(specs: Sequence[DestinationSpec], root: Path) -> _Opened:
    opened = _Opened()
    for spec in {spec.name: spec for spec in specs}.values():
        try:
            opened.by_name[spec.name] = open_destination(spec, root=root)
        except SpecErrors as errors:
            opened.problems += errors.problems
    return opened


def _matches(selector: str, audience: Audience, sync: Sync) -> bool:
    if selector.startswith("tag:"):
        return selector.removeprefix("tag:") in audience.tags
    return selector in (audience.name, f"{audience.name}:{sync.destination}")


def _nothing_selected(selector: str, entries: Sequence[tuple[Audience, Sync]], project: Project) -> str:
    names = {audience.name for audience, _ in entries}
    names |= {f"{audience.name}:{sync.destination}" for audience, sync in entries}
    names |= {f"tag:{tag}" for audience, _ in entries for tag in audience.tags}
    name = selector.partition(":")[0]
    synced_to = [sync.destination for audience, sync in entries if audience.name == name]
    near = get_close_matches(selector, sorted(names), 1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    if synced_to and not (near and ":" in near[0]):
        hint = f" {name!r} is synced to {', '.join(synced_to)}."
    elif not synced_to and name in project.audiences:
        has = "has no `sync:`" if project.audiences[name].enabled else "is disabled (`enabled: false`)"
        hint = f" {name!r} {has}."
    return (
        f"--select {selector}: no enabled audience with a `sync:` matches.{hint} Select by audience, "
        "audience:destination or tag:name."
    )
