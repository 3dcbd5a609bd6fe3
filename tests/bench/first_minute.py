"""The first minute with Neovim: `python3 tests/bench/first_minute.py`. Needs git, nvim and a network; Linux.

From a clone to the first diagnostic in the editor, in a home folder that was empty, with the very commands of
the README. pip's cache is empty, too.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from environment import ROOT, machine, options

from editors.driving import left_behind

TEXT = "try:\n    work()\nexcept:\n    pass\n"
"""What is opened: its third line is found fault with."""

SEEN = """\
vim.cmd.edit("app.py")
local seen = vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end, 2)
io.stdout:write(seen and vim.diagnostic.get(0)[1].code or "nothing", "\\n")
vim.cmd(seen and "qall!" or "cquit 1")
"""
"""Waits for what the editor holds."""


def main() -> int:
    parser = options("Measure the first minute with Neovim: from a clone to the first diagnostic.")
    parser.parse_args()
    for program in ("git", "nvim"):
        if shutil.which(program) is None:
            print(f"there is no {program} on the PATH", file=sys.stderr)
            return 2
    print(machine())
    with tempfile.TemporaryDirectory(prefix="auto-enforcer-") as folder:
        try:
            return walk(Path(folder))
        finally:
            # Patterns are compiled beside the editor, and kept in the home folder that goes away.
            left_behind(Path(folder) / "home")


def walk(folder: Path) -> int:
    """Take each step, and print how many seconds it took."""
    home, clone = folder / "home", folder / "clone"
    home.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    environment |= {"HOME": str(home), "PATH": f"{home}/.local/bin{os.pathsep}{environment['PATH']}"}
    install = installing()
    steps = [
        ("clone", f"git clone -q '{ROOT}' '{clone}'", folder),
        *((line, line, clone) for line in install),
    ]
    steps += [(line, line, clone) for line in readme("## Neovim in a minute").splitlines()]
    if install[-1].startswith("python3 "):
        # pip installs into a virtual environment only.
        made = f"python3 -m venv '{home}/.local'"
        steps.insert(1, (made, made, folder))
    steps.append(
        ("open a file, see the first diagnostic", f"nvim --headless -n -c 'luafile {home}/seen.lua'", home)
    )
    (home / "seen.lua").write_text(SEEN)
    (home / "app.py").write_text(TEXT)
    whole = 0.0
    for said, command, place in steps:
        began = time.perf_counter()
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=place,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        took = time.perf_counter() - began
        whole += took
        print(f"{took:8.2f} s   {said.replace(str(folder), '~')}", flush=True)
        if done.returncode != 0:
            print(done.stdout.decode("utf-8", "replace"), file=sys.stderr)
            return 1
    print(f"{whole:8.2f} s   from nothing to `{done.stdout.decode().strip()}`")
    return 0


def installing() -> list[str]:
    """The README's first way to install whose program is there."""
    for block in re.findall(r"```sh\n(.*?)```", section("## Install as a tool"), re.DOTALL):
        if shutil.which(block.split()[0]):
            return block.splitlines()
    raise SystemExit("none of the README's ways to install is there")


def readme(title: str) -> str:
    """The first commands of a section."""
    found = re.search(r"```sh\n(.*?)```", section(title), re.DOTALL)
    assert found is not None
    return found[1]


def section(title: str) -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.split(f"\n{title}\n")[1].split("\n## ")[0]


if __name__ == "__main__":
    sys.exit(main())
