"""The models of an identity: links, identifiers, the rounds that join them up, and what comes of it.

A round replaces each cluster by the smallest of itself and its neighbours, followed four times over, and
keeps only the links between clusters that are still different. So later rounds read next to nothing, and the
number of rounds, which not every engine can decide while it runs, is fixed beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dbt_muster.plan.nodes import Node
from dbt_muster.plan.stub import SHARED, Stub, model_stub, ref, relation, relations
from dbt_muster.specs.meaning import Identity, Link


def rounds(largest_cluster: int) -> int:
    """How many rounds settle every cluster of a size.

    The clusters of a connected part are about halved by each round, at the worst; two rounds are to spare. A
    cluster that is not settled is refused and reported, so the number decides nothing about who is whom.

    Args:
        largest_cluster: the most identifiers of a cluster that matters.
    """
    return (largest_cluster - 1).bit_length() + 2


def identity_model(identity: str) -> str:
    """The model that holds the canonical key of every identifier."""
    return f"muster_identities__{identity}"


def identity_stubs(identity: Identity) -> Iterator[Stub]:
    """Every model of an identity."""
    names = _Names(identity.name)
    last = rounds(identity.largest_cluster)
    yield _links_stub(identity, names)
    yield _stub(names.nodes, "nodes", _kinds(identity), [("links", names.links)])
    yield _stub(names.round(0), "edges", {}, [("links", names.links), ("nodes", names.nodes)])
    for number in range(1, last + 1):
        yield _stub(names.round(number), "round", {}, [("before", names.round(number - 1))])
    settled = [(f"round_{number}", names.round(number)) for number in range(last + 1)]
    planned = {"rounds": last, "largest_cluster": identity.largest_cluster}
    yield _stub(names.clusters, "clusters", planned, [("nodes", names.nodes), *settled])
    yield _stub(names.changes, "changes", {}, [("clusters", names.clusters)], **_APPEND_ONLY)
    view = {"materialized": "view"}
    yield _stub(names.identities, "identities", {}, [("changes", names.changes)], **view)
    yield _stub(names.merges, "merges", {}, [("changes", names.changes)], **view)
    yield _stub(
        names.refused,
        "refused",
        {},
        [("clusters", names.clusters), ("edges", names.round(0))],
    )


def identity_entries(identity: Identity) -> Iterator[dict[str, Any]]:
    """What dbt's documentation says of the models that people read, and the tests of them."""
    names = _Names(identity.name)
    present = ["not_null"]
    yield {
        "name": names.identities,
        "description": "One row an identifier: the canonical key of the person whose it is.",
        "columns": [
            {"name": "identifier", "description": "The kind of identifier.", "data_tests": present},
            {"name": "value", "description": "Its value.", "data_tests": present},
            {"name": "canonical_identifier", "description": "The kind of the canonical key."},
            {"name": "canonical", "description": "The canonical key.", "data_tests": present},
            {"name": "since", "description": "The evaluation that found it, in UTC."},
        ],
    }
    yield {
        "name": names.changes,
        "description": "One row for each identifier that joined a person, moved to another, or left; it only "
        "grows.",
    }
    yield {
        "name": names.merges,
        "description": "One row a canonical key whose identifiers went over to another one.",
    }
    yield {
        "name": names.refused,
        "description": "One row a cluster that is too large, with its identifier of most links.",
    }


_APPEND_ONLY: dict[str, object] = {
    "materialized": "incremental",
    "incremental_strategy": "append",
    "on_schema_change": "fail",
    "full_refresh": False,
}
"""History is not made anew from what the tables hold today."""


class _Names:
    """The models of one identity."""

    def __init__(self, identity: str) -> None:
        self.links = f"muster_identity_links__{identity}"
        self.nodes = f"muster_identity_nodes__{identity}"
        self.clusters = f"muster_identity_clusters__{identity}"
        self.changes = f"muster_identity_changes__{identity}"
        self.merges = f"muster_identity_merges__{identity}"
        self.refused = f"muster_identity_refused__{identity}"
        self.identities = identity_model(identity)
        self._identity = identity

    def round(self, number: int) -> str:
        return f"muster_identity_round_{number}__{self._identity}"


def _links_stub(identity: Identity, names: _Names) -> Stub:
    kinds = {kind["name"]: kind for kind in _kinds(identity)["identifiers"]}
    planned = {"links": [_link_node(link, kinds) for link in identity.links]}
    call = f"muster_identity_links_model(identity, {_sources(identity)})"
    return model_stub(SHARED, names.links, {"identity": planned}, call, spec=_spec(identity))


def _sources(identity: Identity) -> str:
    return "[" + ", ".join(relation(link.relation) for link in identity.links) + "]"


def _link_node(link: Link, kinds: dict[str, Node]) -> Node:
    node: Node = {"ends": [kinds[name] | {"column": column} for name, column in link.ends]}
    if link.at is not None:
        at: Node = {"column": link.at.column, "type": link.at.type.value}
        node["at"] = at | ({"timezone": link.at.timezone} if link.at.timezone not in (None, "UTC") else {})
    return node


def _kinds(identity: Identity) -> Node:
    """The kinds of identifiers, in order of preference."""
    kinds = []
    for kind in identity.identifiers:
        node: Node = {"name": kind.name}
        for key, patterns in (("include", kind.include), ("exclude", kind.exclude)):
            if patterns:
                node[key] = list(patterns)
        kinds.append(node | ({"ignore_case": True} if kind.ignore_case else {}))
    return {"identifiers": kinds}


def _spec(identity: Identity) -> str:
    return identity.position.file.as_posix()


def _stub(model: str, part: str, planned: Node, reads: list[tuple[str, str]], **config: object) -> Stub:
    """A model that reads other models of the identity."""
    given = [(alias, ref(name)) for alias, name in reads]
    argument = "identity, " if planned else ""
    return model_stub(
        SHARED,
        model,
        {"identity": planned} if planned else {},
        f"muster_identity_{part}_model({argument}{relations(given)})",
        spec="audience_specs/",
        config=config or None,
        refs=tuple(name for _, name in reads),
    )
