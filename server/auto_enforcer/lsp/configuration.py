"""The policy's files: watching them, and what is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from auto_enforcer.files import BASELINE
from auto_enforcer.lsp import diagnostics
from auto_enforcer.lsp.positions import Lines
from auto_enforcer.text import decode, split_lines, units

if TYPE_CHECKING:
    from auto_enforcer.policy_values import Problem
    from auto_enforcer.session import Session

WATCHED = ("**/*.toml", "**/*.prisma", f"**/{BASELINE}")
"""A policy may extend a file of any name, and so may the schema be called that says what tenants share."""

SPOKEN = (".toml", ".prisma", BASELINE, ".gitignore", ".gitattributes")
"""How the names of files end that may decide what others are looked at for."""

CODE = "enforcer/invalid-policy"
"""Of a diagnostic in a policy file."""

_LARGEST = 1 << 20
"""Bytes of a policy file that are read to convert a column."""


def registration() -> dict[str, Any]:
    """The parameters that ask a client to watch the policy's files."""
    watchers = [{"globPattern": pattern} for pattern in WATCHED]
    return {
        "registrations": [
            {
                "id": "auto-enforcer-policy",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": {"watchers": watchers},
            }
        ]
    }


def registration_of_all() -> dict[str, Any]:
    """The parameters that ask a client to watch all files: those that were scanned are followed."""
    return {
        "registrations": [
            {
                "id": "auto-enforcer-files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": {"watchers": [{"globPattern": "**/*"}]},
            }
        ]
    }


def settings_registration(section: str) -> dict[str, Any]:
    """The parameters that ask a client to tell when the settings of a section change."""
    return {
        "registrations": [
            {
                "id": "auto-enforcer-settings",
                "method": "workspace/didChangeConfiguration",
                "registerOptions": {"section": section},
            }
        ]
    }


class Problems:
    """What is wrong with the policy files of each session, as it was last shown."""

    __slots__ = ("_shown", "_written")

    def __init__(self) -> None:
        self._written: dict[str, tuple[tuple[Problem, ...], Lines]] = {}
        """By path: what is wrong with what an editor holds that is not saved, and its lines."""
        self._shown: dict[Session, dict[str, tuple[Problem, ...]]] = {}

    def update(self, session: Session) -> set[str]:
        """Take a session's problems over. The absolute paths of the files for which something changed."""
        by_path: dict[str, tuple[Problem, ...]] = {}
        for problem in session.problems():
            path = os.path.normpath(os.path.join(session.root, problem.place.file))
            by_path[path] = (*by_path.get(path, ()), problem)
        before = self._shown.get(session, {})
        if by_path:
            self._shown[session] = by_path
        else:
            self._shown.pop(session, None)
        return {path for path in {*before, *by_path} if before.get(path) != by_path.get(path)}

    def forget(self, session: Session) -> Iterable[str]:
        """Drop an ended session's problems. The paths for which something was shown."""
        return tuple(self._shown.pop(session, {}))

    def write(self, path: str, problems: tuple[Problem, ...], lines: Lines) -> None:
        """Take over what is wrong with a file as it is being written."""
        self._written[path] = problems, lines

    def saved(self, path: str) -> bool:
        """What is on disk counts again. True where something else was said."""
        return self._written.pop(path, None) is not None

    def paths(self) -> set[str]:
        """The files in which something is wrong, open ones among them."""
        return {path for shown in self._shown.values() for path in shown}.union(self._written)

    def count(self, session: Session) -> int:
        """How many mistakes there are in the policy files of a session, as they are saved."""
        return sum(len(problems) for problems in self._shown.get(session, {}).values())

    def has(self, path: str) -> bool:
        """Whether something is wrong with a file."""
        return bool(self.in_file(path))

    def in_file(self, path: str) -> tuple[Problem, ...]:
        """What is wrong with a file, each once for all sessions that say it."""
        if path in self._written:
            return self._written[path][0]
        return tuple(dict.fromkeys(one for shown in self._shown.values() for one in shown.get(path, ())))

    def of(self, path: str, encoding: str) -> list[str]:
        """The JSON texts of the diagnostics of a policy file; none for any other."""
        problems = self.in_file(path)
        if not problems:
            return []
        written = self._written.get(path)
        lines = _Lines(path) if written is None else written[1]
        texts = []
        for problem in problems:
            place = problem.place
            line = lines.line(place.line)
            start, end = units(line, place.column, encoding), units(line, place.end, encoding)
            severity = diagnostics.SEVERITIES["error"]
            texts.append(diagnostics.at(place.line, start, end, severity, CODE, problem.message))
        return list(dict.fromkeys(texts))  # sessions that name the file in another way say the same of it


class _Lines:
    """The lines of a file on disk."""

    __slots__ = ("_lines",)

    def __init__(self, path: str) -> None:
        try:
            with open(path, "rb") as file:
                self._lines = split_lines(decode(file.read(_LARGEST)))
        except OSError:
            self._lines = []

    @property
    def line_count(self) -> int:
        """How many there are, at least 1."""
        return max(1, len(self._lines))

    def line(self, number: int) -> str:
        """A line without its end; "" past the last."""
        return self._lines[number].rstrip("\r\n") if number < len(self._lines) else ""
