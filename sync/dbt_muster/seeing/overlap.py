"""How many members audiences share, by their built tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product

from dbt_muster.render import Renderer
from dbt_muster.seeing.inline import Site
from dbt_muster.specs.meaning import Audience


@dataclass(frozen=True)
class Overlap:
    """Audiences of one entity, and what each two of them share.

    Attributes:
        entity: what their members are.
        audiences: their names, in the order asked for.
        shared: how many members two of them share, either way round; of one with itself, its size.
    """

    entity: str
    audiences: tuple[str, ...]
    shared: Mapping[tuple[str, str], int]

    def share(self, audience: str, other: str) -> float | None:
        """Which part of an audience is in another one; None of an audience without members."""
        size = self.shared[audience, audience]
        return self.shared[audience, other] / size if size else None

    def rows(self) -> Iterator[list[str]]:
        """The matrix: a heading, then a row an audience with its size and what is also in each other one."""
        yield [self.entity, "", "size", *map(str, range(1, len(self.audiences) + 1))]
        for number, name in enumerate(self.audiences, start=1):
            cells = [self._cell(name, other) for other in self.audiences]
            yield [name, str(number), f"{self.shared[name, name]:,}", *cells]

    def pairs(self) -> Iterator[list[str]]:
        """The same as a list: a heading, then each pair that shares anybody, the largest share first."""
        yield ["audience", "size", "members", "share", "are also in"]
        pairs = [pair for pair in permutations(self.audiences, 2) if self.shared[pair]]
        for one, other in sorted(pairs, key=lambda pair: -(self.share(*pair) or 0)):
            share = f"{self.share(one, other) or 0:.0%}"
            yield [one, f"{self.shared[one, one]:,}", f"{self.shared[one, other]:,}", share, other]

    def _cell(self, audience: str, other: str) -> str:
        share = self.share(audience, other)
        if audience == other or share is None:
            return "-"
        return f"{self.shared[audience, other]:,} {share:.0%}"

    def to_dict(self) -> dict[str, object]:
        """The machine form, for `--output json`."""
        return {
            "entity": self.entity,
            "audiences": [{"audience": name, "size": self.shared[name, name]} for name in self.audiences],
            "pairs": [
                {
                    "audience": one,
                    "other_audience": other,
                    "both": self.shared[one, other],
                    "share_of_audience": self.share(one, other),
                    "share_of_other_audience": self.share(other, one),
                }
                for one, other in combinations(self.audiences, 2)
            ],
        }


def overlaps(audiences: Sequence[Audience], memberships: str, site: Site) -> list[Overlap]:
    """What audiences share, entity by entity; members of different entities are never the same.

    Args:
        audiences: at least one, all of them built.
        memberships: the SQL name of `muster_memberships`.
        site: where the tables are.

    Raises:
        MusterError: the warehouse refused the query.
    """
    names = [audience.name for audience in audiences]
    rows = site.query(Renderer(site.dialect).call("muster_overlap_counts", memberships, names))
    found = {(one, other): int(size) for one, other, size in rows}
    by_entity: dict[str, list[str]] = {}
    for audience in audiences:
        by_entity.setdefault(audience.entity, []).append(audience.name)
    return [
        Overlap(entity, tuple(of_it), {pair: found.get(pair, 0) for pair in product(of_it, of_it)})
        for entity, of_it in by_entity.items()
    ]
