"""A bakery's project on any warehouse: people are written into source tables, dbt and muster do the rest."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from dbt_muster.cli.main import group
from dbt_muster.warehouse import Warehouse, load_profile
from tests.canaries import CANARIES, OF_DELIVERIES
from tests.destinations.standins.base import Holding
from tests.end_to_end.commands import REPOSITORY, start
from tests.oracle import identifiers as reference

SCHEMA = "bakery"
SOURCES = {
    "people": "customer_id varchar(99), email varchar(99), phone varchar(99), town varchar(99), ads boolean",
    "visits": "visit_id varchar(99), buyer varchar(99), visited_at timestamp",
    "devices": "owner varchar(99), ad_id varchar(99)",
    "merged": "old_id varchar(99), new_id varchar(99)",
}
"""The tables that muster only reads, and their columns."""

_SYNC = """
sync:
  - to: snap
    match_on: [email, phone, mobile_advertising_id]
    on_delete: delete
    where: [{attribute: town, is: Leeds}]
"""
_FILES_ALONE = "sync:\n"
_TO_FILES = "  - {to: exports, match_on: [email]}\n"
_AUDIENCE = """
audience: regulars
description: Who comes again and again.
entity: customer
stay: 60 days
criteria:
  - {event: visits, count: {at_least: 2}}
  - {attribute: town, in: [Leeds, York]}
"""
_DESTINATIONS = """
destination: exports
type: files
path: exports
consent: ads

---
destination: snap
type: snapchat
url: "{url}"
token_url: "{url}/login/oauth2/access_token"
ad_account: 8adc3db7-8148-4fbf-999c-8d2266369d74
client_id: snap-client
client_secret: "{{{{ env_var('BAKERY_CLIENT_SECRET') }}}}"
refresh_token: "{{{{ env_var('BAKERY_REFRESH_TOKEN') }}}}"
consent: ads
retry: {{attempts: 2, first_wait: 0.001, longest_wait: 0.01}}
"""
_FILES = {
    "dbt_project.yml": "name: bakery\nversion: 1.0.0\nconfig-version: 2\nprofile: bakery\n",
    "packages.yml": f"packages:\n  - local: {REPOSITORY}\n",
    "models/sources.yml": json.dumps(
        {
            "version": 2,
            "sources": [
                {
                    "name": "till",
                    "schema": "{{ target.schema }}",
                    "tables": [{"name": name} for name in SOURCES],
                }
            ],
        }
    ),
    "audience_specs/entities.yml": """
entity: customer
model: source('till', 'people')
key: {column: customer_id, type: string}
attributes:
  town: {type: string}
identifiers:
  email: email
  phone: phone
  mobile_advertising_id: {model: "source('till', 'devices')", column: ad_id, key: owner}
consent:
  ads: ads
aliases: {model: "source('till', 'merged')", from: old_id, to: new_id}
events:
  visits:
    model: source('till', 'visits')
    key: buyer
    at: visited_at
    id: visit_id
