"""What a type of destination takes, as data that the sync engine reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Hash = Literal["sha256", "none"]


@dataclass(frozen=True)
class Form:
    """How a destination takes an identifier.

    Attributes:
        rule: how values are written before anything else: one of the rules in macros/identifiers/, or
            `{name}`, which is the setting of that name.
        hash: what is sent of the written value: its SHA-256 in lower-case hex, or itself.
        most: how many values of one member it takes; None is as many as the specs allow. A record has a list
            of values where more than one is taken, and may be had.
        alone: whether it leads to a member by itself. A name or a country does only with others, so that two
            members may have it and neither is found by the other's.
        called: what the destination calls it, where its calls say so.
    """

    rule: str = "text"
    hash: Hash = "none"
    most: int | None = None
    alone: bool = True
    called: str = ""


STANDARD_FORMS: Mapping[str, Form] = {
    "email": Form("email", "sha256"),
    "phone": Form("phone", "sha256"),
}
"""The forms of identifiers at a destination that takes any; those that are not here are sent as they are."""


_RULES: Mapping[str, str] = {"first_name": "name", "last_name": "name"}
"""The rules that write parts of a person, where they have other names than what they write."""


def parts(
    called: Mapping[str, str | tuple[str, str, str]], rule: str = "", hash_: Hash = "sha256"
) -> dict[str, Form]:
    """The forms of parts of a person, such as a name or a country: they lead to a member only together.

    Args:
        called: what the destination calls each; of `date_of_birth` the year, the month and the day.
        rule: how all are written, as in `Form`; each by the rule for what it is where this is empty.
        hash_: what is sent of them, as in `Form`.
    """
    found: dict[str, Form] = {}
    for name, own in called.items():
        if isinstance(own, str):
            found[name] = Form(rule or _RULES.get(name, name), hash_, alone=False, called=own)
            continue
        for part, each in zip(("year", "month", "day"), own, strict=True):
            found[f"{name}.{part}"] = Form(rule or f"birth_{part}", hash_, alone=False, called=each)
    return found


@dataclass(frozen=True)
class Capabilities:
    """What a type of destination takes, as data that the sync engine reads.

    What is not stated is as most platforms have it.

    Attributes:
        keyed_by: what the destination recognises a member by. Keyed by `entity_key` it is sent the key, and a
            member whose identifiers changed is one `change`; keyed by `fingerprint` it knows only
            identifiers, and the old ones are removed before the new ones are added.
        identifiers: what it can match on, each with the form it is sent in; None is any, by `STANDARD_FORMS`.
        batch_size: records in a batch unless the settings say otherwise.
        largest_batch: the most that the settings may say, where that is more.
        acknowledges: `batch` where each batch counts as soon as it is taken, or as soon as the job that it
            became is through; `run` where nothing counts before the end of the run.
        rate: calls a second that the platform allows; None where it publishes no number.
        concurrency: how many calls may be under way at once.
        creates: whether audiences are made at the platform by `Destination.create`.
        replaces: whether `mode: full` can replace all members in one run.
        worth: what it calls the number that says what a member is worth, where it takes one.
        consent: whether each record carries what its member agreed to.
        removes_later: whether removals are jobs, which the platform may work on after what it is sent later.
        forgets: whether it refuses members for good who asked it to be forgotten.
        in_warehouse: whether it is the warehouse itself. Nothing leaves it: views over the ledger's state
            show what is held.
        smallest: members below which the platform does not use an audience; None where it does not say.
    """

    keyed_by: Literal["entity_key", "fingerprint"] = "fingerprint"
    identifiers: Mapping[str, Form] | None = None
    batch_size: int = 1_000
    largest_batch: int = 0
    acknowledges: Literal["batch", "run"] = "batch"
    rate: float | None = None
    concurrency: int = 1
    creates: bool = True
    replaces: bool = False
    worth: str = ""
    consent: bool = False
    removes_later: bool = False
    forgets: bool = False
    in_warehouse: bool = False
    smallest: int | None = None

    def __post_init__(self) -> None:
        if not self.largest_batch:
            object.__setattr__(self, "largest_batch", self.batch_size)

    @property
    def called(self) -> dict[str, str]:
        """The identifiers, each with what the destination calls it."""
        return {name: form.called for name, form in (self.identifiers or {}).items()}


def form_of(capabilities: Capabilities, identifier: str, hashing: str) -> Form:
    """The form in which a destination is sent an identifier; `hashing` is the setting of that name."""
    forms = STANDARD_FORMS if capabilities.identifiers is None else capabilities.identifiers
    form = forms.get(identifier, Form())
    return replace(form, hash="none") if hashing == "none" else form
