"""The extension built, installed and gone through in VS Code's real workbench: one, without a network, and
four pages. `python3 tests --editors` brings what that takes.

With `AUTO_ENFORCER_SHOTS=editors/vscode/pictures` the pictures of the README are taken anew, and one of what
is seen where a journey fails.
"""

from __future__ import annotations

import json
import os
import shlex
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from editors import driving
from editors.vscode.building import NPM, built
from editors.vscode.workbench import (
    CHROMIUM,
    CODE_SERVER,
    Ended,
    Workbench,
    away_from_the_network,
    home,
    serving,
)
from lsp.stdio import ROOT, SERVER
from repositories import Repository

SHOTS = Path(os.environ["AUTO_ENFORCER_SHOTS"]).absolute() if "AUTO_ENFORCER_SHOTS" in os.environ else None

MISSING = (
    "`AUTO_ENFORCER_VSCODE` names no folder that tests/editors/vscode/prepare.py has filled"
    if not CODE_SERVER.is_file()
    else "no npm on the PATH"
    if NPM is None
    else "no chromium on the PATH"
    if CHROMIUM is None
    else ""
)

pytestmark = [
    pytest.mark.editors,
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=MISSING),
]

WHOLE = {"x": 0, "y": 36, "width": 720, "height": 424}
EDITOR = {"x": 52, "y": 36, "width": 664, "height": 320}
REPORT = {"x": 302, "y": 36, "width": 694, "height": 300}
"""Parts of the window that pictures show: all below the title; the editor, where the side bar is hidden; most
of a panel beside it."""

LARGEST = 2 << 20
"""Bytes of the package."""

Steps = list[dict[str, Any]]


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory)


@pytest.fixture(scope="module")
def workbench(package: Path) -> Iterator[Workbench]:
    """A new user's, into which the package was installed, and what stands for another's extension. It has no
    network, where the system lets it have none."""
    with home() as user:
        user.install(package, toml(user.folder / "tmp"))
        with serving(user, away_from_the_network()) as bench:
            yield bench


def toml(folder: Path) -> Path:
    """An extension by the name of Even Better TOML that has the one setting of it that ours writes."""
    setting = {"evenBetterToml.schema.associations": {"type": "object", "scope": "resource"}}
    manifest = {
        "publisher": "tamasfe",
        "name": "even-better-toml",
        "version": "0.0.1",
        "engines": {"vscode": "^1.91.0"},
        "contributes": {"configuration": {"properties": setting}},
    }
    path = folder / "toml.vsix"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("extension/package.json", json.dumps(manifest))
    return path


def went(ended: Ended) -> Ended:
    """A journey that came to its end."""
    for step in ended.steps:
        print(json.dumps(step))
    assert ended.code == 0, ended.steps[-1]
    return ended


