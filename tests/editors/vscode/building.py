"""The extension's package, built once for all tests as its README says, in a fresh copy of the checkout."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from editors.driving import fenced
from editors.vscode.workbench import LONGEST, PLACE
from lsp.stdio import ROOT

README = ROOT / "editors" / "vscode" / "README.md"
NPM = shutil.which("npm")
MODULES = PLACE / "extension" / "node_modules"
ESBUILD = MODULES / ".bin" / "esbuild"

CLONED = ("editors/vscode", "server", "LICENSE", "requirements.lock")
"""What of a clone the build takes part of."""

NOT_CLONED = ("node_modules", "out", "bundled", "*.vsix", "__pycache__", ".venv*", "*.pyc")


def first_minute() -> list[str]:
    """The commands of the README's first minute."""
    [block] = fenced(README, 'sh title="The first minute"')
    return block.splitlines()


def clone(folder: Path) -> None:
    """Copy what is built into a folder, as a fresh clone has it."""
    for name in CLONED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*NOT_CLONED))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)


def built(factory: pytest.TempPathFactory) -> Path:
    """The package. Whatever process of a run comes first builds it."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / "vscode-package.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = shared / "vscode-package" / "editors" / "vscode"
        if not list(folder.glob("*.vsix")):
            _build(shared / "vscode-package", folder)
        [package] = folder.glob("*.vsix")
    return package


def _build(top: Path, folder: Path) -> None:
    shutil.rmtree(top, ignore_errors=True)
    clone(top)
    enter, install, package, _ = first_minute()
    assert enter == "cd editors/vscode"
    # `prepare.py` has run this, by the same lock.
    assert install == "npm ci --ignore-scripts"
    (folder / "node_modules").symlink_to(MODULES, target_is_directory=True)
    # What has pip, whatever `python3` is here.
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    done = subprocess.run(
        package.split(),
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert done.returncode == 0, f"{package}: {done.stdout}{done.stderr}"
