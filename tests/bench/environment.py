"""What every benchmark begins with: an interpreter that has what is measured, and the other programs.

`python3 tests/bench/NAME.py` runs in the suite's own environment, whatever Python starts it: importing this
module, which each benchmark does first, goes on there. The programs that stand beside our figures are
installed into an environment of their own, from the package index that pip is set to.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
sys.path[:0] = [str(TESTS), str(ROOT / "server")]

PEERS = {"ruff": "ruff==0.14.5", "ast-grep": "ast-grep-cli==0.40.0", "kingfisher": "kingfisher-bin==2.14.0"}
"""By program: what is measured beside us, in the version that the figures in the README are of."""


def _enter() -> None:
    """Go on in the suite's environment; comes back there. Who only asks for help need not wait for it."""
    if {"-h", "--help"} & set(sys.argv[1:]):
        return
    try:
        import pygls  # noqa: F401
    except ImportError:
        import bootstrap

        name = ".venv-tests-{}.{}.{}".format(*sys.version_info)
        locks = [bootstrap.LOCK_FILE, str(TESTS / "requirements.lock")]
        python = bootstrap.ensure(bootstrap.candidates(name), locks).python
        os.execv(python, [python, *sys.argv])


def options(description: str) -> argparse.ArgumentParser:
    """What every benchmark understands: `--help`."""
    return argparse.ArgumentParser(description=description)


def peer(program: str) -> str | None:
    """The path of another program, installed on first use; None, said on stderr, where it cannot be had."""
    folder = ROOT / ".venv-bench"
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    found = scripts / (program + (".exe" if os.name == "nt" else ""))
    if not found.exists():
        pip = [str(scripts / "python"), "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
        for command in ([sys.executable, "-m", "venv", str(folder)], [*pip, PEERS[program]]):
            if subprocess.call(command, stdout=sys.stderr) != 0:
                print(f"left out: {program} cannot be installed", file=sys.stderr)
                return None
    return str(found) if found.exists() else None


def machine() -> str:
    """What the figures are of."""
    import platform

    model = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    except OSError:
        pass
    system = f"{platform.system()} {platform.release()}"
    return f"{model}, {os.cpu_count()} CPUs, {system}, Python {platform.python_version()}"


_enter()
