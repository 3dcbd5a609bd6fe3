"""The whole way in the real Kate on a display without a screen: open, see, fix, see it gone, save."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from editors.driving import EDITORS, MENDED, MUTE, OPENED, SERVING, Home, end_group, fenced, left_behind, shop

PAGE = EDITORS / "kate" / "README.md"
PROGRAMS = ("kate", "Xvfb", "openbox", "xdotool")
MISSING = [program for program in PROGRAMS if shutil.which(program) is None]

pytestmark = [
    pytest.mark.editors,
    pytest.mark.skipif(
        bool(MISSING),
        reason=f"no {' '.join(MISSING)}: `python3 tests --editors` installs it where root runs it on Debian",
    ),
]

MARKED = (0xE1, 0xFF, 0xE1)
"""The colour behind a line with a violation, red, green and blue, give or take NEAR."""

NEAR = 6

PATIENCE = 120.0
"""Seconds after which something that is to be seen counts as missing, however busy the machine is."""


AGAIN = 20.0
"""Seconds after which a person tries again."""


class Window:
    """A display with Kate on it."""

    def __init__(self, screen: Path, environment: dict[str, str]) -> None:
        self._screen = screen
        self._environment = environment

    def marked(self) -> int:
        """How many lines of pixels the display shows that are coloured as those with a violation are."""
        data = self._screen.read_bytes()
        header = struct.unpack(">25I", data[:100])
        width, height, stride = header[4], header[5], header[12]
        start = header[0] + header[19] * 12
        count = 0
        for row in range(height):
            line = data[start + row * stride : start + row * stride + width * 4]
            # The right half of the text, where the file's lines are blank.
            colours = (line[at : at + 3] for at in range(width * 2, width * 3, 4))
            count += sum(map(_is_marked, colours)) > width // 8
        return count

    def keys(self, *names: str) -> None:
        subprocess.run(
            ["xdotool", "key", "--delay", "30", *names], env=self._environment, check=True, timeout=PATIENCE
        )

    def fix(self, line: int) -> None:
        """Ask for the fix of what is at the end of a line. The line of the cursor has a colour of its own, so
        the cursor goes back to the first one, where nothing is."""
        self.keys("ctrl+Home", *["Down"] * (line - 1), "End", "Left", "ctrl+period", "ctrl+Home")

    def mend(self, line: int, what: str, condition: Callable[[], bool]) -> None:
        """Ask for a fix until something is so, as a person does where nothing happens: Kate takes the keys
        before it knows what can be fixed. What is fixed has no fix."""
        end = time.monotonic() + PATIENCE
        while True:
            self.fix(line)
            try:
                until(what, condition, AGAIN)
                return
            except AssertionError:
                if time.monotonic() > end:
                    raise

    def is_there(self) -> bool:
        """Whether the file's window is, and has the keyboard."""
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", "app.py", "windowfocus", "--sync"],
            env=self._environment,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return found.returncode == 0


def _is_marked(colour: bytes) -> bool:
    blue, green, red = colour
    return all(abs(a - b) <= NEAR for a, b in zip((red, green, blue), MARKED, strict=True))


def until(what: str, condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


@contextmanager
def kate(folder: Path, home: Home) -> Iterator[Window]:
    """Kate with `app.py` open, set up as the page says, on a display of its own."""
    [copied] = fenced(PAGE, "sh")
    home.sh(copied)
    command = home.folder / "bin" / "auto-enforcer"
    # What a person answers to once.
    (home.folder / ".config" / "katerc").write_text(
        f"[lspclient]\nAllowedServerCommandLines={command} lsp,auto-enforcer lsp\n", encoding="utf-8"
    )
    screen = home.folder / "screen"
    screen.mkdir()
    environment = {**home.environment, "DBUS_SESSION_BUS_ADDRESS": "disabled:"}
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str, **more: object) -> subprocess.Popen[bytes]:
        with (home.folder / f"{os.path.basename(command[0])}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=more.get("stdout", log),  # type: ignore[call-overload]
                stderr=log,
                start_new_session=True,
            )
        started.append(process)
        return process

    try:
        display = start(
            *("Xvfb", "-displayfd", "1", "-screen", "0", "800x500x24", "-fbdir", str(screen)),
            # A display without it begins anew when the last client leaves, which may be the first one.
            *("-nolisten", "tcp", "-noreset"),
            stdout=subprocess.PIPE,
        )
        assert display.stdout is not None
        environment["DISPLAY"] = f":{display.stdout.readline().decode().strip()}"
        start("openbox")
        start("kate", "app.py")
        window = Window(screen / "Xvfb_screen0", environment)
        until("Kate's window", window.is_there)
        yield window
    finally:
        for process in reversed(started):
            end_group(process)
            if process.stdout is not None:
                process.stdout.close()
        assert not left_behind(home.folder), "processes go on without the editor"


def workspace(folder: Path) -> Path:
    return shop(folder, {"app.py": OPENED, "enforcer.toml": "", "other.py": ""})


def test_open_see_fix_save(tmp_path: Path, cache: Path) -> None:
    folder = workspace(tmp_path)
    file = folder / "app.py"
    with kate(folder, Home(tmp_path / "home", cache, SERVING)) as window:
        until("two lines to be marked", lambda: window.marked() > 20)
        both = window.marked()
        window.mend(6, "one line to be marked", lambda: 0 < window.marked() < both)
        window.mend(4, "no line to be marked", lambda: window.marked() == 0)
        window.keys("ctrl+s")
        until("the file to be saved", lambda: file.read_bytes() not in (OPENED.encode(), b""))
    assert file.read_bytes().decode() == MENDED


def test_the_journey_fails_without_a_working_server(tmp_path: Path, cache: Path) -> None:
    folder = workspace(tmp_path)
    with kate(folder, Home(tmp_path / "home", cache, MUTE)) as window:
        with pytest.raises(AssertionError, match="waited in vain for a line"):
            until("a line to be marked", lambda: window.marked() > 0, patience=2)
        window.fix(4)
        window.keys("ctrl+s")
    assert (folder / "app.py").read_bytes() == OPENED.encode()
