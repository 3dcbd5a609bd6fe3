"""The whole way in the real Vim with ALE: copy the file, open, see, fix, save."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from editors.driving import EDITORS, MENDED, MUTE, OLD, OPENED, SERVING, STEP, Home, fenced, shop

HERE = Path(__file__).parent
VIM = shutil.which("vim.nox")
PAGE = EDITORS / "vim" / "README.md"
ALE = Path("/usr/share/vim-ale")

pytestmark = [
    pytest.mark.editors,
    pytest.mark.skipif(
        VIM is None or not ALE.is_dir(),
        reason="no vim with ALE: `python3 tests --editors` installs it where root runs it on Debian",
    ),
]

FIXED = f"""\
{MENDED}label = "😀é"; print(1)  # enforcer: allow[logging/print-call]: reason
# 😀 cd
"""


class Ended(NamedTuple):
    """How the editor ended, what the journey said, what is on disk."""

    code: int
    said: str
    text: bytes


def travel(folder: Path, home: Home, steps: list[dict[str, Any]], patience: float = STEP) -> Ended:
    """Copy what the page says, and let Vim go the whole way. `patience` is seconds a step."""
    [copied] = fenced(PAGE, "sh")
    home.sh(copied)
    settings, said = home.folder / ".vimrc", home.folder / "said"
    # ALE runs whatever linter it finds on the PATH, save where the user says which.
    chosen = "let g:ale_linters_explicit = 1\n"
    settings.write_text(f"set encoding=utf-8\n{chosen}packadd! ale\nfiletype plugin on\n", encoding="utf-8")
    journey = {"said": str(said), "patience": patience, "steps": steps}
    (home.folder / "journey.json").write_text(json.dumps(journey), encoding="utf-8")
    script = str(HERE / "vim" / "journey.vim")
    ended = home.drive(
        [str(VIM), "-N", "-u", str(settings), "-i", "NONE", "-n", "-es", "-S", script],
        folder,
        {"JOURNEY": str(home.folder / "journey.json")},
    )
    words = said.read_text(encoding="utf-8").strip() if said.exists() else ended.said
    return Ended(ended.code, words, (folder / "app.py").read_bytes())


def steps(folder: Path) -> list[dict[str, Any]]:
    space = "app.py:6:17 W unicode/no-break-space-in-code"
    old = "old.py:3:1 W errors/bare-except"
    return [
        {"open": str(folder / "app.py"), "expected": f"app.py:4:1 W errors/bare-except, {space}"},
        {"line": 4, "column": 2, "hover": "errors/bare-except"},
        {"line": 4, "column": 2, "apply": "Catch `Exception`", "expected": space},
        {"line": 6, "column": 17, "apply": "plain space", "expected": ""},
        {"insert": 'label = "😀é"; print(1)', "expected": "app.py:7:19 W logging/print-call"},
        {"line": 7, "column": 20, "apply": "Allow `logging/print-call` here", "expected": ""},
        {"insert": "# 😀 c\u200bd", "expected": "app.py:8:9 E unicode/invisible-character"},
        {"line": 8, "column": 9, "apply": "that is safe", "expected": ""},
        {"write": True, "expected": ""},
        {"open": str(folder / "old.py"), "expected": old},
        {"command": "AutoEnforcerHistorical off", "expected": ""},
        {"command": "AutoEnforcerHistorical lower", "expected": old},
        {"check": f"closed.py:1:1 W logging/print-call, {old}"},
    ]


def workspace(folder: Path) -> Path:
    return shop(folder, {"app.py": OPENED, "old.py": OLD, "closed.py": "print(1)\n"}, ["old.py"])


def test_open_see_hover_fix_type_save_check(tmp_path: Path, cache: Path) -> None:
    folder = workspace(tmp_path)
    ended = travel(folder, Home(tmp_path / "home", cache, SERVING), steps(folder))
    assert ended.said == "done"
    assert (ended.code, ended.text.decode()) == (0, FIXED)


def test_the_journey_fails_without_a_working_server(tmp_path: Path, cache: Path) -> None:
    folder = workspace(tmp_path)
    ended = travel(folder, Home(tmp_path / "home", cache, MUTE), steps(folder)[:1], patience=1)
    assert ended.code == 1
    assert ended.said.startswith("waited in vain for the opened file")
    assert ended.text.decode() == OPENED
