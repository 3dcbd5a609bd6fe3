"""`python3 tests/oracle`: see `run.py`."""

from __future__ import annotations

import os
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bench"))

import environment  # noqa: F401 — goes on in the suite's environment

from oracle.run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
