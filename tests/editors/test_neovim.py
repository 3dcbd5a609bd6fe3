"""The whole way in the real Neovim, as its page says: copy, open, see, fix, type, complete, save, scan."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from auto_enforcer import __version__
from editors.driving import EDITORS, MENDED, MUTE, OLD, OPENED, STEP, Home, fenced, shop
from test_notebooks import code, lines, notebook

HERE = Path(__file__).parent
NEOVIM = shutil.which("nvim")
PAGE = EDITORS / "neovim" / "README.md"

pytestmark = [
    pytest.mark.editors,
    pytest.mark.skipif(NEOVIM is None, reason="no nvim on the PATH: `python3 tests --editors` installs it"),
]

FIXED = f"""\
{MENDED}# TODO #1
print(1)  # enforcer: allow[logging/print-call]: reason
label = "😀é"; print(2)  # enforcer: allow[logging/print-call]: why
# 😀 cd
"""


class Ended(NamedTuple):
    """How the editor ended, what the journey and the health check said, what is on disk."""

    code: int
    said: str
    health: str
    text: bytes


def travel(folder: Path, home: Home, steps: list[dict[str, Any]]) -> Ended:
    """Copy what the page says, and let Neovim go the whole way."""
    for block in fenced(PAGE, "sh"):
        home.sh(block)
    start, *more = fenced(PAGE, "lua")
    config = home.folder / ".config" / "nvim" / "init.lua"
    config.write_text(start + "".join(more), encoding="utf-8")
    said, health = home.folder / "said", home.folder / "health"
    journey = {"said": str(said), "health": str(health), "patience": STEP * 1_000, "steps": steps}
    (home.folder / "journey.json").write_text(json.dumps(journey), encoding="utf-8")
    assert NEOVIM is not None
    ended = home.drive(
        [NEOVIM, "--headless", "-n", "-i", "NONE", "-c", f"luafile {HERE / 'neovim' / 'journey.lua'}"],
        folder,
        {"JOURNEY": str(home.folder / "journey.json")},
    )
    words = said.read_text(encoding="utf-8") if said.exists() else ended.said
    checked = health.read_text(encoding="utf-8") if health.exists() else ""
    return Ended(ended.code, words, checked, (folder / "app.py").read_bytes())


def steps(folder: Path) -> list[dict[str, Any]]:
    space = "unicode/no-break-space-in-code@5:16-18 WARN"
    old = "errors/bare-except@2:0-6"
    return [
        {"open": str(folder / "app.py"), "expected": f"errors/bare-except@3:0-6 WARN, {space}"},
        {"line": 3, "column": 2, "hover": "**errors/bare-except** · warning"},
        {"apply": "Catch `Exception`", "expected": space},
        {"line": 5, "column": 16, "apply": "plain space", "expected": ""},
        {
            "line": 5,
            "column": 0,
            "type": "\n# TODO #1",
            "expected": [*6 * [""], *3 * ["debt/todo-without-reference@6:2-6 WARN"], ""],
        },
        {
            "line": 6,
            "column": 0,
            "type": "\nprint(1)",
            "expected": [*8 * [""], "logging/print-call@7:0-5 WARN"],
        },
        {"line": 7, "column": 0, "apply": "Allow `logging/print-call` here", "expected": ""},
        {
            "complete": '\nlabel = "😀é"; print(2)  # enforcer: allow[',
            "shown": "logging/print-call",
            "rest": "]: why\n# 😀 c\u200bd",
            "expected": "unicode/invisible-character@9:8-11 ERROR",
        },
        {"write": True, "expected": ""},
        {"open": str(folder / "old.py"), "expected": f"{old} INFO"},
        {"command": "AutoEnforcer historical same", "expected": f"{old} WARN"},
        {"command": "AutoEnforcer historical off", "expected": ""},
        {"command": "AutoEnforcer historical lower", "expected": f"{old} INFO"},
        {
            "scan": "Auto-Enforcer: 2 violations in 2 files",
            "file": str(folder / "closed.py"),
            "expected": "logging/print-call@0:0-5 WARN",
        },
    ]


def workspace(folder: Path) -> Path:
    return shop(folder, {"app.py": OPENED, "old.py": OLD, "closed.py": "print(1)\n"}, ["old.py"])


def test_open_see_hover_fix_type_complete_save_scan(tmp_path: Path, cache: Path) -> None:
    folder, home = workspace(tmp_path), Home(tmp_path / "home", cache)
    ended = travel(folder, home, steps(folder))
    assert ended.said.strip() == "done"
    assert (ended.code, ended.text.decode()) == (0, FIXED)
    for said in (
        "OK Neovim 0.11",
        f"`auto-enforcer` is {home.folder}/bin/auto-enforcer",
        f"OK it answers: auto-enforcer {__version__}",
        f"client 1: server {__version__}, positions in utf-8, 2 buffers, workspace {folder}",
    ):
        assert said in ended.health
    assert "ERROR" not in ended.health
    assert "WARNING" not in ended.health


def test_a_notebook_is_checked_and_mended_in_the_text_of_its_file(tmp_path: Path, cache: Path) -> None:
    source = "x = load()\nif x == None:\n    pass\n"
    book = notebook(code(lines(source)), code("😀 = 'é'; eval(y)\n"))
    folder, home = shop(tmp_path, {"app.py": OPENED, "book.ipynb": book}, []), Home(tmp_path / "home", cache)
    rows = book.split("\n")
    at = next(number for number, row in enumerate(rows) if "== None" in row)
    other = next(number for number, row in enumerate(rows) if "😀" in row)
    # Columns are bytes.
    column = len(rows[other].partition("eval")[0].encode())
    call = f"security/eval-call@{other}:{column}-{column + 4} WARN"
    found = f"python/none-comparison@{at}:10-17 WARN, {call}"
    journey: list[dict[str, Any]] = [
        {"open": str(folder / "book.ipynb"), "expected": found},
        {"line": at, "column": 12, "apply": "Compare with `is`", "expected": call},
        {"line": 1, "column": 0, "type": " x", "expected": [call, ""]},
        {"command": "undo", "expected": call},
        {"write": True, "expected": call},
    ]
    ended = travel(folder, home, journey)
    assert ended.said.strip() == "done"
    text = book.replace("x == None", "x is None").replace('"cells": [', '"cells": [ ')
    assert (folder / "book.ipynb").read_text(encoding="utf-8").rstrip("\n") == text


@pytest.mark.parametrize(
    ("serving", "answers", "said"),
    [
        ("import sys; sys.exit('broken')", False, "ERROR `auto-enforcer --version` ended with 1: broken"),
        (MUTE, True, "OK client 1: server of no known version"),
    ],
    ids=["no server", "a mute server"],
)
def test_the_journey_fails_without_a_working_server(
    tmp_path: Path, cache: Path, serving: str, answers: bool, said: str
) -> None:
    folder = workspace(tmp_path)
    opening = steps(folder)[0] | {"within": 1_500, "answers": answers}
    ended = travel(folder, Home(tmp_path / "home", cache, serving), [opening])
    assert ended.code == 1
    assert "waited in vain for the opened file" in ended.said
    assert said in ended.health
    assert ended.text.decode() == OPENED
