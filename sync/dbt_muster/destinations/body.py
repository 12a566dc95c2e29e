"""The JSON body of a webhook's batch, as a template of the user's own makes it."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Annotated, Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from pydantic import AfterValidator

from dbt_muster.destinations.records import Batch
from dbt_muster.destinations.runs import Run
from dbt_muster.errors import UsageError


def batch_values(run: Run, batch: Batch) -> dict[str, Any]:
    """A batch as JSON has it, which is what a template of its body can use.

    Args:
        run: the delivery that it belongs to.
        batch: what is sent.

    Returns:
        `timestamp`, when the run began; `audience`, with its key and entity; `sync`, with the run, its place
        in the sequence and the batch's number; and `records`, each with its action, key and identifiers.
    """
    return {
        "timestamp": run.started_at.isoformat() + "Z",
        "audience": {"key": run.audience, "entity": run.entity},
        "sync": {
            "run_id": run.id,
            "sequence": run.sequence,
            "batch": batch.number,
            "batches": run.batches,
            "mode": run.mode,
        },
        "records": [
            {"action": record.action, "key": record.key, "identifiers": dict(record.identifiers)}
            for record in batch.records
        ],
    }


class _AnyIdentifiers(dict[str, str]):
    """Identifiers of somebody who has whichever is asked for."""

    def __missing__(self, name: str) -> str:
        return name


class BodyTemplate:
    """A Jinja template whose every expression is written as JSON, so that no value breaks out of its place.

    Args:
        text: such as `{"list": {{ audience.key }}, "people": {{ records }}}`, without quotes of its own
            around expressions.

    Raises:
        UsageError: it is not a template.
    """

    def __init__(self, text: str) -> None:
        environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, finalize=_as_json)
        try:
            self._template = environment.from_string(text)
        except jinja2.TemplateSyntaxError as error:
            raise UsageError(
                f"The webhook's body is not a template: {error.message}, line {error.lineno}."
            ) from None

    def try_out(self) -> None:
        """Render it for somebody made up, so that a misspelt name shows before anything is sent.

        Raises:
            UsageError: it asks for what there is not, or what it renders is not JSON.
        """
        sync = {"run_id": "run", "sequence": 1, "batch": 1, "batches": 1, "mode": "delta"}
        records = [
            {"action": action, "key": "1", "identifiers": _AnyIdentifiers()} for action in ("add", "remove")
        ]
        audience = {"key": "audience", "entity": "entity"}
        values = {"timestamp": "2026-01-31T00:00:00Z", "audience": audience, "sync": sync, "records": records}
        # Nobody made up has the values that every template reckons with.
        with suppress(TypeError, ArithmeticError, LookupError):
            self.render(values)

    def render(self, values: dict[str, Any]) -> bytes:
        """The body of a batch, checked to be JSON.

        Args:
            values: what the template can use; `batch_values` makes them.

        Raises:
            UsageError: as by `try_out`.
        """
        try:
            text = self._template.render(values)
            return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")).encode()
        except jinja2.TemplateError as error:
            raise UsageError(f"The webhook's body cannot be rendered: {error.message}") from None
        except ValueError:
            raise UsageError(
                "The webhook's body does not render to JSON. Expressions are written as JSON already, so "
                "put no quotes around them."
            ) from None


def _as_json(value: object) -> object:
    if isinstance(value, (Markup, jinja2.Undefined)):
        # `| tojson` has written JSON already; an undefined name is reported by Jinja when it is used.
        return value
    return json.dumps(value, ensure_ascii=False)


def _tried_out(text: str) -> str:
    try:
        BodyTemplate(text).try_out()
    except UsageError as error:
        raise ValueError(str(error)) from None
    return text


BodyText = Annotated[str, AfterValidator(_tried_out)]
"""A setting that is the text of a `BodyTemplate`; one that goes wrong is a mistake in it."""
