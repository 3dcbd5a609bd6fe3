"""The fuzzer: `python3 tests/fuzz run`, `python3 tests/fuzz replay FILE`, `python3 tests/fuzz shrink FILE`.

run --edits N --seed S   hold conversations until N edits were made; the same seed and numbers make the same
replay FILE              perform a conversation that was written down; 0 if all is well
shrink FILE              make it shorter, in place
"""

from __future__ import annotations

import os
import sys

sys.path[:1] = [os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bench")]

import environment  # noqa: E402, F401 - goes on in the suite's environment

from fuzz.campaign import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
