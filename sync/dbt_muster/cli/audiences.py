"""What commands about audiences share: reading the specs, and finding audiences by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbt_muster.errors import UsageError
from dbt_muster.specs import SpecErrors, load
from dbt_muster.specs.names import nearest, one_of

if TYPE_CHECKING:
    from dbt_muster.specs.meaning import Audience, Project

as_of_option = click.option(
    "--as-of",
    metavar="TIME",
    help="The instant: a date or a timestamp, in UTC unless it names an offset; by default now.",
)


def read_specs(project_dir: Path, output: str) -> Project:
    """The project's specs; mistakes in them are printed in the form that was asked for.

    Raises:
        SpecErrors: there are mistakes, and they are to be told in text.
    """
    with mistakes_as(output):
        return load(project_dir)


@contextmanager
def mistakes_as(output: str) -> Iterator[None]:
    """Prints mistakes in specs as JSON where that was asked for, and leaves with their exit code.

    Raises:
        SpecErrors: there are mistakes, and they are to be told in text.
    """
    try:
        yield
    except SpecErrors as errors:
        if output == "json":
            click.echo(json.dumps(errors.to_dict(), indent=2))
            raise SystemExit(errors.exit_code) from errors
        raise


def find_audience(project: Project, name: str) -> Audience:
    """The audience of a name.

    Raises:
        UsageError: there is none; says which is near.
    """
    if name in project.audiences:
        return project.audiences[name]
    near = nearest(name, project.audiences)
    meant = f" Did you mean `{near}`?" if near else ""
    known = one_of(project.audiences) or "an audience with a file under audience_specs/audiences"
    raise UsageError(f"There is no audience `{name}`; expected {known}.{meant}")


def find_audiences(project: Project, names: Sequence[str]) -> list[Audience]:
    """The audiences of some names, each once, in the order in which they were given."""
    return [find_audience(project, name) for name in dict.fromkeys(names)]
