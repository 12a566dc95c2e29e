"""Whole worlds: specs first, then data that lies on the edges of the specs' windows and has their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from tests.oracle.strategies import audiences as of_audiences
from tests.oracle.strategies import data, expressions, moments, words
from tests.oracle.strategies.dice import Dice
from tests.oracle.strategies.events import calculation
from tests.oracle.strategies.vocabulary import Condition, Shape, Vocabulary
from tests.oracle.world import Cell, Table, World

_ATTRIBUTES = {
    "country": "string",
    "city": "string",
    "age": "integer",
    "score": "number",
    "active": "boolean",
    "verified": "boolean",
    "birthday": "date",
    "joined_on": "date",
    "signed_up_at": "timestamp",
    "seen_at": "timestamp",
    "renews_at": "timestamptz",
    "labels": "list",
}
_IN_JSON: Mapping[str, dict[str, Any]] = {
    "plan": {"path": "profile.plan", "type": "string"},
    "level": {"path": ["profile", "a.b"], "type": "integer"},
    "grade": {"path": "profile.school.grade", "type": "number"},
    "opted": {"path": ["profile", "opted in"], "type": "boolean"},
    "born": {"path": "profile.born", "type": "date"},
    "met_at": {"path": "profile.school.met_at", "type": "timestamp"},
    "hobbies": {"path": "profile.hobbies", "type": "list"},
}
_HOME = {"home": {"type": "location", "latitude": "home_latitude", "longitude": "home_longitude"}}
_ORDER_PROPERTIES = {
    "status": "string",
    "note": "string",
    "amount": "number",
    "items": "integer",
    "gift": "boolean",
    "due_at": "timestamp",
    "due_on": "date",
}
_APP_PROPERTIES = {"screen": "string", "seconds": "integer"}
_APP_IN_JSON = {"mood": {"path": "payload.mood", "type": "string"}}
_ACCOUNT = {"tier": "string", "seats": "integer", "opened_at": "timestamp"}
_TIMES: tuple[dict[str, str], ...] = (
    {},
    {"type": "timestamptz"},
    {"type": "timestamp", "timezone": "America/New_York"},
    {"type": "timestamp", "timezone": "Europe/London"},
    {"type": "date"},
)
_NOT_SAID = ("date", "timestamptz")
"""The types that must be declared, since it takes a zone to read their values."""


@st.composite
def worlds(
    draw: st.DrawFn, *, audiences: int = 12, only: tuple[str, ...] = (), accounts: bool = False
) -> World:
    """A world with one to `audiences` audiences, of which later ones may refer to earlier ones.

    Args:
        draw: hypothesis's.
        audiences: how many at most; many in one world cost an engine little more than one.
        only: the kinds of conditions that there are; none says all.
        accounts: whether there always are accounts that people belong to, and not just now and then.
    """
    dice = Dice(draw)
    return _Maker(dice, moments.clock(dice), dice.pick(("integer", "string"))).world(
        audiences, only, accounts
    )


class _Maker:
    """Makes one world."""

    def __init__(self, dice: Dice, clock: Any, key: str) -> None:
        self.dice, self.clock, self.key = dice, clock, key
        self.declared = not dice.chance(15)
        self.palette = words.palette(dice)
        self.edges: list[datetime] = []
        self.gaps: list[str] = []
        self.tables: dict[str, Table] = {}
        self.traits: dict[str, Condition] = {}

    def world(self, most: int, only: tuple[str, ...], accounts: bool) -> World:
        """The specs, then the data."""
        dice = self.dice
        person = self._person()
        account = self._account() if accounts or dice.chance(25) else None
        specs: dict[str, Any] = {}
        vocabulary = replace(self._vocabulary(person), only=only)
        vocabulary = replace(vocabulary, traits=self._traits(vocabulary))
        if account is not None:
            person["through"] = {"entity": "account", "key": "account_id"}
            others = self._vocabulary(account)
            others = replace(others, around={"person": vocabulary})
            specs = of_audiences.of(dice, others, 3)
            names = tuple(name for name, spec in specs.items() if spec["entity"] == "account")
            others = replace(others, audiences=names, around={})
            vocabulary = replace(vocabulary, around={"account": others})
        specs |= of_audiences.of(dice, vocabulary, most)
        groups = of_audiences.groups(dice, specs) if dice.chance(25) else {}
        before = of_audiences.before(dice, self.clock, specs)
        for instant in before:
            self.edges.append(instant)
        vocabulary.edges.extend(before)
        self._fill(person, vocabulary, account)
        others_ = (account,) if account else ()
        return World(
            self.clock.as_of, self._said(person), self.tables, self.traits, specs, others_, groups, before
        )

    # --- declarations ---------------------------------------------------------------------------

    def _person(self) -> dict[str, Any]:
        dice = self.dice
        attributes = self._columns(_ATTRIBUTES)
        if self.declared:
            attributes["signed_up_at"] |= dice.pick(_TIMES[:4])
            attributes |= _IN_JSON if dice.chance(40) else {}
            attributes |= _HOME if dice.chance(25) else {}
        orders, app = self._columns(_ORDER_PROPERTIES), self._columns(_APP_PROPERTIES)
        if self.declared and dice.chance(30):
            app |= _APP_IN_JSON
        events = {
            "orders": self._source("ref('orders')", orders, "person"),
            "app": self._source("source('shop', 'app')", app, "person") | {"name": "kind"},
        }
        found = self._entity("person", "ref('people')", attributes, events)
        if dice.chance(25):
            found["aliases"] = {"model": "ref('person_aliases')", "from": "old", "to": "new"}
        return found

    def _account(self) -> dict[str, Any]:
        attributes = {name: {"type": kind} for name, kind in _ACCOUNT.items()}
        logins = self._source("ref('logins')", {"seconds": {"type": "integer"}}, "account")
        found = self._entity("account", "ref('accounts')", attributes, {"logins": logins})
        if self.dice.chance(25):
            found["aliases"] = {"model": "ref('account_aliases')", "from": "old", "to": "new"}
        return found

    def _entity(self, name: str, model: str, attributes: Any, events: Any) -> dict[str, Any]:
        return {
            "entity": name,
            "model": model,
            "key": "id",
            "timezone": self.clock.zone.key,
            "attributes": attributes,
            "events": events,
        }

    def _columns(self, types: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        """Columns, as they are declared; otherwise only those whose types the warehouse says enough of."""
        return {
            name: {"type": kind} for name, kind in types.items() if self.declared or kind not in _NOT_SAID
        }

    def _source(self, model: str, properties: Mapping[str, Any], whose: str) -> dict[str, Any]:
        dice = self.dice
        time = dice.pick(_TIMES)
        return {
            "model": model,
            "key": {"column": whose, "type": self.key} if dice.chance(20) else whose,
            "at": {"column": "at", **time} if time else "at",
            "properties": properties,
            **({"id": "event_id"} if dice.chance(50) else {}),
        }

    def _said(self, person: dict[str, Any]) -> dict[str, Any]:
        """The declaration, without the types where nobody declared them."""
        if self.declared:
            return person
        events = {
            name: {key: value for key, value in source.items() if key != "properties"}
            for name, source in person["events"].items()
        }
        return {key: value for key, value in person.items() if key != "attributes"} | {"events": events}

    def _vocabulary(self, entity: Mapping[str, Any]) -> Vocabulary:
        types = {name: column["type"] for name, column in entity["attributes"].items()}
        return Vocabulary(
            self.clock,
            self.palette,
            {name: kind for name, kind in types.items() if kind != "location"},
            {name: _shape(source) for name, source in entity["events"].items()},
            entity["entity"],
            places=tuple(name for name, kind in types.items() if kind == "location"),
            edges=self.edges,
            gaps=self.gaps,
        )

    def _traits(self, vocabulary: Vocabulary) -> dict[str, str]:
        """Traits, of which later ones may be made of earlier ones; their types, by name."""
        found: dict[str, str] = {}
        for number in self.dice.times(0, 3):
            known = replace(vocabulary, traits=dict(found))
            if self.dice.chance(20):
                spec, kind = {"expression": expressions.number(self.dice, known, 2)}, "number"
            else:
                spec, kind = calculation(self.dice, known)
            name = f"trait_{number}"
            self.traits[name] = {"trait": name, "entity": vocabulary.entity, **spec}
            found[name] = kind
        return found

    # --- data -----------------------------------------------------------------------------------

    def _fill(self, person: Any, vocabulary: Vocabulary, account: Any) -> None:
        dice, key = self.dice, self.key
        keys: list[Cell] = [1, 2, 3, 4] if key == "integer" else ["1", "a", "A", "O'B"]
        keys = keys[: dice.pick((1, 2, 3, 4, 4, 4))]
        others: list[Cell] = [5, 6] if key == "integer" else ["B", "é"]
        everyone = keys
        if "aliases" in person:
            self.tables["person_aliases"] = data.aliases(dice, keys, others, key)
            everyone = [*keys[: dice.number(1, len(keys))], *others[: dice.number(0, 2)]]
        table = data.entities(dice, vocabulary, person["attributes"], everyone, key)
        if account is not None:
            theirs: list[Cell] = [7, 8, 9] if key == "integer" else ["7", "b", "C"]
            # Rows of one key name one account: which of several different rows is kept is a mistake's result.
            named = {row.get("id"): dice.pick((*theirs, *theirs, None)) for row in table.rows}
            rows = tuple({**row, "account_id": named[row.get("id")]} for row in table.rows)
            table = Table({**table.columns, "account_id": key}, rows)
            self._fill_accounts(account, vocabulary.around["account"], theirs)
        self.tables["people"] = table
        for name, source in person["events"].items():
            self.tables[name] = data.events(dice, vocabulary, source, key, [*everyone, *keys])

    def _fill_accounts(self, account: Any, vocabulary: Vocabulary, keys: list[Cell]) -> None:
        dice, key = self.dice, self.key
        if "aliases" in account:
            self.tables["account_aliases"] = data.aliases(dice, keys[:2], keys[2:], key)
        self.tables["accounts"] = data.entities(dice, vocabulary, account["attributes"], keys, key)
        self.tables["logins"] = data.events(dice, vocabulary, account["events"]["logins"], key, keys)


def _shape(source: Mapping[str, Any]) -> Shape:
    kinds = words.EVENT_KINDS if "name" in source else ()
    types = {name: column["type"] for name, column in source["properties"].items()}
    return Shape(kinds, types, data.at_of(source)["type"])
