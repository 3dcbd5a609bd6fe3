"""Starts Auto-Enforcer from a checkout: `python3 server check PATH`, `python3 server lsp`.

Only this file is read by Pythons that are too old, so it keeps to what 2.7 can parse.
"""

import sys

if sys.version_info < (3, 11):
    sys.stderr.write(
        "auto-enforcer: needs Python 3.11 or later, and this is %d.%d (`%s`): start it with a newer one\n"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )
    sys.exit(2)

# As under `-I`: a setting of the user's Python must not make each start compile the package anew.
sys.dont_write_bytecode = False

from bootstrap import start  # noqa: E402

if __name__ == "__main__":
    sys.exit(start(sys.argv[1:]))
