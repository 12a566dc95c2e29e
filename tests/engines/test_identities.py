"""Who is whom: the clusters of every engine are those of a search in Python, evaluation after evaluation."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from dbt_muster.plan import plan
from dbt_muster.plan.identities import rounds
from dbt_muster.plan.stub import Stub
from dbt_muster.render import Renderer
from dbt_muster.specs import load
from tests.engines.engines import Engine, Warehouse
from tests.engines.known import ENGINES
from tests.thorough import thorough

ENTITY = "entity: customer\nmodel: ref('customers')\nkey: id\n"
IDENTITY = """\
identity: person
identifiers:
  user: {}
  email: {include: ["@"], exclude: ["^none@"], ignore_case: true}
  device: {exclude: ["^0+$"]}
links:
  - {model: ref('logins'), link: [user: user_id, device: device_id]}
  - {model: ref('contacts'), link: [user: user_id, email: address]}
  - {model: ref('renamed'), link: [user: old_id, user: new_id]}
largest_cluster: 6
"""
TABLES = {
    "logins": ("user_id", "device_id"),
    "contacts": ("user_id", "address"),
    "renamed": ("old_id", "new_id"),
}
KINDS = {"logins": ("user", "device"), "contacts": ("user", "email"), "renamed": ("user", "user")}
ORDER = ("user", "email", "device")

Node = tuple[str, str]
Rows = Mapping[str, list[tuple[str | None, str | None]]]


def identifiers(kind: str, value: str | None) -> Node | None:
    """The identifier that a value is, by the spec above."""
    if not value:
        return None
    if kind == "email":
        value = value.lower()
        return (kind, value) if "@" in value and not value.startswith("none@") else None
    if kind == "device" and not value.strip("0"):
        return None
    return kind, value


def clusters(rows: Rows) -> list[frozenset[Node]]:
    """The connected parts, found by walking from identifier to identifier."""
    neighbours: dict[Node, set[Node]] = {}
    for table, pairs in rows.items():
        for pair in pairs:
            ends = [identifiers(kind, value) for kind, value in zip(KINDS[table], pair, strict=True)]
            if ends[0] and ends[1]:
                neighbours.setdefault(ends[0], set()).add(ends[1])
                neighbours.setdefault(ends[1], set()).add(ends[0])
    found, seen = [], set[Node]()
    for start in neighbours:
        part, waiting = set[Node](), [start]
        while waiting:
            node = waiting.pop()
            if node not in part:
                part.add(node)
                waiting += neighbours[node]
        if start not in seen:
            found.append(frozenset(part))
        seen |= part
    return found


class Reference:
    """The canonical keys by the rules, evaluation after evaluation."""

    def __init__(self) -> None:
        self.keys: dict[Node, Node] = {}
        self.first_canonical: dict[Node, int] = {}
        self.refused: set[int] = set()

    def evaluate(self, number: int, rows: Rows) -> None:
        """One evaluation."""
        parts = clusters(rows)
        self.refused = {len(part) for part in parts if len(part) > 6}
        self.keys = {}
        for part in (part for part in parts if len(part) <= 6):
            preferred = min(ORDER.index(kind) for kind, _ in part)
            candidates = [node for node in part if ORDER.index(node[0]) == preferred]
            canonical = min(candidates, key=lambda node: (self.first_canonical.get(node, 99), node[1]))
            self.keys |= dict.fromkeys(part, canonical)
        for canonical in self.keys.values():
            self.first_canonical.setdefault(canonical, number)


class Project:
    """The models of the identity, built on an engine again and again."""

    def __init__(self, warehouse: Warehouse, root: Path) -> None:
        self.warehouse = warehouse
        (root / "audience_specs").mkdir()
        (root / "audience_specs" / "entities.yml").write_text(ENTITY)
        (root / "audience_specs" / "identities.yml").write_text(IDENTITY)
        self.stubs = [stub for stub in plan(load(root)).stubs if stub.model and "identit" in stub.model]
        self.evaluations = 0

    def evaluate(self, rows: Rows, day: int) -> None:
        """Fill the tables, and build every model as dbt would."""
        renderer = Renderer(self.warehouse.name, variables={"muster_as_of": f"2026-01-{day:02}"})
        for table, pairs in rows.items():
            self._make(renderer, table, table_of(renderer, table, pairs))
        for stub in self.stubs:
            self._build(renderer, stub)
        self.evaluations += 1

    def _build(self, renderer: Renderer, stub: Stub) -> None:
        assert stub.model
        incremental = "incremental" in stub.text
        name = renderer.call("muster_identifier", stub.model)
        sql = renderer.model(stub.text, this=name, incremental=incremental and self.evaluations > 0)
        if incremental and self.evaluations:
            self.warehouse.run(f"insert into {name} {sql}")
        else:
            self._make(renderer, stub.model, sql)

    def _make(self, renderer: Renderer, table: str, sql: str) -> None:
        name = renderer.call("muster_identifier", table)
        # An engine serves many tests, and some of them leave their tables.
        self.warehouse.run(f"drop table if exists {name}")
        self.warehouse.run(f"create table {name} as {sql}")

    def keys(self) -> dict[Node, Node]:
        """The canonical key of each identifier."""
        found = self.warehouse.ask(
            "select identifier, value, canonical_identifier, canonical from muster_identities__person"
        )
        assert len(found) == len({row[:2] for row in found})
        return {(kind, value): (of, key) for kind, value, of, key in found}

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """The rows of a query."""
        return self.warehouse.ask(sql)


def table_of(renderer: Renderer, table: str, pairs: Iterable[tuple[str | None, str | None]]) -> str:
    """A query that gives the rows of a link's table."""
    first, second = TABLES[table]
    text = renderer.call("muster_type", "string")

    def cell(value: str | None) -> str:
        return f"cast({'null' if value is None else renderer.call('muster_string', value)} as {text})"

    rows = [f"select {cell(left)} as {first}, {cell(right)} as {second}" for left, right in pairs]
    nothing = f"select cast(null as {text}) as {first}, cast(null as {text}) as {second}"
    return " union all ".join([*rows, nothing])


