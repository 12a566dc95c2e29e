"""dbt for a warehouse that is not there: `python -m tests.adapters.offline <adapter> <dbt's arguments>`.

Of a warehouse, muster's models ask one thing while they are written: whether the table of erased people is
there. An empty warehouse has no tables, and so answers an adapter that is never connected.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from dbt.adapters.factory import FACTORY
from dbt.cli.main import dbtRunner


def main(adapter: str, arguments: Sequence[str]) -> int:
    """Run dbt with an adapter that finds no relation; 0 where it went through."""
    FACTORY.load_plugin(adapter)
    kind: Any = FACTORY.get_adapter_class_by_name(adapter)
    kind.get_relation = lambda *_, **__: None
    kind.list_relations = lambda *_, **__: []
    result = dbtRunner().invoke(list(arguments))
    if result.exception is not None:
        sys.stderr.write(f"{result.exception}\n")
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
