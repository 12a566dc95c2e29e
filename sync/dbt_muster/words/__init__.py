"""What specs mean, in plain English: one function a kind of condition, operand or aggregate."""

from dbt_muster.words import sequences  # noqa: F401 - registers the words of sequences
from dbt_muster.words.tree import Node, node_of, tree
from dbt_muster.words.voice import Voice

__all__ = ["Node", "Voice", "node_of", "tree"]
