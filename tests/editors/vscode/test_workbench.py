"""The extension built, packaged and gone through in VS Code's real workbench, where `python3 tests --editors`
has installed it. With `AUTO_ENFORCER_SHOTS` pictures of what was seen are put into that folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from editors.vscode.workbench import CHROMIUM, CODE_SERVER, PLACE, Workbench
from lsp.stdio import ROOT

EXTENSION = ROOT / "editors" / "vscode"
NPM = shutil.which("npm")
SHOTS = Path(os.environ["AUTO_ENFORCER_SHOTS"]) if "AUTO_ENFORCER_SHOTS" in os.environ else None

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

LARGEST = 2 << 20
"""Bytes of the package."""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension's package, built from a copy of its sources with what `prepare.py` has installed."""
    place = tmp_path_factory.mktemp("built") / "vscode"
    skipped = shutil.ignore_patterns("node_modules", "out", "bundled", "*.vsix", "LICENSE")
    shutil.copytree(EXTENSION, place, ignore=skipped)
    (place / "node_modules").symlink_to(PLACE / "extension" / "node_modules", target_is_directory=True)
    made = place / "made.vsix"
    vsce = ["package", "--no-dependencies", "--allow-missing-repository", "--out", made.name]
    for command in (
        [str(NPM), "run", "--silent", "check"],
        [str(NPM), "run", "--silent", "bundle"],
        [sys.executable, "bundle_server.py", str(ROOT)],
        [str(place / "node_modules" / ".bin" / "vsce"), *vsce],
    ):
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return made


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder to work in."""
    folder = tmp_path / "shop"
    (folder / ".git").mkdir(parents=True)
    (folder / "app.py").write_text(OPENED, encoding="utf-8")
    (folder / "old.py").write_text("try:\n    work()\nexcept:\n    log()\n", encoding="utf-8")
    (folder / "enforcer.toml").write_text("[rules]\n", encoding="utf-8")
    return folder


OPENED = """\
label = "😀é"
try:
    work()
except:
    report(label)
