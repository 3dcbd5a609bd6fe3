"""How much of the labelled sets the rules find, and what they find beside them.

`python3 tests/labelled [FAMILY …]` checks every block of `<family>/<language>.md` as a file of a workspace
whose policy has the whole family on, rules that are off by default among them, and prints for each family,
language and rule: the finds, those found and missed, the false violations, the near misses, recall and
precision. A rule that could not run is named; then it exits with 1.

A find counts by rule and line; a rule that is not there misses all of its own. False is a violation of the
family in a line without a label of its rule. `sets.py` says what a label is.

--set second  the set `second/<family>/<language>.md` of whole files instead, which is of eight families
--show        also print each find that is missed and each false violation, with its line
"""

from __future__ import annotations

import os
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bench"))

import environment  # noqa: F401 — goes on in the suite's environment

from labelled.score import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
