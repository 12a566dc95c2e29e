"""The demo: twenty audiences over a real shop's transaction log, built, delivered, and again a week later.

It starts dbt and muster as commands, as a person would; then it looks into the warehouse and at the
destinations, and fails if a destination holds anyone but the members who may be sent there.
"""

from __future__ import annotations

import csv
import json
import shlex
import shutil
import sys
import time
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from tests.end_to_end.commands import REPOSITORY, start
from tests.end_to_end.receiver import Receiver

A_FRIDAY = date(2011, 11, 25)
A_WEEK_LATER = A_FRIDAY + timedelta(weeks=1)
WAREHOUSE = REPOSITORY / "target" / "muster_demo.duckdb"
EXPORTS = REPOSITORY / "target" / "exports"

# By destination and audience: the keys of the members that it holds.
Lists = Mapping[tuple[str, str], frozenset[str]]

# Members who may be sent to each destination, from the warehouse's own tables.
MAY_BE_SENT = {
    "crm": "select audience, entity_key from muster_memberships",
    "exports": """
        select memberships.audience, memberships.entity_key
        from muster_memberships as memberships
        inner join demo_customers as customers
            on cast(customers.customer_id as varchar) = memberships.entity_key
        where memberships.entity = 'customer' and customers.accepts_advertising
    """,
}


def ask(query: str) -> list[tuple[Any, ...]]:
    """The rows that the warehouse answers with."""
    with duckdb.connect(str(WAREHOUSE), read_only=True) as connection:
        return connection.execute(query).fetchall()


def may_be_sent() -> Lists:
    """Who each destination should hold, going by the warehouse."""
    lists: dict[tuple[str, str], set[str]] = {}
    for destination, query in MAY_BE_SENT.items():
        for audience, key in ask(query):
            lists.setdefault((destination, audience), set()).add(key)
    return {pair: frozenset(members) for pair, members in lists.items()}


def exported() -> dict[str, set[str]]:
    """Who the files hold, audience by audience: every manifest replayed, in order."""
    lists: dict[str, set[str]] = {}
    for path in sorted(EXPORTS.glob("*/manifests/*.json")):
        manifest = json.loads(path.read_text())
        held = lists.setdefault(manifest["audience"], set())
        for part in manifest["files"]:
            for row in csv.DictReader((EXPORTS / part["path"]).read_text().splitlines()):
                if row["_action"] == "remove":
                    held.discard(row["_key"])
                else:
                    held.add(row["_key"])
    return lists


