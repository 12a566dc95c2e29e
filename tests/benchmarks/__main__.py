"""`python -m tests.benchmarks`, or `python tests/benchmarks`: measure and report."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    # Started as a folder, Python looks for modules in the folder alone.
    root = str(Path(__file__).resolve().parents[2])
    if root not in sys.path:
        sys.path.insert(0, root)
    sys.exit(importlib.import_module("tests.benchmarks.run").main())
