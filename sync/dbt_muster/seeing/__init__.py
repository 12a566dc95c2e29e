"""Looking at audiences: what they mean, whom they would hold, and why somebody is in or out."""

from dbt_muster.seeing.clock import Clock
from dbt_muster.seeing.describe import Description, describe
from dbt_muster.seeing.explain import Explanation, explain
from dbt_muster.seeing.overlap import Overlap, overlaps
from dbt_muster.seeing.preview import Preview, preview

__all__ = [
    "Clock",
    "Description",
    "Explanation",
    "Overlap",
    "Preview",
    "describe",
    "explain",
    "overlaps",
    "preview",
]
