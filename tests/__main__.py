"""Runs everything that must hold: `python3 tests`, or a part of it: `python3 tests -k name`.

Only this file is read by Pythons that are too old, so it keeps to what 2.7 can parse.
"""

import os
import sys

if sys.version_info < (3, 11):
    sys.stderr.write(
        "tests: need Python 3.11 or later, and this is %d.%d (`%s`): start them with a newer one\n"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )
    sys.exit(2)

sys.path.insert(1, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "server"))

from runner import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
