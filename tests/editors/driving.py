"""What the journeys of all editors share: a user's home, the installed command, an end of all processes."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from lsp.stdio import ROOT

EDITORS = ROOT / "editors"

PATIENCE = 600
"""Seconds after which an editor counts as stuck, however busy the machine is. Nothing waits for them to pass
when all is well."""

STEP = 120
"""The same of one step of it."""

SERVING = (
    f"import sys; sys.path.insert(0, {str(ROOT / 'server')!r}); "
    "from auto_enforcer.__main__ import main; sys.exit(main())"
)
"""What the installed command runs, here from the checkout."""

MUTE = (
    "import sys\n"
    'body = b\'{"jsonrpc": "2.0", "id": 1, "result": {"capabilities": {"textDocumentSync": 2}}}\'\n'
    "sys.stdout.buffer.write(b'Content-Length: %d\\r\\n\\r\\n%b' % (len(body), body))\n"
    "sys.stdout.flush()\n"
    "sys.stdin.read()\n"
)
"""A server that answers `initialize` and says nothing more."""


OPENED = """\
label = "😀é"
try:
    work()
except:
    report(label)
both = "😀é",\u00a01
"""
"""What every journey opens: characters outside of ASCII, one of them beyond 16 bits, before what is found."""

MENDED = """\
label = "😀é"
try:
    work()
except Exception:
    report(label)
both = "😀é", 1
"""
"""The same after its safe fixes."""

OLD = "try:\n    work()\nexcept:\n    log()\n"
"""A file with a violation that stands in the base."""


class Ended(NamedTuple):
    """How an editor ended and what it printed."""

    code: int
    said: str


class Home:
    """A user's home folder with `auto-enforcer` on the PATH; nothing of the tester's own settings counts."""

    def __init__(self, folder: Path, cache: Path, serving: str = SERVING) -> None:
        """`cache` is where compiled patterns are kept, `serving` the Python that the command runs."""
        self.folder = folder
        programs = folder / "bin"
        programs.mkdir(parents=True)
        program = programs / "auto-enforcer"
        command = shlex.join([sys.executable, "-I", "-c", serving])
        program.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "GIT_"))}
        self.environment = {
            **kept,
            "HOME": str(folder),
            "AUTO_ENFORCER_CACHE_DIR": str(cache / "auto-enforcer"),
            "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}",
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "TMPDIR": str(folder / "tmp"),
            "LC_ALL": "C.UTF-8",
        }
        for name in ("XDG_RUNTIME_DIR", "TMPDIR"):
            Path(self.environment[name]).mkdir(mode=0o700)

    def sh(self, text: str, folder: Path = ROOT) -> None:
        """Run what a page tells a user to type."""
        subprocess.run(
            ["sh", "-euc", text],
            cwd=folder,
            env=self.environment,
            check=True,
            capture_output=True,
            timeout=PATIENCE,
        )

    def drive(self, command: Sequence[str], folder: Path, more: Mapping[str, str] | None = None) -> Ended:
        """Run an editor to its end; whatever it started ends with it."""
        said = self.folder / "printed"
        with said.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={**self.environment, **(more or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            try:
                code = process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                code = -1
            finally:
                end_group(process)
        assert not left_behind(self.folder), "processes go on without the editor"
        return Ended(code, said.read_text(encoding="utf-8", errors="replace"))


def left_behind(home: Path) -> list[int]:
    """The processes with this home folder that do not end by themselves within PATIENCE; they are killed."""
    mark = f"\0HOME={home}\0".encode()
    until = time.monotonic() + PATIENCE
    while left := [int(path.name) for path in Path("/proc").glob("[0-9]*") if mark in _environment_of(path)]:
        if time.monotonic() > until:
            for process in left:
                os.kill(process, signal.SIGKILL)
            break
        time.sleep(0.02)
    return left


def _environment_of(process: Path) -> bytes:
    try:
        return b"\0" + (process / "environ").read_bytes()
    except OSError:
        return b""


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a process that leads its own session, and of its children in it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait(PATIENCE)


def fenced(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in a language, without their indentation, in their order."""
    text = page.read_text(encoding="utf-8")
    found = re.finditer(rf"^( *)```{language}\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"(?m)^{match[1]}", "", match[2]) for match in found]


def shop(folder: Path, files: Mapping[str, str], committed: Sequence[str] = ()) -> Path:
    """A workspace that is a repository; what is committed is old."""
    place = folder / "shop"
    place.mkdir()
    for name, text in files.items():
        (place / name).write_bytes(text.encode())
    given = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    commands = [["init", "-q"], *([["add", *committed], ["commit", "-qm", "."]] if committed else [])]
    for command in commands:
        subprocess.run([*given, *command], cwd=place, check=True, capture_output=True, timeout=PATIENCE)
    return place
