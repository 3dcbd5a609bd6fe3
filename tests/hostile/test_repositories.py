"""A repository whose configuration, attributes, hooks and remotes all start programs: none is started."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command import command, environment
from lsp.stdio import Client
from repositories import Repository
from repositories import environment as git_environment

if shutil.which("git") is None or sys.platform == "win32":
    pytest.skip("git is not installed, or scripts do not run here", allow_module_level=True)

BASE = "def first(one):\n    breakpoint()\n"

HOOKS = ("pre-commit", "post-index-change", "post-checkout", "reference-transaction", "fsmonitor-watchman")


class Trap:
    """A repository full of programs, each of which leaves a mark."""

    def __init__(self, folder: Path) -> None:
        self.marks = folder / "marks"
        self.marks.mkdir(parents=True)
        self.repository = repository = Repository(folder / "repository")
        self.first = repository.commit({"app.py": BASE, "gone.py": BASE, "enforcer.toml": ""})
        repository.commit({"app.py": BASE + "# more\n"})
        self.top = repository.folder
        self.plant()

    def script(self, name: str) -> str:
        """A program that leaves a mark with its name."""
        path = self.marks.parent / f"run-{name}"
        path.write_text(f"#!/bin/sh\ntouch '{self.marks}/{name}'\nexit 1\n")
        path.chmod(0o755)
        return str(path)

    def plant(self) -> None:
        settings = {
            "core.repositoryformatversion": "1",
            "extensions.partialClone": "origin",
            "remote.origin.url": f"ext::{self.script('transport')}",
            "remote.origin.promisor": "true",
            "remote.origin.partialclonefilter": "blob:none",
            "protocol.allow": "always",
            "protocol.ext.allow": "always",
            "core.fsmonitor": self.script("fsmonitor"),
            "core.sshCommand": self.script("ssh"),
            "core.pager": self.script("pager"),
            "core.editor": self.script("editor"),
            "core.askPass": self.script("askpass"),
            "core.alternateRefsCommand": self.script("refs"),
            "diff.external": self.script("external"),
            "diff.trap.textconv": self.script("textconv"),
            "diff.trap.command": self.script("diff"),
            "filter.trap.clean": self.script("clean"),
            "filter.trap.smudge": self.script("smudge"),
            "filter.trap.required": "true",
            "gpg.program": self.script("gpg"),
            "credential.helper": self.script("credential"),
            "log.showSignature": "true",
            "alias.cat-file": f"!{self.script('alias')}",
            "alias.diff-index": f"!{self.script('alias')}",
        }
        hooks = self.top / ".git" / "hooks"
        hooks.mkdir(exist_ok=True)
        for name in HOOKS:
            shutil.copy(self.script(f"hook-{name}"), hooks / name)
        for name in ("git", "python3", "sh"):
            shutil.copy(self.script(f"planted-{name}"), self.top / name)
        blob = self.repository.git("rev-parse", f"{self.first}:gone.py")
        self.repository.write(
            {".gitattributes": "* filter=trap diff=trap\n", "app.py": BASE + "# still more\nbreakpoint()\n"}
        )
        (self.top / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        self.repository.write({"gone.py": BASE + "breakpoint()\n"})
        with (self.top / ".git" / "config").open("a") as config:
            for key, value in settings.items():
                section, _, name = key.rpartition(".")
                family, _, inner = section.partition(".")
                head = f'[{family} "{inner}"]' if inner else f"[{family}]"
                config.write(f"{head}\n\t{name} = {json.dumps(value)}\n")

    def left(self) -> list[str]:
        """The marks."""
        return sorted(os.listdir(self.marks))


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Trap:
    return Trap(tmp_path_factory.mktemp("trap"))


FRONT_ENDS = [
    ("check", "--new"),
    ("check", "--base", "HEAD~1"),
    ("check", "--staged"),
    ("check", "--commit", "HEAD", "--base", "HEAD~1"),
    ("baseline", "--dry-run"),
    ("suppressions",),
    ("hook", "claude-code"),
]
STOP = {"hook_event_name": "Stop", "stop_hook_active": False}
"""What an agent says to the last of them."""


@pytest.mark.parametrize("arguments", FRONT_ENDS, ids=" ".join)
def test_the_command_starts_nothing(arguments: tuple[str, ...], trap: Trap, cache: Path) -> None:
    environ = environment(cache)
    environ["PATH"] = os.pathsep.join([".", "", str(trap.top), environ["PATH"]])
    done = subprocess.run(
        command(*arguments),
        cwd=trap.top,
        env=environ,
        input=json.dumps(STOP | {"cwd": str(trap.top)}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1, 2), done.stderr
    assert "defect" not in done.stderr
    assert trap.left() == []
    if arguments == ("check", "--new"):
        assert "app.py:4:1: blocked" in done.stdout
        assert "`git fetch --refetch" in done.stdout, "what is missing is said, not fetched"
    if arguments[0] == "hook":
        assert "app.py:4:1: blocked" in done.stderr
        assert "`git fetch --refetch" in done.stderr


def test_the_server_starts_nothing(trap: Trap) -> None:
    path = os.pathsep.join([".", str(trap.top), os.environ["PATH"]])
    with Client(cwd=trap.top, env={**os.environ, "PATH": path}) as client:
        client.initialize(trap.top)
        name = client.open(trap.top / "app.py", (trap.top / "app.py").read_text())
        while [one["severity"] for one in client.diagnostics(name)] != [2, 1]:
            pass
    assert trap.left() == []


def test_the_traps_are_real(tmp_path: Path) -> None:
    """git itself, as people run it, starts some of them: otherwise nothing above would tell anything."""
    trap = Trap(tmp_path)
    for arguments in (("status",), ("diff",), ("cat-file", "-p", f"{trap.first}:gone.py")):
        subprocess.run(
            ["git", *arguments], cwd=trap.top, env=git_environment(), capture_output=True, check=False
        )
    assert {"fsmonitor", "clean", "transport"} <= set(trap.left())
