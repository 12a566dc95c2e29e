"""Who of an audience is sent: splits, holdouts, suppression and priority."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fractions import Fraction

from tests.oracle.world import Key, Spec

Members = Mapping[str, frozenset[Key]]


def slot(salt: str, key: Key) -> int:
    """The slot of a key, one of 10,000."""
    digest = hashlib.md5(f"{salt}:{key}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) % 10_000


def share(written: str) -> int:
    """How many slots `12.5%` is."""
    return int(Fraction(written.rstrip("% ")) * 100)


def variant(audience: Spec, key: Key) -> str | None:
    """The variant of a member by the audience's own split."""
    place = slot(audience["split"].get("salt", audience["audience"]), key) if "split" in audience else -1
    for name, written in audience.get("split", {}).items():
        if name != "salt":
            if 0 <= place < share(written):
                return str(name)
            place -= share(written)
    return None


def is_held_out(group: Spec, key: Key) -> bool:
    """Whether a group's holdout has a key."""
    written = group.get("holdout")
    if written is None:
        return False
    declared = written if isinstance(written, Mapping) else {"share": written}
    return slot(declared.get("salt", group["group"]), key) < share(declared["share"])


def assigned(priority: list[str], members: Members) -> Members:
    """Each key of a priority list's audiences, with the first audience that it is in."""
    found: dict[str, frozenset[Key]] = {}
    taken: frozenset[Key] = frozenset()
    for name in priority:
        if members[name] - taken:
            found[name] = members[name] - taken
        taken |= members[name]
    return found


def withheld(audience: Spec, groups: Mapping[str, Spec], members: Members) -> Members:
    """The members of an audience that are never sent, by the reason.

    Args:
        audience: the audience, as its file has it.
        groups: every group.
        members: of every audience.
    """
    name = audience["audience"]
    own = [group for group in groups.values() if group["entity"] == audience["entity"]]
    found: dict[str, set[Key]] = {}
    for key in members[name]:
        reason = _reason(audience, own, members, key)
        if reason is not None:
            found.setdefault(reason, set()).add(key)
    return {reason: frozenset(keys) for reason, keys in found.items()}


def _reason(audience: Spec, groups: list[Spec], members: Members, key: Key) -> str | None:
    if any(is_held_out(group, key) for group in groups):
        return "holdout"
    if variant(audience, key) == "control":
        return "control"
    if any(key in members[other] for group in groups for other in group.get("suppress", [])):
        return "suppressed"
    lists = [group["priority"] for group in groups if audience["audience"] in group.get("priority", [])]
    if any(key not in assigned(one, members).get(audience["audience"], frozenset()) for one in lists):
        return "priority"
    return None


Sent = frozenset[tuple[str, str]]
"""A record as a destination is sent it: the names of identifiers, each with a value of it."""


def moves(
    held: Mapping[Key, Sent],
    wanted: Mapping[Key, Sent],
    stay: frozenset[Key],
    together: frozenset[str] = frozenset(),
) -> dict[str, set[Sent]]:
    """What a destination that knows identifiers alone is sent, so that it ends up with those that are wanted.

    What is removed takes its values from everybody: whoever has one of them too is sent again after it.

    Args:
        held: the records that the destination has, by whose they are.
        wanted: those that it should have.
        stay: whose records are left there though they are not wanted any more.
        together: identifiers that lead to somebody only with each other, and only with a last name.

    Returns:
        The records to `remove`, to `add`, and to send `again`; and which of the added ones come `last`,
        because a removal that is worked on after them would take a value of theirs away.
    """

    def found_by(record: Sent) -> set[object]:
        apart: set[object] = {value for value in record if value[0] not in together}
        name = frozenset(value for value in record if value[0] in together)
        return apart | ({name} if any(part == "last_name" for part, _ in name) else set())

    kept = {record for key, record in held.items() if key in stay} | set(wanted.values())
    removed = {record for record in held.values() if record not in kept}
    taken = {way for record in removed for way in found_by(record)}
    before = set(held.values())
    added = set(wanted.values()) - before
    return {
        "remove": removed,
        "add": added,
        "last": {record for record in added if found_by(record) & taken},
        "again": {record for record in kept & before if found_by(record) & taken},
    }
