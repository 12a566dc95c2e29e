"""`muster explain`: why somebody is in an audience, or is not."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dbt_muster.cli.audiences import as_of_option, find_audience, read_specs
from dbt_muster.cli.looking import profiles_option, target_option, warehouse_site
from dbt_muster.cli.options import output_option, project_option

_NO_MEMBER = 1


@click.command("explain")
@click.argument("name", metavar="AUDIENCE")
@click.argument("key", metavar="KEY")
@as_of_option
@profiles_option
@target_option
@project_option
@output_option
def command(
    name: str,
    key: str,
    as_of: str | None,
    profiles_dir: Path | None,
    target: str | None,
    project_dir: Path,
    output: str,
) -> None:
    """Show which criteria of an audience hold for one key, with the value behind each.

    Below an audience that a criterion names stand that one's criteria, below another entity what holds there.
    Of a member it says where they go, and where not: holdouts, suppression, variants, consent.
    Asks the warehouse's tables as they are and writes nothing; the audience need not have been built. What is
    shown is the key's own data, and that of keys around it, and is printed only.

    \b
    Examples:
      muster explain vip 12348
      muster explain vip 12348 --as-of 2026-01-31
      muster explain vip -- -1                        a key that begins with a dash
      muster explain vip 12348 --output json

    Exit codes: 0 a member (or who qualifies, where `stay` or `expire` has a say), 1 not a member (or the
    warehouse said no), 2 a mistake in the specs or the call.
    """
    from dbt_muster.seeing import Clock, explain

    project = read_specs(project_dir, output)
    audience = find_audience(project, name)
    clock = Clock.at(as_of)
    with warehouse_site(project_dir, profiles_dir, target, clock) as site:
        found = explain(project, audience, key, site, clock)
    click.echo(json.dumps(found.to_dict(), indent=2) if output == "json" else "\n".join(found.lines()))
    if not found.member:
        raise SystemExit(_NO_MEMBER)