def some_rows(chance: random.Random) -> Rows:
    """Links that make chains, stars and rings, with values that do not count among them."""
    users = [*(f"u{number}" for number in range(9)), None, ""]
    devices = [*(f"d{number}" for number in range(6)), "000", "it's", None]
    addresses = ["a@x", "A@x", "b@x", "none@x", "nobody", "é@x"]
    return {
        "logins": [(chance.choice(users), chance.choice(devices)) for _ in range(chance.randint(0, 7))],
        "contacts": [(chance.choice(users), chance.choice(addresses)) for _ in range(chance.randint(0, 4))],
        "renamed": [(chance.choice(users), chance.choice(users)) for _ in range(chance.randint(0, 3))],
    }


@pytest.fixture
def warehouse(engine: Engine) -> Warehouse:
    if not isinstance(engine, Warehouse):
        pytest.skip(f"{engine.name} runs no models of its own")
    if ENGINES[engine.name].slow and not thorough():
        pytest.skip(f"{engine.name} is slow: `make test-engines` asks it too")
    return engine


@pytest.mark.parametrize("seed", range(4))
def test_identifiers_have_the_keys_of_the_rules_from_evaluation_to_evaluation(
    warehouse: Warehouse, tmp_path: Path, seed: int
) -> None:
    chance, reference = random.Random(seed), Reference()  # noqa: S311 - tests repeat
    with warehouse.schema():
        project = Project(warehouse, tmp_path)
        for day in range(1, 4):
            rows = some_rows(chance)
            project.evaluate(rows, day)
            reference.evaluate(day, rows)
            assert project.keys() == reference.keys, rows
            refused = project.ask("select identifiers from muster_identity_refused__person")
            assert {row[0] for row in refused} == reference.refused


NOTHING: Rows = {"logins": [], "contacts": [], "renamed": []}


def test_a_device_that_turns_out_to_be_a_known_users_is_recorded_as_a_merge(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    with warehouse.schema():
        project = Project(warehouse, tmp_path)
        project.evaluate({**NOTHING, "renamed": [("b", "c")]}, 1)
        project.evaluate({**NOTHING, "renamed": [("b", "c"), ("a", "c")]}, 2)
        assert project.keys()["user", "a"] == ("user", "b"), "the key that was there stays"
        project.evaluate({**NOTHING, "renamed": [("b", "c"), ("a", "c"), ("x", "y")]}, 3)
        project.evaluate({**NOTHING, "renamed": [("b", "c"), ("a", "c"), ("x", "y"), ("y", "c")]}, 4)
        merges = project.ask(
            "select from_canonical, into_canonical, identifiers from muster_identity_merges__person"
        )
        assert merges == [("x", "b", 2)]


def test_an_evaluation_of_an_earlier_time_adds_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    with warehouse.schema():
        project = Project(warehouse, tmp_path)
        project.evaluate({**NOTHING, "renamed": [("a", "b")]}, 5)
        project.evaluate(NOTHING, 3)
        assert project.keys() == {("user", "a"): ("user", "a"), ("user", "b"): ("user", "a")}
        project.evaluate(NOTHING, 6)
        assert project.keys() == {}


def followed(edges: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """One round, as the macros do it."""
    parents: dict[int, int] = {}
    for cluster, neighbour in edges:
        parents[cluster] = min(parents.get(cluster, cluster), neighbour)
    for _ in range(2):
        parents = {cluster: parents[parent] for cluster, parent in parents.items()}
    return {(parents[a], parents[b]) for a, b in edges if parents[a] != parents[b]}


@pytest.mark.parametrize("size", [2, 3, 6, 10, 33, 100, 500])
def test_the_rounds_suffice_for_chains_trees_and_stars_of_any_order(size: int) -> None:
    chance = random.Random(size)  # noqa: S311 - tests repeat
    for _ in range(120 if size <= 100 else 20):
        names = chance.sample(range(size), size)
        for near in (1, 3, size):
            links = {(names[n], names[chance.randrange(max(0, n - near), n)]) for n in range(1, size)}
            edges = links | {(b, a) for a, b in links}
            for _ in range(rounds(size)):
                edges = followed(edges)
            assert not edges
