"""What the tests drive that a machine may lack: editors, the pre-commit framework, a browser.

Each is there, or is installed where `--editors` asks for it, or its tests are left out, which is said in a
line with the reason. Nothing here is needed to check or to serve.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import bootstrap
from editors.vscode import prepare

TESTS = os.path.dirname(os.path.abspath(__file__))

PATIENCE = 300
"""Seconds that Debian's package manager may take."""


class Locked(NamedTuple):
    """A program that comes from a lock file of Python packages, into an environment of its own."""

    program: str
    name: str
    environment: str
    lock: str


class Packaged(NamedTuple):
    """What packages of Debian bring: it is there when its programs are on the PATH and its files stand."""

    name: str
    packages: tuple[str, ...]
    programs: tuple[str, ...]
    files: tuple[str, ...] = ()

    def is_there(self) -> bool:
        return all(map(shutil.which, self.programs)) and all(map(os.path.exists, self.files))


class Outcome(NamedTuple):
    """What became of one: variables for the tests, folders for the end of their PATH, what is left out."""

    variables: dict[str, str]
    programs: list[str]
    left_out: list[str]


LOCKED = (
    Locked("nvim", "Neovim", ".venv-editors", os.path.join(TESTS, "editors.lock")),
    Locked("pre-commit", "the pre-commit framework", ".venv-gates", os.path.join(TESTS, "gates.lock")),
)

ELPA = "/usr/share/emacs/site-lisp/elpa-src/"

PACKAGED = (
    Packaged("VS Code", ("chromium", "fonts-dejavu-core"), ("chromium",)),
    Packaged("Emacs with eglot", ("emacs-nox", "elpa-eglot"), ("emacs",), (f"{ELPA}eglot-1.9",)),
    Packaged("Emacs with lsp-mode", ("emacs-nox", "elpa-lsp-mode"), ("emacs",), (f"{ELPA}lsp-mode-8.0.0",)),
    Packaged("Vim with ALE", ("vim-nox", "vim-ale"), ("vim.nox",), ("/usr/share/vim-ale",)),
    Packaged("Kate", ("kate", "xvfb", "openbox", "xdotool"), ("kate", "Xvfb", "openbox", "xdotool")),
)


def provisions(*, install: bool) -> dict[str, Callable[[], Outcome]]:
    """What there is to do, by name. Each may be done while the others are."""
    steps: dict[str, Callable[[], Outcome]] = {
        "VS Code's workbench": partial(_workbench, install),
        "packages of Debian": partial(_packaged, install),
    }
    return steps | {one.name: partial(_locked, one, install) for one in LOCKED}


def _locked(one: Locked, install: bool) -> Outcome:
    if shutil.which(one.program):
        return Outcome({}, [], [])
    if not install:
        return Outcome({}, [], [f"{one.name} (`python3 tests --editors` installs it)"])
    try:
        environment = bootstrap.ensure(bootstrap.candidates(one.environment), [one.lock])
    except bootstrap.CannotStart as error:
        return Outcome({}, [], [f"{one.name}: {error}"])
    # At the end of the PATH: only the program itself is wanted of it.
    return Outcome({}, [os.path.dirname(environment.python)], [])


def _packaged(install: bool) -> Outcome:
    missing = [one for one in PACKAGED if not one.is_there()]
    if not missing:
        return Outcome({}, [], [])
    reason = "`python3 tests --editors` installs it where it is run by root on Debian"
    if install and shutil.which("apt-get") and os.geteuid() == 0:
        wanted = [package for one in missing for package in one.packages]
        reason = _apt(["update"]) or _apt(["install", "--no-install-recommends", *wanted])
    return Outcome({}, [], [f"{one.name} ({reason})" for one in missing if not one.is_there()])


def _apt(command: list[str]) -> str:
    """Run Debian's package manager without a question; "" when it has done its work, else what was wrong."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            ["apt-get", "-y", "-q", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"apt-get {command[0]}: {error}"
    if done.returncode == 0:
        return ""
    said = done.stdout.decode("utf-8", "replace").strip().splitlines()
    return f"apt-get {command[0]} ended with {done.returncode}: {said[-1] if said else ''}"


def _workbench(install: bool) -> Outcome:
    folder = os.environ.get(prepare.VARIABLE) or os.path.join(bootstrap.CHECKOUT, ".driven", "vscode")
    reason = ""
    if not prepare.is_ready(folder):
        reason = "`python3 tests --editors` installs it" if not install else prepare.fill(folder)
    if reason:
        return Outcome({}, [], [f"VS Code ({reason})"])
    return Outcome({prepare.VARIABLE: folder}, [], [])
