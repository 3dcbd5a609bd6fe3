"""The whole way in the real Neovim: open, see, fix, see it gone, type, save."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from lsp.stdio import ROOT, SERVER

HERE = Path(__file__).parent
NEOVIM = shutil.which("nvim")

pytestmark = [
    pytest.mark.editors,
    pytest.mark.skipif(NEOVIM is None, reason="no nvim on the PATH: `python3 tests --editors` installs it"),
]

OPENED = """\
label = "😀é"
try:
    work()
except:
    report(label)
both = "😀é",\u00a01
"""

FIXED = """\
label = "😀é"
try:
    work()
except Exception:
    report(label)
both = "😀é", 1
# TODO #1
print(1)  # enforcer: allow[logging/print-call]: reason
"""


class Ended(NamedTuple):
    """How the editor ended, what the journey said, what is on disk."""

    code: int
    said: str
    text: bytes


def travel(folder: Path, command: Sequence[str], patience: int = 10_000) -> Ended:
    """Let Neovim go the whole way with a server."""
    (folder / ".git").mkdir()
    file, said = folder / "app.py", folder / "said"
    file.write_bytes(OPENED.encode())
    journey = {
        "command": command,
        "configuration": str(ROOT / "editors" / "neovim"),
        "file": str(file),
        "said": str(said),
        "patience": patience,
        "opened": "errors/bare-except@3:0-6 unicode/no-break-space-in-code@5:16-18",
        "steps": [
            {
                "line": 3,
                "column": 2,
                "apply": "Catch `Exception`",
                "expected": "unicode/no-break-space-in-code@5:16-18",
            },
            {"line": 5, "column": 16, "apply": "plain space", "expected": ""},
            {
                "line": 5,
                "column": 0,
                "type": "\n# TODO #1",
                "expected": [*6 * [""], *3 * ["debt/todo-without-reference@6:2-6"], ""],
            },
            {
                "line": 6,
                "column": 0,
                "type": "\nprint(1)",
                "expected": [*8 * [""], "logging/print-call@7:0-5"],
            },
            {"line": 7, "column": 0, "apply": "Allow `logging/print-call` here", "expected": ""},
        ],
    }
    (folder / "journey.json").write_text(json.dumps(journey), encoding="utf-8")
    directories = {
        f"XDG_{name}_{kind}": str(folder / "xdg" / name.lower())
        for name, kind in (
            ("CONFIG", "HOME"),
            ("DATA", "HOME"),
            ("STATE", "HOME"),
            ("CACHE", "HOME"),
            ("RUNTIME", "DIR"),
        )
    }
    for directory in directories.values():
        Path(directory).mkdir(parents=True)
    assert NEOVIM is not None
    ended = subprocess.run(
        [NEOVIM, "--clean", "--headless", "-n", "-c", f"luafile {HERE / 'neovim' / 'journey.lua'}"],
        env={**os.environ, **directories, "JOURNEY": str(folder / "journey.json"), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        cwd=folder,
    )
    words = said.read_text(encoding="utf-8") if said.exists() else ended.stderr.decode()
    return Ended(ended.returncode, words, file.read_bytes())


def test_open_see_fix_type_save(tmp_path: Path) -> None:
    ended = travel(tmp_path, SERVER)
    assert ended.said.strip() == "done"
    assert (ended.code, ended.text.decode()) == (0, FIXED)


MUTE = (
    sys.executable,
    "-I",
    "-c",
    "import sys\n"
    'body = b\'{"jsonrpc": "2.0", "id": 1, "result": {"capabilities": {"textDocumentSync": 2}}}\'\n'
    "sys.stdout.buffer.write(b'Content-Length: %d\\r\\n\\r\\n%b' % (len(body), body))\n"
    "sys.stdout.flush()\n"
    "sys.stdin.read()\n",
)
"""A server that answers `initialize` and says nothing more."""


@pytest.mark.parametrize("command", [("false",), MUTE], ids=["no server", "a mute server"])
def test_the_journey_fails_without_a_working_server(tmp_path: Path, command: Sequence[str]) -> None:
    ended = travel(tmp_path, command, patience=1_500)
    assert ended.code == 1
    assert "waited in vain for the first diagnostics" in ended.said
    assert ended.text.decode() == OPENED
