"""The command as a process of its own, with what it cost: seconds of CPU and peak memory, its children's
included. What would go on for ever is ended by the system."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from command import command, environment

CPU = 200
"""Seconds of CPU after which the system ends a process."""

WAIT = 300.0
"""Seconds after which a process counts as waiting for what does not come. None passes if all is well."""

LAUNCHER = f"""
import json, os, resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_CPU, ({CPU}, {CPU}))
process = subprocess.Popen(sys.argv[2:])
_, status, used = os.wait4(process.pid, 0)
with open(sys.argv[1], "w") as file:
    cost = used.ru_utime + used.ru_stime, used.ru_maxrss * 1024
    json.dump([os.waitstatus_to_exitcode(status), *cost], file)
"""
"""A small process between the tests and what is measured: the peak of a process counts from that of the one
that started it."""


class Ran(NamedTuple):
    """How a process ended, and what it cost."""

    code: int
    out: bytes
    err: str
    seconds: float
    """Of CPU."""
    peak: int
    """Bytes of resident memory, of the largest of its processes."""


def launched(report: Path, *arguments: str) -> list[str]:
    """The command line that runs a command and writes down what it cost."""
    return [sys.executable, "-I", "-S", "-c", LAUNCHER, str(report), *arguments]


def run(arguments: Sequence[str], folder: Path, cache: Path, given: bytes = b"") -> Ran:
    """Runs the command in a folder to its end."""
    with tempfile.TemporaryDirectory() as place:
        report = Path(place, "cost.json")
        done = subprocess.run(
            launched(report, *command(*arguments)),
            cwd=folder,
            env=environment(cache),
            input=given,
            capture_output=True,
            timeout=WAIT,
            check=False,
        )
        code, seconds, peak = json.loads(report.read_text())
    return Ran(code, done.stdout, done.stderr.decode("utf-8", "replace"), seconds, peak)
