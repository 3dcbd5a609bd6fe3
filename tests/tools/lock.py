"""Writes the lock files anew, with what the registry has today: `python3 tests/tools/lock.py`.

Needs `uv` on the PATH. One file serves every platform and every Python the package supports, so it holds the
hashes of all wheels of a release. No index is named in it: pip's own settings say where files come from.
"""

from __future__ import annotations

import os
import subprocess
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOP = os.path.dirname(TESTS)

LOCKS = {
    "requirements.lock": ["pyproject.toml", "--extra", "team-rules"],
    "mcp.lock": ["pyproject.toml", "--extra", "mcp", "--constraint", "requirements.lock"],
    "tests/requirements.lock": ["tests/requirements.txt", "--constraint", "requirements.lock"],
    "tests/editors.lock": ["tests/editors.txt"],
    "tests/gates.lock": ["tests/gates.txt", "--constraint", "tests/requirements.lock"],
}
"""Lock file: what it is made from. The order counts, one constrains the next."""


def main() -> int:
    for lock, sources in LOCKS.items():
        command = ["uv", "pip", "compile", *sources, "--universal", "--python-version", "3.11"]
        command += ["--generate-hashes", "--only-binary", ":all:", "--no-emit-index-url", "--no-header"]
        command += ["--no-annotate", "--no-config", "--upgrade", "--quiet", "--output-file", lock]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
        done = subprocess.run(command, cwd=TOP, env=environment, check=False)
        if done.returncode != 0:
            return done.returncode
        print(f"wrote {lock}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
