"""From nothing to the first squiggle in VS Code: `python3 tests/bench/first_minute_vscode.py`.

Types the commands of the README of the extension, in a copy of what a clone has, as a new user: then opens a
folder in the real workbench. It needs what the tests of the extension drive: `python3 tests --editors` brings
it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from environment import ROOT, machine, options

FILLED = ROOT / ".driven" / "vscode"


def main() -> int:
    """0, or 1 where what is driven is not there or the squiggle did not come."""
    options(
        "Measure the first minute of the README in VS Code, from nothing to the first squiggle."
    ).parse_args()
    from editors.vscode import prepare

    os.environ.setdefault(prepare.VARIABLE, str(FILLED))
    from editors.vscode import building, workbench

    if not workbench.CODE_SERVER.is_file() or workbench.CHROMIUM is None:
        print("left out: `python3 tests --editors` brings what is driven", file=sys.stderr)
        return 1
    print(machine())
    with tempfile.TemporaryDirectory() as folder, workbench.home() as user:
        clone, shop, programs = (Path(folder) / name for name in ("clone", "shop", "bin"))
        building.clone(clone)
        shop.mkdir()
        (shop / "app.py").write_text("try:\n    work()\nexcept:\n    report()\n", encoding="utf-8")
        programs.mkdir()
        _as_code(programs / "code", user.command)
        path = os.pathsep.join([str(programs), os.environ["PATH"]])
        began = last = time.perf_counter()
        where = clone
        for command in building.first_minute():
            if command.startswith("cd "):
                where /= command.removeprefix("cd ")
                continue
            environment = user.environment | {"PATH": path, "npm_config_cache": _npm_cache()}
            subprocess.run(["sh", "-c", command], cwd=where, env=environment, capture_output=True, check=True)
            last = _lap(command, last)
        with workbench.serving(user, workbench.away_from_the_network()) as bench:
            last = _lap("the workbench begins", last)
            steps = [{"do": "open", "file": "app.py"}, {"do": "squiggle", "kind": "warning"}]
            ended = bench.travel(shop, steps)
            last = _lap("a folder, a file, its squiggle", last)
    print(f"{last - began:6.1f} s  all")
    return ended.code


def _lap(what: str, before: float) -> float:
    now = time.perf_counter()
    print(f"{now - before:6.1f} s  {what}", flush=True)
    return now


def _npm_cache() -> str:
    """npm's own, which may hold what it has brought before."""
    npm = shutil.which("npm")
    assert npm is not None
    return subprocess.run(
        [npm, "config", "get", "cache"], capture_output=True, text=True, check=True
    ).stdout.strip()


def _as_code(program: Path, command: Sequence[str]) -> None:
    """A `code` that is the workbench's."""
    program.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
    program.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main())
