"""`muster erase`: somebody leaves every destination and all of muster's own tables, and stays out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbt_muster.cli.audiences import mistakes_as, read_specs
from dbt_muster.cli.looking import profiles_option, target_option
from dbt_muster.cli.options import output_option, project_option

if TYPE_CHECKING:
    from dbt_muster.delivery.erasures import Receipt, Table
    from dbt_muster.specs.meaning import Project
    from dbt_muster.warehouse import Manifest


@click.command("erase")
@click.argument("entity", metavar="ENTITY")
@click.argument("key", metavar="KEY")
@click.option("--dry-run", is_flag=True, help="Show where the key is. Sends and writes nothing.")
@profiles_option
@target_option
@project_option
@output_option
def command(
    entity: str,
    key: str,
    dry_run: bool,
    profiles_dir: Path | None,
    target: str | None,
    project_dir: Path,
    output: str,
) -> None:
    """Erase somebody from every destination and from muster's own tables.

    ENTITY is the entity's name and KEY the value of its key; `-` reads the key from standard input, which
    keeps it out of the shell's history. Of a person with aliases any key will do, and all of them are erased.
    The removal is delivered to every destination that holds the key, its rows are deleted, and a hash of the
    key is kept, so that no later sync or build takes the person in again, even while the source tables still
    have them. The receipt names nobody.

    \b
    Examples:
      muster erase customer 17850 --dry-run
      muster erase customer 17850
      echo 17850 | muster erase customer - --output json > receipt.json

    Exit codes: 0 done, 1 something is left (erase again), 2 a mistake in the specs or the call.
    """
    project = read_specs(project_dir, output)
    found = _entity(project, entity)
    text = sys.stdin.readline().strip() if key == "-" else key.strip()
    if not text:
        raise click.UsageError("KEY is empty.")
    with mistakes_as(output):
        receipt = _receipt(project, found, text, project_dir, profiles_dir, target, dry_run)
    click.echo(json.dumps(receipt.to_dict(), indent=2) if output == "json" else _as_text(receipt, dry_run))
    raise SystemExit(0 if dry_run or receipt.complete else 1)


def _entity(project: Project, name: str) -> str:
    from dbt_muster.specs.names import nearest

    if name in project.entities:
        return name
    near = nearest(name, project.entities)
    hint = f"Did you mean {near!r}?" if near else f"There are: {', '.join(project.entities) or 'none'}."
    raise click.UsageError(f"There is no entity {name!r}. {hint}")


def _receipt(
    project: Project,
    entity: str,
    key: str,
    project_dir: Path,
    profiles_dir: Path | None,
    target: str | None,
    dry_run: bool,
) -> Receipt:
    from dbt_muster.delivery import Engine
    from dbt_muster.render import Renderer
    from dbt_muster.warehouse import Manifest, Warehouse, load_profile

    root = project_dir.resolve()
    profile = load_profile(root, profiles_dir=profiles_dir, target=target)
    manifest = Manifest.load(profile.target_path)
    tables, aliases = _tables(project, entity, manifest), _aliases(entity, manifest)
    with Warehouse(profile) as warehouse:
        engine = Engine(warehouse, Renderer(warehouse.dialect), manifest.relation)
        eraser = engine.eraser(project.entities[entity], tables, aliases)
        if dry_run:
            return eraser.preview(key)
        return engine.erase(project, project.entities[entity], key, eraser, root=root)


def _aliases(entity: str, manifest: Manifest) -> Table | None:
    """The table of the entity's aliases; dbt knows of none where it has none."""
    from dbt_muster.delivery.erasures import Table
    from dbt_muster.plan.aliases import aliases_model

    name = aliases_model(entity)
    return Table(name, manifest.relation(name)) if name in manifest.kinds else None


def _tables(project: Project, entity: str, manifest: Manifest) -> list[Table]:
    """The tables, not the views, that dbt has built of an entity, and the log of its members."""
    from dbt_muster.delivery.erasures import Table
    from dbt_muster.plan import plan
    from dbt_muster.plan.stubs import repeated_model

    names = [stub.model for stub in plan(project).stubs if stub.entity == entity and stub.model]
    names.append("muster_membership_changes")
    sources = project.entities[entity].events.values()
    columns = {repeated_model(entity, source.name): source.key.column for source in sources}
    return [
        Table(name, manifest.relation(name), columns.get(name))
        for name in names
        if manifest.kinds.get(name) in ("table", "incremental")
    ]


def _as_text(receipt: Receipt, dry_run: bool) -> str:
    lines = [f"{receipt.entity} (the key's hash begins with {receipt.key_hash[:12]})"]
    if receipt.keys > 1:
        lines.append(f"  has {receipt.keys} keys by the table of aliases, and is erased by all of them")
    lines += [_destination_line(each) for each in receipt.destinations] or ["  held by no destination"]
    rows = {name: count for name, count in receipt.tables.items() if count}
    verb = "has" if dry_run else "had"
    lines += [f"  {name} {verb} {count:,} {_rows(count)}" for name, count in rows.items()]
    if not rows:
        lines.append("  in none of muster's tables")
    lines += [f"  {name} still has them: {why}" for name, why in receipt.kept.items()]
    if receipt.absent:
        lines.append(f"  not built yet, and so not looked into: {', '.join(receipt.absent)}")
    if not receipt.found:
        lines.append(_not_found(receipt))
    if not dry_run and receipt.complete:
        lines.append("Erased." if receipt.found or receipt.earlier else "It counts as erased from now on.")
    elif not dry_run:
        lines.append("Something is left: see above, and erase again.")
    return "\n".join(lines)


def _not_found(receipt: Receipt) -> str:
    if receipt.earlier:
        return (
            f"It was erased before, at {receipt.earlier[-1]['erased_at']}, and nothing of it has come back."
        )
    return "Nobody was found by this key. See that it is written as the entity's table has it."


def _destination_line(outcome: dict[str, str | None]) -> str:
    reason = f": {outcome['reason']}" if outcome.get("reason") else ""
    return f"  {outcome['audience']} at {outcome['destination']}: {outcome['status']}{reason}"


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"
