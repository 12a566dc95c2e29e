"""Hypothesis strategies for worlds: data and specs that are valid and awkward."""

from tests.oracle.strategies.worlds import worlds

__all__ = ["worlds"]