def put(folder: Path, files: dict[str, str]) -> Path:
    """A folder with these files, which is a workspace."""
    (folder / ".git").mkdir(parents=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_package_holds_what_it_needs_and_no_more(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        names = {name.removeprefix("extension/") for name in archive.namelist()}
        manifest = json.loads(archive.read("extension/package.json"))
    assert package.name == f"auto-enforcer-{manifest['version']}.vsix"
    assert package.stat().st_size < LARGEST
    tops = {name.partition("/")[0] for name in names}
    assert tops == {
        *("[Content_Types].xml", "extension.vsixmanifest"),
        *("LICENSE.txt", "readme.md", "package.json", "out", "media", "bundled"),
    }
    assert [name for name in names if name.startswith("out/")] == ["out/extension.js"]
    server = ROOT / "server" / "auto_enforcer"
    ours = {
        f"bundled/auto_enforcer/{path.relative_to(server).as_posix()}"
        for path in server.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if name.startswith("bundled/auto_enforcer/")} == ours
    assert {
        f"bundled/{name}/__init__.py" for name in ("attr", "attrs", "cattrs", "lsprotocol", "pygls")
    } <= names
    assert not [name for name in names if name.endswith((".so", ".pyd", ".pyc", ".exe", ".ts"))]


OPENED = f"{driving.OPENED[:-1]}  # 😀 a\u200bb\nprint(both)\n"

MENDED = OPENED.replace("except:", "except Exception:").replace("\u00a0", " ").replace("\u200b", "")
"""Two fixes are applied, the third is safe and made when the file is saved."""

ALLOWED = MENDED.replace(
    "print(both)", "print(both)  # enforcer: allow[logging/print-call]: the tool's own output"
)
CLEAN = f"# 😀 cd\n{ALLOWED}"

BARE = "try:\n    work()\nexcept:\n    log()\n"


def test_see_fix_allow_save_explain_and_write_a_policy(workbench: Workbench, tmp_path: Path) -> None:
    if away_from_the_network():
        assert workbench.networks == ["lo"]
    shop = put(tmp_path / "shop", {"app.py": OPENED, "old.py": BARE, "enforcer.toml": "[rules]\n"})
    file, policy = str(shop / "app.py"), str(shop / "enforcer.toml")
    settings = workbench.home.folder / "user" / "User" / "settings.json"
    steps: Steps = [
        {"do": "open", "file": "app.py"},
        {"do": "squiggle", "kind": "warning"},
        {"do": "squiggle", "kind": "error"},
        {"do": "window", "width": 720, "height": 460},
        {"do": "key", "press": "Control+B"},
        {"do": "status", "mark": "shield", "text": "1 3"},
        {"do": "click", "status": ".markers-panel"},
        {"do": "problems", "has": ["errors/bare-except", "[Ln 6, Col 14]", "[Ln 6, Col 24]"]},
        {"do": "open", "file": "app.py", "shot": "problems", "clip": WHOLE},
        {"do": "line", "number": "4"},
        {"do": "hover", "text": "the program cannot be stopped"},
        {"do": "bulb", "has": "Catch `Exception`", "shot": "fix", "clip": EDITOR},
        {"do": "key", "press": "Escape"},
        {"do": "bulb", "apply": "Catch `Exception`"},
        {"do": "problems", "lacks": ["errors/bare-except"]},
        {"do": "open", "file": "app.py"},
        {"do": "line", "number": "6:15"},
        {"do": "bulb", "apply": "plain space"},
        {"do": "problems", "lacks": ["unicode/no-break-space-in-code"]},
        {"do": "open", "file": "app.py"},
        {"do": "save"},
        {"do": "disk", "file": file, "text": MENDED},
        {"do": "line", "number": "7"},
        {"do": "command", "title": "Auto-Enforcer: Allow Here"},
        {"do": "problems", "lacks": ["logging/print-call"]},
        {"do": "open", "file": "app.py"},
        {"do": "type", "text": "the tool's own output"},
        {"do": "save"},
        {"do": "disk", "file": file, "text": ALLOWED},
        {"do": "line", "number": "1:1"},
        {"do": "type", "text": "# 😀 c\u200bd\n"},
        {"do": "problems", "has": ["unicode/invisible-character"]},
        {"do": "command", "title": "Auto-Enforcer: Fix All That Is Safe in This File"},
        {"do": "problems", "lacks": ["unicode/invisible-character"]},
        {"do": "open", "file": "app.py"},
        {"do": "save"},
        {"do": "disk", "file": file, "text": CLEAN},
        {"do": "open", "file": "old.py"},
        {"do": "squiggle", "kind": "warning"},
        {"do": "status", "mark": "shield", "text": "0 1"},
        {"do": "open", "file": "enforcer.toml"},
        {"do": "line", "number": "2:1"},
        {"do": "type", "text": '"errors/b'},
        {"do": "complete", "take": "errors/bare-except"},
        {"do": "type", "text": '" = "blockd"'},
        {"do": "problems", "has": ["did you mean `blocked`"]},
        {"do": "command", "title": "Undo"},
        {"do": "open", "file": "old.py"},
        {"do": "write", "file": policy, "text": '[rules]\n"errors/bare-except" = "blocked"\n'},
        {"do": "squiggle", "kind": "error"},
        {"do": "status", "mark": "shield", "text": "1 0"},
        {"do": "line", "number": "3"},
        {"do": "command", "title": "Auto-Enforcer: Explain Rule"},
        {"do": "webview", "text": "the program cannot be stopped"},
        {
            "do": "command",
            "title": "Welcome: Open Walkthrough...",
            "pick": "The first minute with Auto-Enforcer",
        },
        {"do": "see", "text": "Look at the whole workspace"},
        {"do": "command", "title": "Auto-Enforcer: Use the Schema of enforcer.toml"},
        {"do": "holds", "file": str(settings), "text": SCHEMA.name},
    ]
    went(workbench.travel(shop, steps, user=ON_SAVE, shots=SHOTS))
    [address] = json.loads(settings.read_text())["evenBetterToml.schema.associations"].values()
    assert Path(urlsplit(address).path).read_bytes() == SCHEMA.read_bytes()


SCHEMA = ROOT / "server" / "auto_enforcer" / "policy.schema.json"
ON_SAVE = {"editor.codeActionsOnSave": {"source.fixAll.auto-enforcer": "explicit"}}


OLD = "try:\n    work()\nexcept Exception:\n    pass\n"


def test_what_is_old_pausing_and_a_server_that_dies(workbench: Workbench, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    repository = Repository(folder)
    repository.commit({"app.py": OLD})
    repository.write({"closed.py": "print(1)\n"})
    switch = {"do": "command", "title": "Auto-Enforcer: Show or Hide Historical Violations"}
    violation = {"do": "type", "text": "print(1)\n"}
    steps: Steps = [
        {"do": "open", "file": "app.py"},
        {"do": "squiggle", "kind": "warning"},
        {"do": "squiggle", "kind": "error", "none": True},
        {"do": "status", "mark": "shield", "text": "0 0/1"},
        {**switch, "pick": "as new ones"},
        {"do": "squiggle", "kind": "error"},
        {**switch, "pick": "not at all"},
        {"do": "squiggle", "kind": "error", "none": True},
        {"do": "line", "number": "5"},
        violation,
        {"do": "squiggle", "kind": "warning"},
        {"do": "problems", "has": ["logging/print-call"], "lacks": ["errors/swallowed-exception"]},
        {"do": "open", "file": "app.py"},
        {**switch, "pick": "As settings and policy say"},
        {"do": "problems", "has": ["logging/print-call", "errors/swallowed-exception"]},
        {"do": "status", "mark": "shield", "text": "0 1/2"},
        {"do": "command", "title": "Auto-Enforcer: Pause"},
        {"do": "squiggle", "kind": "warning", "none": True},
        {"do": "status", "mark": "debug-pause"},
        {"do": "click", "status": ".monaco-editor .squiggly-warning"},
        {"do": "status", "mark": "shield", "text": "0 1/2"},
        {"do": "kill", "named": "bundled lsp"},
        {"do": "open", "file": "app.py"},
        {"do": "line", "number": "6"},
        violation,
        {"do": "status", "mark": "shield", "text": "0 2/3"},
        {"do": "command", "title": "Auto-Enforcer: Restart Server"},
        {"do": "line", "number": "7"},
        violation,
        {"do": "status", "mark": "shield", "text": "0 3/4"},
    ]
    at_start = {"autoEnforcer.scan": "workspace"}
    went(workbench.travel(folder, steps, user=at_start, shots=SHOTS))


SCANNING = "Auto-Enforcer scans the workspace"

MANY = 600
"""Files that a scan is long enough at to be cancelled."""

SILENT = '"""\n' + "except:  # except: print(1) is text here\n" * 4_000 + '"""\n'


def test_two_folders_a_scan_a_report_and_all_that_is_safe(workbench: Workbench, tmp_path: Path) -> None:
    shop = put(
        tmp_path / "shop",
        {
            "shop.py": f"{BARE}print(1)\n",
            "closed.py": f"{BARE}label = '😀é'  # a\u200bb\n",
            "enforcer.toml": '[rules]\n"errors/bare-except" = "blocked"\nlogging = "off"\n',
        },
    )
    put(
        tmp_path / "tools",
        {
            "tools.py": f"{BARE}print(1)\n",
            "enforcer.toml": '[rules]\nerrors = "off"\n"logging/print-call" = "blocked"\n',
        },
    )
    many = shop / "many"
    many.mkdir()
    for number in range(MANY):
        (many / f"m{number}.py").write_text(f"# {number}\n{SILENT}", encoding="utf-8")
    both = tmp_path / "both.code-workspace"
    both.write_text(json.dumps({"folders": [{"path": "shop"}, {"path": "tools"}]}), encoding="utf-8")
    closed = str(shop / "closed.py")
    steps: Steps = [
        {"do": "open", "file": "shop.py"},
        {"do": "squiggle", "kind": "error"},
        {"do": "problems", "has": ["errors/bare-except"], "lacks": ["logging/print-call"]},
        {"do": "open", "file": "tools.py"},
        {"do": "problems", "has": ["errors/bare-except", "logging/print-call"]},
        {"do": "status", "mark": "shield", "text": "1/2 0"},
        {"do": "command", "title": "Auto-Enforcer: Scan Workspace"},
        {"do": "message", "text": SCANNING},
        {"do": "status", "mark": "sync"},
        {"do": "progress", "text": SCANNING, "pattern": r"[1-9]\d* files, \d+ violation"},
        {"do": "answer", "text": SCANNING, "button": "Cancel"},
        {"do": "status", "mark": "shield"},
        {"do": "remove", "folder": str(many)},
        {"do": "command", "title": "Auto-Enforcer: Scan Workspace"},
        {"do": "message", "text": "4 violations in 3 of 5 files"},
        {"do": "answer", "text": "4 violations in 3 of 5 files", "button": "Show Problems"},
        {"do": "problems", "has": ["closed.py"]},
        {"do": "status", "mark": "shield", "text": "1/4 0"},
        {"do": "command", "title": "Auto-Enforcer: Open Report", "pick": "shop"},
        {"do": "webview", "text": "Policy report", "shot": "report", "clip": REPORT},
        {"do": "command", "title": "Auto-Enforcer: Fix All That Is Safe in the Workspace"},
        {"do": "confirm", "file": "closed.py"},
        {"do": "message", "text": "fixed 1 violation in 1 file"},
        {"do": "open", "file": "closed.py"},
        {"do": "save"},
        {"do": "disk", "file": closed, "text": f"{BARE}label = '😀é'  # ab\n"},
        {"do": "status", "mark": "shield", "text": "1/3 0"},
    ]
    went(workbench.travel(both, steps, shots=SHOTS))


MUTE = """\
import json, sys

length = int(sys.stdin.buffer.readline().split()[1])
asked = json.loads(sys.stdin.buffer.read(2 + length))
answer = {"jsonrpc": "2.0", "id": asked["id"], "result": {"capabilities": {"textDocumentSync": 2}}}
body = json.dumps(answer).encode()
sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n%b" % (len(body), body))
sys.stdout.flush()
sys.stdin.read()
"""
"""A server that answers `initialize` and says nothing more."""


def test_broken_and_mute_servers_and_those_of_a_workspace(workbench: Workbench, tmp_path: Path) -> None:
    shop = put(tmp_path / "shop", {"app.py": BARE})
    ran = tmp_path / "ran"
    ours = program(shop / ".venv" / "bin" / "auto-enforcer", f"touch {ran}\nexec {shlex.join(SERVER)}")
    mute = program(tmp_path / "mute", shlex.join([SERVER[0], "-c", MUTE]))
    assert ours.is_file()
    no_program = "names `/nowhere/it`, which is no program: mend it, or empty it."
    no_python = "Python 3.11 or later is needed, and `/nowhere/it` does not start"
    squiggle = {"do": "squiggle", "kind": "warning"}
    steps: Steps = [
        {"do": "open", "file": "app.py"},
        {"do": "message", "text": no_program},
        {"do": "status", "mark": "warning", "text": "Auto-Enforcer"},
        {"do": "settings", "settings": {"autoEnforcer.server.python": "/nowhere/it"}},
        {"do": "message", "text": no_python},
        {"do": "settings", "settings": {"autoEnforcer.server.path": str(mute)}},
        {"do": "status", "mark": "shield", "text": "0 0"},
        {"do": "fails", "step": squiggle, "within": 3_000},
        {"do": "settings", "settings": {}},
        squiggle,
        {"do": "absent", "file": str(ran)},
        {"do": "trust"},
        {"do": "open", "file": "app.py"},
        {"do": "exists", "file": str(ran)},
        {"do": "line", "number": "5"},
        {"do": "type", "text": "print(1)\n"},
        {"do": "status", "mark": "shield", "text": "0 2"},
    ]
    broken = {"autoEnforcer.server.path": "/nowhere/it"}
    went(workbench.travel(shop, steps, machine=broken, trusted=False, shots=SHOTS))


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path
