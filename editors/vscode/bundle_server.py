"""Puts the server that the extension brings along into `bundled`: the package and what it cannot do without.

Run at packaging, with pip. The packages are those of the lock, each file held to its hash, and only such as
run on every Python and system. What has files for one system alone stays out: Hyperscan and RE2 are used if
the Python that runs the server has them.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE.parents[1]
"""The checkout that the server is taken from: the one that this is part of, or the argument."""

BUNDLED = HERE / "bundled"

PACKAGES = ("attrs", "cattrs", "lsprotocol", "pygls", "typing-extensions")
"""Of the lock, those that are pure Python and are always needed."""

MAIN = '''\
"""Starts the server that came with the extension: only this file is read by Pythons that are too old."""

import os
import sys

if sys.version_info < (3, 11):
    sys.stderr.write("auto-enforcer: needs Python 3.11 or later, and this is %d.%d\\n" % sys.version_info[:2])
    sys.exit(2)

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [here] + [entry for entry in sys.path if os.path.abspath(entry) != here]
    from auto_enforcer.cli import main

    sys.exit(main(sys.argv[1:]))
'''


def main() -> int:
    """0, or what pip ended with."""
    shutil.rmtree(BUNDLED, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder) / "requirements.lock"
        lock.write_text(
            _locked((CHECKOUT / "requirements.lock").read_text(encoding="utf-8")), encoding="utf-8"
        )
        pip = [*_pip(folder), "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        pip += ["--require-hashes", "--only-binary=:all:", "--no-compile", "--target", str(BUNDLED)]
        # So that no wheel for this machine alone is taken.
        pip += ["--platform", "any", "--implementation", "py", "--abi", "none", "--python-version", "3.11"]
        code = subprocess.call([*pip, "--requirement", str(lock)])
        if code != 0:
            return code
    shutil.rmtree(BUNDLED / "bin", ignore_errors=True)
    package = CHECKOUT / "server" / "auto_enforcer"
    shutil.copytree(package, BUNDLED / "auto_enforcer", ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    (BUNDLED / "__main__.py").write_text(MAIN, encoding="utf-8")
    shutil.copyfile(CHECKOUT / "LICENSE", HERE / "LICENSE")
    return 0


def _pip(folder: str) -> list[str]:
    """pip of the running Python or, where that has none, of an environment that is made for it."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    made = Path(folder) / "pip"
    venv.EnvBuilder(symlinks=sys.platform != "win32", with_pip=True).create(made)
    python = made / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    return [str(python), "-m", "pip"]


def _locked(lock: str) -> str:
    """The lines of the lock that name the packages, without conditions: they are wanted for every machine."""
    kept, lines = False, []
    for line in lock.splitlines(keepends=True):
        if line[:1].isalnum():
            kept = line.partition("==")[0] in PACKAGES
        if kept:
            lines.append(line)
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
