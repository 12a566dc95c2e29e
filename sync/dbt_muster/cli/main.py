"""The `muster` command: its subcommands, loaded when they are called, and what its errors look like."""

from __future__ import annotations

import importlib
import keyword
import sys
from collections.abc import Sequence
from typing import Any

import click

from dbt_muster.errors import MusterError

# Each command is the `command` of the module of its name here, with its line in the list of commands.
_COMMANDS = {
    "check": "Find what specs contradict, repeat or probably do not mean.",
    "compile": "Write the dbt models of the specs.",
    "cost": "Show what audiences read, what they share, and what dropping one would save.",
    "describe": "Say in plain English what audiences mean.",
    "erase": "Erase somebody from every destination and from muster's own tables.",
    "explain": "Show which criteria of an audience hold for one key, with the value behind each.",
    "import": "Translate an audience of another system to a spec.",
    "overlap": "Show how many members audiences share.",
    "preview": "Show how large an audience would be, and which criterion keeps whom out.",
    "schema": "Write the JSON Schemas of the spec files, for an editor.",
    "status": "Show how deliveries stand: the last run of each audience and destination.",
    "sync": "Deliver what changed in the audiences to their destinations.",
    "test": "Run the tests of audiences, on DuckDB in memory.",
}


class LazyGroup(click.Group):
    """A group that imports a command only when it is called, so that `muster --help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, or None."""
        if cmd_name not in _COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        module = importlib.import_module(f"dbt_muster.cli.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            if args and (near := get_close_matches(args[0], list(_COMMANDS), 1)):
                raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from error
            raise


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dbt-muster", message="muster %(version)s")
def group() -> None:
    """Audiences as code, inside the data warehouse.

    \b
    Examples:
      muster compile                 write the dbt models of audience_specs/
      muster compile --check         fail when they are stale (for CI)
      muster test                    run the tests of audience_specs/tests/
      dbt run                        build the audiences
      muster sync --dry-run          show what would be delivered
      muster sync                    deliver it

    Exit codes: 0 done, 1 something failed, 2 a mistake in the specs or the call, 3 a guard said no.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; errors that muster explains end without a traceback."""
    try:
        result: Any = group.main(args=arguments, prog_name="muster", standalone_mode=False)
    except MusterError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        click.echo("Interrupted.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    sys.exit(result if isinstance(result, int) else 0)