class Demo:
    """One showing of the demo.

    Args:
        console: where it is shown.
        receiver: the web server that plays the CRM.
    """

    def __init__(self, console: Console, receiver: Receiver) -> None:
        self.console = console
        self.receiver = receiver

    def say(self, text: str) -> None:
        """A heading."""
        self.console.print()
        self.console.rule(f"[bold]{text}", align="left", style="dim")

    def run(self, *command: str, quiet: bool = False) -> None:
        """Runs a command and shows it and, unless quiet, its output; leaves the demo where it fails."""
        began = time.monotonic()
        finished = start(
            command,
            REPOSITORY,
            {"MUSTER_WEBHOOK_URL": self.receiver.url, "MUSTER_WEBHOOK_SECRET": self.receiver.secret},
        )
        seconds = time.monotonic() - began
        self.console.print(f"[bold cyan]$ {shlex.join(command)}[/]  [dim]{seconds:.1f} s[/]", highlight=False)
        if finished.returncode != 0 or not quiet:
            self.console.print(finished.stdout.rstrip(), markup=False, highlight=False)
        if finished.returncode != 0:
            sys.exit(finished.returncode)

    def build(self, as_of: date) -> None:
        """Every table, as of an instant."""
        self.run("dbt", "run", "--quiet", "--vars", f"muster_as_of: {as_of}", quiet=True)

    def show_sizes(self) -> None:
        """How large each audience is, and how many members each two have in common."""
        sizes = ask("""
            select
                audiences.audience,
                audiences.entity,
                audiences.owner,
                count(memberships.entity_key) as size
            from muster_audiences as audiences
            left join muster_memberships as memberships using (audience)
            group by all
            order by audiences.entity desc, size desc, audiences.audience
        """)
        overlaps = {
            (one, other): size
            for one, other, size in ask("""
            select audience, other_audience, size from muster_audience_overlaps
        """)
        }
        table = Table("", "audience", "owner", box=None, header_style="dim", pad_edge=False)
        table.add_column("members", justify="right", style="bold")
        customers = [audience for audience, entity, _, _ in sizes if entity == "customer"]
        for number in range(1, len(customers)):
            table.add_column(f"∩{number}", justify="right", style="dim")
        for number, (audience, _, owner, size) in enumerate(sizes, start=1):
            shared = [overlaps.get((audience, other), 0) for other in customers[: number - 1]]
            cells = [str(count) if count else "·" for count in shared] if audience in customers else []
            table.add_row(str(number), audience, owner, f"{size:,}", *cells)
        self.console.print(table)

    def held(self) -> Lists:
        """Who each destination holds, looked up at the destinations themselves."""
        at = {"crm": self.receiver.lists, "exports": exported()}
        return {
            (destination, audience): frozenset(members)
            for destination, lists in at.items()
            for audience, members in lists.items()
        }

    def show_deliveries(self, before: Lists, after: Lists) -> None:
        """What was added and removed at each destination; leaves the demo where a destination is wrong."""
        table = Table("destination", "audience", box=None, header_style="dim", pad_edge=False)
        for column in ("before", "added", "removed", "now", "right"):
            table.add_column(column, justify="right")
        table.add_column("for example", style="dim")
        expected = may_be_sent()
        wrong = 0
        for pair in sorted(after):
            was, now = before.get(pair, frozenset()), after[pair]
            added, removed = sorted(now - was), sorted(was - now)
            right = now == expected.get(pair, frozenset())
            wrong += not right
            examples = [f"+{key}" for key in added[:3]] + [f"-{key}" for key in removed[:3]]
            table.add_row(
                *pair,
                f"{len(was):,}",
                f"[green]+{len(added):,}[/]" if added else "",
                f"[red]-{len(removed):,}[/]" if removed else "",
                f"{len(now):,}",
                "[green]yes[/]" if right else "[red]no[/]",
                " ".join(examples),
            )
        self.console.print(table)
        if wrong:
            self.console.print(f"[red]{wrong} lists at the destinations are not what the warehouse says.[/]")
            sys.exit(1)


def main() -> None:
    """Shows the demo from the beginning, whatever an earlier showing left."""
    began = time.monotonic()
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 140
    WAREHOUSE.unlink(missing_ok=True)
    shutil.rmtree(EXPORTS, ignore_errors=True)
    with Receiver() as receiver:
        demo = Demo(console, receiver)

        demo.say("Specs become dbt models")
        demo.run("muster", "compile")

        demo.say(f"The audiences as of {A_FRIDAY:%A, %-d %B %Y}, and how many members each two share")
        demo.build(A_FRIDAY)
        demo.show_sizes()

        demo.say("What would be delivered, then its delivery: to files, and to a CRM on this machine")
        demo.run("muster", "sync", "--dry-run")
        demo.run("muster", "sync")
        first = demo.held()
        demo.show_deliveries({}, first)

        demo.say(f"A week later, {A_WEEK_LATER:%A, %-d %B %Y}: only what changed is sent")
        demo.build(A_WEEK_LATER)
        demo.show_sizes()
        demo.run("muster", "sync")
        demo.show_deliveries(first, demo.held())

    seconds = time.monotonic() - began
    console.print(f"\n[dim]{seconds:.0f} s. The files are in {EXPORTS.relative_to(REPOSITORY)}/.[/]")


if __name__ == "__main__":
    main()