""",
    "audience_specs/audiences/regulars.yml": _AUDIENCE + _SYNC + _TO_FILES,
}


@dataclass(frozen=True)
class Customer:
    """Somebody in the bakery's own tables.

    Attributes:
        devices: advertising ids of telephones.
        visits: how often they came.
        told_twice: whether the table has each of these twice, with one and the same id.
        old_key: another key of theirs, by which they came the last time.
        ads: whether they consent to advertising.
    """

    key: str
    number: int
    phone: str
    town: str = "Leeds"
    devices: tuple[str, ...] = ()
    visits: int = 2
    ads: bool = True
    told_twice: bool = False
    old_key: str | None = None

    def buyer(self, visit: int) -> str:
        """The key that they came by."""
        return self.old_key if self.old_key and visit == self.visits - 1 else self.key

    @property
    def email(self) -> str:
        """An address that the tests look for in all that is written."""
        return f"Canary.P{self.number}@Example.com"

    @property
    def sent(self) -> set[Holding]:
        """What Snapchat is sent of them, by the rules as written without SQL."""
        values = [
            ("email", "email", self.email),
            ("phone", "phone_digits", self.phone),
            *(("mobile_advertising_id", "maid", device) for device in self.devices),
        ]
        written = ((name, reference.sent(rule, value)) for name, rule, value in values)
        return {frozenset({(name, reference.sha256(value))}) for name, value in written if value}

    @property
    def traces(self) -> set[str]:
        """What must be nowhere once they are erased, in lower case."""
        hashes = {value for holding in self.sent for _, value in holding}
        keys = {self.key, self.old_key or self.key}
        return hashes | {each.lower() for each in (*keys, self.email, self.phone, *self.devices)}


class Bakery:
    """The project in a folder, and its people.

    Args:
        folder: where it shall be.
        profiles: the text of its `profiles.yml`, with a profile `bakery`.
        url: where Snapchat's stand-in listens.
        more: what its dbt_project.yml has besides.
    """

    kept_as = ""
    """What a statement says that makes a table whose rows can be changed."""

    def __init__(self, folder: Path, profiles: str, url: str, more: str = "") -> None:
        self.folder = folder
        destinations = _DESTINATIONS.format(url=url)
        own = {"profiles.yml": profiles, "audience_specs/destinations.yml": destinations}
        for name, text in {**_FILES, **own}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        with (folder / "dbt_project.yml").open("a") as project:
            project.write(more)

    def write(self, people: Iterable[Customer]) -> None:
        """Put people into the source tables, in place of those who were there."""
        everybody = list(people)
        rows = {
            "people": [
                [_text(p.key), _text(p.email), _text(p.phone), _text(p.town), str(p.ads)] for p in everybody
            ],
            "visits": [
                [
                    _text(f"{p.number}-{visit}"),
                    _text(p.buyer(visit)),
                    f"timestamp '2026-01-0{visit + 1} 08:00:00'",
                ]
                for p in everybody
                for visit in range(p.visits)
                for _ in range(1 + p.told_twice)
            ],
            "devices": [[_text(p.key), _text(device)] for p in everybody for device in p.devices],
            "merged": [[_text(p.old_key), _text(p.key)] for p in everybody if p.old_key],
        }
        with self.warehouse() as warehouse:
            for table, values in rows.items():
                relation = warehouse.relation(table)
                written = ", ".join(f"({', '.join(row)})" for row in values)
                warehouse.execute(f"delete from {relation}")
                warehouse.execute(f"insert into {relation} values {written}")

    def create(self) -> None:
        """Make the schema and the source tables, anew."""
        with self.warehouse() as warehouse:
            schema = warehouse.relation("people").split(".")[-2]
            warehouse.execute(f"drop schema if exists {schema} cascade")
            warehouse.execute(f"create schema {schema}")
            for table, columns in SOURCES.items():
                warehouse.execute(f"create table {warehouse.relation(table)} ({columns}){self.kept_as}")

    def warehouse(self) -> Warehouse:
        """A connection through dbt's adapter, as muster's own is."""
        return Warehouse(load_profile(self.folder))

    def make_older(self) -> None:
        """Leave the tables of syncs as a version made them that knew less."""
        with self.warehouse() as warehouse:
            warehouse.execute(f"alter table {warehouse.relation('muster_sync_rejects')} drop column for_good")
            warehouse.execute(f"alter table {warehouse.relation('muster_sync_runs')} drop column quarantined")
            warehouse.execute(f"drop table {warehouse.relation('muster_sync_quarantine')}")

    def columns(self, warehouse: Warehouse) -> dict[str, list[str]]:
        """The tables and views of the schema, each with the names of its columns in lower case."""
        catalogue = (
            "select table_name, column_name from information_schema.columns "
            f"where lower(table_schema) = '{SCHEMA}' order by table_name, ordinal_position"
        )
        found: dict[str, list[str]] = {}
        for table, column in warehouse.query(catalogue):
            found.setdefault(str(table), []).append(str(column).lower())
        return found

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of everything in the schema, by the names of tables and views in lower case."""
        with self.warehouse() as warehouse:
            return {
                name.lower(): warehouse.query(f"select * from {warehouse.relation(name)}")
                for name in self.columns(warehouse)
            }

    def look_for_canaries(self) -> None:
        """See that nobody and no secret is where it must not be in what deliveries made."""
        with self.warehouse() as warehouse:
            for table, columns in self.columns(warehouse).items():
                if OF_DELIVERIES.fullmatch(table.lower()):
                    rows = warehouse.query(f"select * from {warehouse.relation(table)}")
                    CANARIES.look_at_table(table.lower(), columns, rows, warehouse.dialect)

    def found(self, traces: Iterable[str]) -> dict[str, set[str]]:
        """Where texts are, but for the sources and the aliases: the tables, each with what it has."""
        wanted = set(traces)
        return {
            name: has
            for name, rows in self.rows().items()
            if name not in SOURCES
            and "aliases" not in name
            and (has := {text for text in wanted if _has(rows, text)})
        }

    def build(self, day: str = "2026-01-20") -> None:
        """Build every table, as of a day."""
        self.do(["dbt", "run", "--vars", json.dumps({"muster_as_of": day})])

    def do(self, *commands: list[str]) -> None:
        """Run commands in the project, each of which must go well."""
        for command in commands:
            finished = start(command, self.folder)
            assert finished.returncode == 0, f"{shlex.join(command)}\n{finished.stdout}"

    def muster(self, command: str, *arguments: str) -> Result:
        """Run one command of muster's in this process."""
        return CliRunner().invoke(group, [command, *arguments, "--project-dir", str(self.folder)])

    def sync(self, *arguments: str) -> dict[str, dict[str, Any]]:
        """Sync, which must go well: the report of each destination."""
        result = self.muster("sync", *arguments, "--output", "json")
        assert result.exit_code == 0, result.output
        return {pair["destination"]: pair for pair in json.loads(result.stdout)["pairs"]}

    def explained(self, audience: str, key: str, day: str) -> dict[str, Any]:
        """Why a key is in an audience on a day, or is not."""
        found: dict[str, Any] = json.loads(
            self.muster("explain", audience, key, "--as-of", day, "--output", "json").stdout
        )
        return found

    def end_at_snapchat(self) -> None:
        """Let the audience's spec no longer say that it is synced to Snapchat."""
        path = self.folder / "audience_specs/audiences/regulars.yml"
        path.write_text(_AUDIENCE + _FILES_ALONE + _TO_FILES)
        assert self.muster("compile").exit_code == 0


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _has(rows: Iterable[tuple[Any, ...]], text: str) -> bool:
    return any(text in str(value).lower() for row in rows for value in row)
