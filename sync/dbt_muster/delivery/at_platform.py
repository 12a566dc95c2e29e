"""The audience where a destination keeps it: made once, found again, followed by what is made of it."""

from __future__ import annotations

import hashlib
from typing import Literal

from dbt_muster.delivery.ledger import STATE, Ledger, Remote
from dbt_muster.delivery.pairs import Pair
from dbt_muster.delivery.report import PairReport
from dbt_muster.delivery.sending import describe
from dbt_muster.delivery.tables import Connection
from dbt_muster.destinations import AudienceAtPlatform, AudienceGoneError
from dbt_muster.errors import MusterError

Standing = Literal["there", "found again", "lost"]


class AtPlatform:
    """One pair's audience at its destination.

    Args:
        pair: which audience, to which destination.
        ledger: where it is recorded what the platform calls it.
        connection: the warehouse, whose own name keeps the audiences of two warehouses apart.
    """

    def __init__(self, pair: Pair, ledger: Ledger, connection: Connection) -> None:
        self._pair = pair
        self._ledger = ledger
        self._recorded = ledger.remote()
        self.shown = _shown(pair, connection.relation(STATE))

    @property
    def id(self) -> str | None:
        """What the platform calls the audience, where it is known."""
        return self._recorded.id if self._recorded else None

    @property
    def is_to_be_made(self) -> bool:
        """Whether the next delivery has to make it first."""
        return self._pair.destination.capabilities.creates and self.id is None

    def ensure(self) -> Standing:
        """Make the audience where it is not there yet, and record it. One that ends is not made for that.

        Returns:
            `lost` where it had been made and is gone, so that nobody is held; `found again` where it seemed
            gone and was found by its marker: whom it holds has to be told again.
        """
        if not self._pair.destination.capabilities.creates:
            self._record(None)
            return "there"
        if self.id is None:
            return self._sought("there")
        try:
            there = self._pair.destination.ensure(self.shown, self.id)
        except AudienceGoneError:
            return self._sought("lost")
        if self._is_kept:
            self._record(there)
        return "there"

    def doubt(self) -> None:
        """The platform said that there is no such audience: it is looked for before it is sent anything."""
        self._ledger.doubt_all()
        self._ledger.doubt_remote()
        self._recorded = self._ledger.remote()

    @property
    def _is_kept(self) -> bool:
        return self._pair.ending == "keep"

    def _sought(self, otherwise: Standing) -> Standing:
        """Look for an audience that ought to hold somebody before another takes its place.

        An answer that there is no such audience may come from something else on the way. Then the audience
        holds whom it held, and a state that forgot them would leave them there for good.
        """
        destination, held = self._pair.destination, self._ledger.held() > 0
        there = destination.look_up(self.shown) if held else None
        made = destination.ensure(self.shown, None) if there is None and self._is_kept else there
        # What made it may have found it, where the look-up did not.
        if held and made is not None and made in (there, self.id):
            self._ledger.doubt_all()
            self._record(made)
            return "found again"
        if held:
            # Only now: where another cannot be made, perhaps the old one is there after all.
            self._ledger.forget_state()
        self._record(made)
        return "lost" if held else otherwise

    def after(self, report: PairReport) -> str | None:
        """Make lookalikes and ask how many people were found, once members were delivered.

        Returns:
            What went wrong, for people; members were delivered all the same, but for those that were refused.
        """
        destination = self._pair.destination
        try:
            if self._pair.ending == "empty" and (left := self._ledger.held()):
                who = "1 member was" if left == 1 else f"{left:,} members were"
                return f"{who} not taken out, as the platform refused; the next sync tries again."
            if self._pair.ending in ("empty", "delete"):
                self._end()
            if self.id is None:
                return None
            if destination.options_model.makes_lookalikes:
                report.lookalikes = destination.make_lookalikes(self.id, self.shown, self._pair.options)
            report.matched = destination.matched(self.id)
        except Exception as error:
            return f"the members were delivered, but what comes after failed: {describe(error)}"
        return None

    def _end(self) -> None:
        destination = self._pair.destination
        # An answer that there is no such audience may come from something else on the way.
        if (
            self._pair.ending == "delete"
            and self.id is not None
            and not destination.delete(self.id)
            and destination.look_up(self.shown) is not None
        ):
            raise MusterError("the audience is still there; the next sync deletes it.")
        self._ledger.forget_remote()
        self._recorded = None

    def _record(self, remote_id: str | None) -> None:
        recorded = self._ledger.remote()
        values: dict[str, object] = {
            "entity": self._pair.entity.name,
            "remote_id": remote_id,
            "remote_name": self.shown.name,
            "description": self.shown.description,
            "on_delete": self._pair.on_delete,
        }
        wanted = Remote(remote_id, self.shown.name, self.shown.description, self._pair.on_delete)
        if recorded != wanted:
            self._ledger.record_remote(values, new=recorded is None)
        self._recorded = self._ledger.remote()


def _shown(pair: Pair, warehouse: str) -> AudienceAtPlatform:
    """The marker is the same for the same audience of the same warehouse, and for no other."""
    whose = f"{warehouse}/{pair.spec.name}/{pair.audience.name}"
    digest = hashlib.sha256(whose.encode()).hexdigest()[:12]
    return AudienceAtPlatform(
        name=pair.options.name or pair.audience.name,
        description=pair.audience.description or "",
        marker=f"muster-{digest}",
        options=pair.options,
    )
