"""The whole way in the real Emacs, with eglot and with lsp-mode: load, open, see, fix, save, scan."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from command import PATIENCE
from editors.driving import EDITORS, MENDED, MUTE, OLD, OPENED, SERVING, STEP, Home, fenced, shop

HERE = Path(__file__).parent
EMACS = shutil.which("emacs")
PAGE = EDITORS / "emacs" / "README.md"
PACKAGES = Path("/usr/share/emacs/site-lisp/elpa")

pytestmark = pytest.mark.editors

FIXED = f"""\
{MENDED}label = "😀é"; print(1)  # enforcer: allow[logging/print-call]: reason
# 😀 cd
label = "😀é"; print(2)  # enforcer: allow[logging/print-call]: why
"""


class Ended(NamedTuple):
    """How the editor ended, what the journey said, what is on disk."""

    code: int
    said: str
    text: bytes


def needs(client: str) -> None:
    """Skip where Emacs, or the client, is not there."""
    if EMACS is None or (client and not [*PACKAGES.glob(f"{client}-[0-9]*")]):
        pytest.skip(
            f"no Emacs with {client}: `python3 tests --editors` installs it where root runs it on Debian"
        )


def travel(folder: Path, home: Home, client: str, steps: list[dict[str, Any]]) -> Ended:
    """Copy what the page says, and let Emacs go the whole way."""
    [copied] = fenced(PAGE, "sh")
    home.sh(copied)
    [init] = fenced(PAGE, "elisp")
    file, said = home.folder / ".emacs.d" / "init.el", home.folder / "said"
    file.write_text(init, encoding="utf-8")
    journey = {"client": client, "init": str(file), "said": str(said), "patience": STEP, "steps": steps}
    (home.folder / "journey.json").write_text(json.dumps(journey), encoding="utf-8")
    ended = home.drive(
        [str(EMACS), "-Q", "--batch", "-l", str(HERE / "emacs" / "journey.el")],
        folder,
        {"JOURNEY": str(home.folder / "journey.json")},
    )
    words = said.read_text(encoding="utf-8") if said.exists() else ended.said
    return Ended(ended.code, words, (folder / "app.py").read_bytes())


def steps(folder: Path) -> list[dict[str, Any]]:
    space = "unicode/no-break-space-in-code@5:12-13 warning"
    old = "errors/bare-except@2:0-6"
    return [
        {"open": str(folder / "app.py"), "expected": f"errors/bare-except@3:0-6 warning, {space}"},
        {"line": 3, "column": 2, "hover": "errors/bare-except"},
        {"line": 3, "column": 2, "apply": "Catch `Exception`", "expected": space},
        {"line": 5, "column": 12, "apply": "plain space", "expected": ""},
        {"insert": 'label = "😀é"; print(1)', "expected": "logging/print-call@6:14-19 warning"},
        {"line": 6, "column": 16, "apply": "Allow `logging/print-call` here", "expected": ""},
        {"insert": "\n# 😀 c\u200bd\n", "expected": "unicode/invisible-character@7:5-6 error"},
        {
            "complete": 'label = "😀é"; print(2)  # enforcer: allow[',
            "shown": "logging/print-call",
            "rest": "]: why\n",
            "expected": "unicode/invisible-character@7:5-6 error",
        },
        {"write": True, "expected": ""},
        {"open": str(folder / "old.py"), "expected": f"{old} note"},
        {"command": "auto-enforcer-historical", "arguments": ["same"], "expected": f"{old} warning"},
        {"command": "auto-enforcer-historical", "arguments": ["off"], "expected": ""},
        {"command": "auto-enforcer-historical", "arguments": ["lower"], "expected": f"{old} note"},
        {
            "command": "auto-enforcer-scan",
            "said": "Auto-Enforcer: 2 violations in 2 files",
            "expected": f"{old} note",
        },
    ]


def workspace(folder: Path) -> Path:
    return shop(folder, {"app.py": OPENED, "old.py": OLD, "closed.py": "print(1)\n"}, ["old.py"])


@pytest.mark.parametrize("client", ["eglot", "lsp-mode"])
def test_open_see_hover_fix_type_save_scan(tmp_path: Path, cache: Path, client: str) -> None:
    needs(client)
    folder = workspace(tmp_path)
    ended = travel(folder, Home(tmp_path / "home", cache, SERVING), client, steps(folder))
    assert ended.said == "done"
    assert (ended.code, ended.text.decode()) == (0, FIXED)


@pytest.mark.parametrize("client", ["eglot", "lsp-mode"])
def test_the_journey_fails_without_a_working_server(tmp_path: Path, cache: Path, client: str) -> None:
    needs(client)
    folder = workspace(tmp_path)
    ended = travel(folder, Home(tmp_path / "home", cache, MUTE), client, [steps(folder)[0] | {"within": 1}])
    assert ended.code == 1
    assert ended.said.startswith("Waited in vain for the opened file")
    assert ended.text.decode() == OPENED


def test_the_file_compiles_without_a_warning(tmp_path: Path) -> None:
    needs("")
    shutil.copy(EDITORS / "emacs" / "auto-enforcer.el", tmp_path)
    strict = "(setq byte-compile-error-on-warn t)"
    command = [str(EMACS), "-Q", "--batch", "--eval", strict, "-f", "batch-byte-compile", "auto-enforcer.el"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
