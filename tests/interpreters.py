"""The Pythons that this machine has: on the PATH, in pyenv, and what AUTO_ENFORCER_TEST_PYTHONS names."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_QUESTION = "import sys; sys.stdout.write('%d %d %d ' % tuple(sys.version_info[:3]) + sys.executable)"


class Interpreter(NamedTuple):
    version: tuple[int, int, int]
    path: str

    @property
    def name(self) -> str:
        return "{}.{}.{}".format(*self.version)


def every_interpreter() -> Iterator[Interpreter]:
    """All that answer, several of one version perhaps; those that AUTO_ENFORCER_TEST_PYTHONS names first."""
    for path in dict.fromkeys(os.path.normpath(path) for path in _paths()):
        interpreter = _ask(path)
        if interpreter is not None:
            yield interpreter


@cache
def interpreters() -> list[Interpreter]:
    """The oldest interpreter of each minor version, which has most of its mistakes; the oldest version
    first."""
    found: dict[tuple[int, ...], Interpreter] = {}
    for interpreter in sorted(every_interpreter(), key=lambda one: one.version):
        found.setdefault(interpreter.version[:2], interpreter)
    return list(found.values())


def supported() -> list[Interpreter]:
    return [interpreter for interpreter in interpreters() if interpreter.version >= (3, 11)]


def _paths() -> Iterator[str]:
    yield from filter(None, os.environ.get("AUTO_ENFORCER_TEST_PYTHONS", "").split(os.pathsep))
    names = ["python3", "python", "python2.7", *(f"python3.{minor}" for minor in range(6, 30))]
    for folder in os.get_exec_path():
        yield from filter(None, (shutil.which(name, path=folder) for name in names))
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    versions = os.path.join(pyenv, "versions")
    for version in sorted(os.listdir(versions)) if os.path.isdir(versions) else ():
        path = os.path.join(versions, version, "bin", "python")
        if os.access(path, os.X_OK):
            yield path


def _ask(path: str) -> Interpreter | None:
    """None where nothing answers: a shim for a version that is not there, a link to nowhere."""
    try:
        answer = subprocess.run(
            [path, "-c", _QUESTION], capture_output=True, text=True, timeout=120, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    major, minor, micro, executable = answer.stdout.split(" ", 3)
    return Interpreter((int(major), int(minor), int(micro)), executable)