both = "😀é",\u00a01  # 😀 a\u200bb
print(both)
"""

MENDED = OPENED.replace("except:", "except Exception:").replace("\u00a0", " ").replace("\u200b", "")
"""Two fixes are applied, the third is safe and made when the file is saved."""

ALLOWED = MENDED.replace(
    "print(both)", "print(both)  # enforcer: allow[logging/print-call]: the tool's own output"
)
CLEAN = f"# 😀 cd\n{ALLOWED}"


def test_the_package_holds_what_it_needs_and_no_more(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        names = {name.removeprefix("extension/") for name in archive.namelist()}
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


def test_see_fix_allow_scan_explain_report(package: Path, shop: Path, tmp_path: Path) -> None:
    file, policy = str(shop / "app.py"), str(shop / "enforcer.toml")
    on_save = {"editor.codeActionsOnSave": {"source.fixAll.auto-enforcer": "explicit"}}
    workbench = Workbench(tmp_path / "home", on_save)
    workbench.install(package)
    blocked = '[rules]\n"errors/bare-except" = "blocked"\n'
    steps: list[dict[str, Any]] = [
        {"do": "open", "file": "app.py"},
        {"do": "squiggle", "kind": "warning"},
        {"do": "squiggle", "kind": "error"},
        {"do": "problems", "has": ["errors/bare-except", "[Ln 6, Col 14]", "[Ln 6, Col 24]"]},
        {"do": "status", "text": "3", "shot": "problems"},
        {"do": "open", "file": "app.py"},
        {"do": "line", "number": "4"},
        {"do": "fix", "title": "Catch `Exception`"},
        {"do": "problems", "lacks": ["errors/bare-except"]},
        {"do": "open", "file": "app.py"},
        {"do": "line", "number": "6:15"},
        {"do": "fix", "title": "plain space"},
        {"do": "problems", "lacks": ["unicode/no-break-space-in-code"]},
        {"do": "open", "file": "app.py"},
        {"do": "save"},
        {"do": "disk", "file": file, "text": MENDED},
        {"do": "line", "number": "7"},
        {"do": "command", "title": "Auto-Enforcer: Allow Here"},
        {"do": "problems", "lacks": ["logging/print-call"], "shot": "allow"},
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
        {"do": "write", "file": policy, "text": blocked},
        {"do": "squiggle", "kind": "error"},
        {"do": "status", "text": "1", "shot": "blocked"},
        {"do": "line", "number": "3"},
        {"do": "command", "title": "Auto-Enforcer: Explain Rule"},
        {"do": "webview", "text": "the program cannot be stopped", "shot": "explain"},
        {"do": "command", "title": "Auto-Enforcer: Scan Workspace"},
        {"do": "message", "text": "1 violation in 1 of 3 files", "shot": "scan"},
        {"do": "command", "title": "Auto-Enforcer: Open Report"},
        {"do": "webview", "text": "Policy report", "shot": "report"},
    ]
    ended = workbench.travel(shop, steps, shots=SHOTS)
    assert (ended.code, ended.steps[-1].get("did")) == (0, "webview"), ended.steps[-1]
    [titles, _] = ended.saw("fix")
    assert "Allow `errors/bare-except` here: write the reason" in titles
    assert Path(file).read_bytes() == CLEAN.encode()


def test_the_journey_fails_without_the_extension(shop: Path, tmp_path: Path) -> None:
    workbench = Workbench(tmp_path / "home")
    steps = [{"do": "open", "file": "app.py"}, {"do": "squiggle", "kind": "warning"}]
    ended = workbench.travel(shop, steps, patience=10_000)
    assert ended.code == 1
    assert [step.get("did") for step in ended.steps] == ["open", None]
    assert ended.steps[-1]["failed"] == steps[-1]


@pytest.mark.parametrize("trusted", [False, True], ids=["not trusted", "trusted"])
def test_what_a_workspace_brings_runs_only_if_it_is_trusted(
    package: Path, shop: Path, tmp_path: Path, trusted: bool
) -> None:
    ran, program = tmp_path / "ran", shop / ".venv" / "bin" / "auto-enforcer"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\ntouch '{ran}'\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    workbench = Workbench(tmp_path / "home", trusted=trusted)
    workbench.install(package)
    seen: dict[str, Any] = (
        {"do": "message", "text": "of the workspace's environment, did not start"}
        if trusted
        else {"do": "squiggle", "kind": "warning"}
    )
    steps = [{"do": "open", "file": "app.py"}, {**seen, "shot": "trusted" if trusted else "untrusted"}]
    ended = workbench.travel(shop, steps, shots=SHOTS)
    assert ended.code == 0, ended.steps[-1]
    assert ran.exists() == trusted


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("server.path", "names `/nowhere/it`, which is no program: mend it, or empty it."),
        ("server.python", "Python 3.11 or later is needed, and `/nowhere/it` does not start"),
    ],
)
def test_a_server_that_cannot_start_is_said(
    package: Path, shop: Path, tmp_path: Path, setting: str, said: str
) -> None:
    workbench = Workbench(tmp_path / "home", machine={f"autoEnforcer.{setting}": "/nowhere/it"})
    workbench.install(package)
    steps = [
        {"do": "open", "file": "app.py"},
        {"do": "message", "text": said, "shot": setting},
        {"do": "status", "text": "Auto-Enforcer"},
        {"do": "problems", "lacks": ["errors/bare-except"]},
    ]
    ended = workbench.travel(shop, steps, shots=SHOTS)
    assert ended.code == 0, ended.steps[-1]


def test_a_scan_is_cancelled(package: Path, shop: Path, tmp_path: Path) -> None:
    many = shop / "many"
    many.mkdir()
    text = "".join(
        f"def f{n}(a):\n    try:\n        print(a)\n    except:\n        log({n})\n" for n in range(400)
    )
    for number in range(1_000):
        (many / f"m{number}.py").write_text(f"# {number}\n{text}", encoding="utf-8")
    workbench = Workbench(tmp_path / "home")
    workbench.install(package)
    title = "Auto-Enforcer scans the workspace"
    steps = [
        {"do": "open", "file": "app.py"},
        {"do": "squiggle", "kind": "warning"},
        {"do": "command", "title": "Auto-Enforcer: Scan Workspace"},
        {"do": "message", "text": title, "shot": "scanning"},
        {"do": "cancel", "text": title},
        {"do": "status", "text": "3", "shot": "cancelled"},
    ]
    ended = workbench.travel(shop, steps, shots=SHOTS)
    assert ended.code == 0, ended.steps[-1]
