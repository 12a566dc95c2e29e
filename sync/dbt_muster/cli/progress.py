"""What a person at a terminal sees while a sync runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from dbt_muster.delivery.watching import Event


class ProgressBars:
    """A bar for each audience and destination in a terminal; elsewhere only who is waited for.

    Args:
        visible: whether bars are wanted at all.
    """

    def __init__(self, *, visible: bool) -> None:
        self._visible = visible and sys.stderr.isatty()
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        if self._visible:
            self._bars = _bars()
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars is not None:
            self._bars.stop()

    def show(self, event: Event) -> None:
        """Show one step of a delivery."""
        name = f"{event.audience}:{event.destination}"
        if event.name == "waiting":
            busy = "another sync is running" if event.audience else "another process uses it"
            self._say(f"{name if event.audience else 'the warehouse'}: {busy}; waiting.")
        if self._bars is None:
            return
        if event.name == "started":
            self._tasks[name] = self._bars.add_task(name, total=None)
        elif event.name == "planned":
            self._bars.update(self._tasks[name], total=_number(event.values["rows"]))
        elif event.name == "batch":
            self._bars.update(self._tasks[name], completed=_number(event.values["sent"]))
        elif event.name == "finished" and name in self._tasks:
            self._bars.update(self._tasks[name], description=f"{name} {event.values['status']}")
            self._bars.stop_task(self._tasks[name])

    def _say(self, text: str) -> None:
        if self._bars is not None:
            self._bars.console.print(text, markup=False, highlight=False)
        else:
            click.echo(text, err=True)


def _bars() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
