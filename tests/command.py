"""The command as a process of its own, for tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

Files = Mapping[str, str | bytes]
"""Contents by path."""

SERVER = Path(__file__).parent.parent / "server"
TODAY = "2026-11-22"

PATIENCE = 300
"""Seconds after which a process counts as stuck, however busy the machine is. Nothing waits for it."""


class Done(NamedTuple):
    """How a process ended. Each run is so short that its output is held whole."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]
"""Runs the command with arguments, in a `folder`, on `given` input, with more of an environment."""


def environment(cache: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """What the command runs under: nothing of the tester's own settings."""
    needed = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
    kept = {name: value for name, value in os.environ.items() if name.upper() in needed}
    ours = {
        "PYTHONPATH": str(SERVER),
        "AUTO_ENFORCER_TODAY": TODAY,
        "AUTO_ENFORCER_CACHE_DIR": str(cache / "auto-enforcer"),
        "XDG_CACHE_HOME": str(cache),
        "HOME": str(cache),
        "PYTHONUTF8": "1",
    }
    return {**kept, **ours, **(more or {})}


def take_patterns(source: Path, target: Path) -> None:
    """Copy the compiled patterns of a folder of the cache that another lacks, where there are any."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in source.glob("*.patterns"):
        if not (target / path.name).exists():
            # Another process may do the same.
            made = target / f"{path.name}.{os.getpid()}.tmp"
            shutil.copy2(path, made)
            made.replace(target / path.name)


def command(*arguments: str) -> list[str]:
    """The command line."""
    return [sys.executable, "-m", "auto_enforcer", *arguments]


def run(
    arguments: Sequence[str],
    folder: Path,
    cache: Path,
    given: bytes = b"",
    more: Mapping[str, str] | None = None,
) -> Done:
    """Runs the command in a folder to its end."""
    done = subprocess.run(
        command(*arguments),
        cwd=folder,
        input=given,
        capture_output=True,
        env=environment(cache, more),
        timeout=PATIENCE,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def on_terminal(
    arguments: Sequence[str],
    folder: Path,
    cache: Path,
    width: int,
    more: Mapping[str, str] | None = None,
    *,
    given: int | None = None,
) -> Done:
    """Runs the command on a terminal so many columns wide; both its outputs are `out`, as they came, with
    plain line ends. `given` is a descriptor for its input, else it is the terminal too."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    try:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        process = subprocess.Popen(
            command(*arguments),
            cwd=folder,
            stdin=theirs if given is None else given,
            stdout=theirs,
            stderr=theirs,
            env=environment(cache, {"TERM": "xterm-256color", **(more or {})}),
        )
    finally:
        os.close(theirs)
    pieces = []
    with open(ours, "rb", buffering=0) as screen:
        try:
            while piece := screen.read(1 << 16):
                pieces.append(piece)
        except OSError:  # Linux says so when the other end is closed
            pass
    return Done(process.wait(PATIENCE), b"".join(pieces).decode().replace("\r\n", "\n"), "")


def shown(out: str) -> str:
    """What a terminal shows in the end: without lines that were erased, such as how far a run is that takes
    longer than a moment."""
    return re.sub(r"[^\n]*\r\x1b\[K", "", out)


def fill(folder: Path, files: Files) -> None:
    """Writes files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
