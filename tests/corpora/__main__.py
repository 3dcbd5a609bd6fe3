"""What the recommended set says of CPython's library and of twenty well-kept packages each of PyPI and npm.

`python3 tests --corpora [PACKAGE …]` brings the packages of `pins.py` here by pip and npm where they are
not yet (into the folder of `--oracle`), checks them in one process, and prints for each the lines of its
programs, what is blocked and warned of, each 1,000 lines, and by rule; then the medians, every rule with more
than one warning each 1,000 lines in its median package, and what is blocked and was not read. A word that is
part of a package's name chooses it.

--rows    print each finding instead: package, place, rule, severity, with tabs between
--shares  print what the two readers of `verdicts.md` say instead: read and true, by rule
"""

from __future__ import annotations

import os
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bench"))

import environment  # noqa: F401 — goes on in the suite's environment

from corpora.report import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
