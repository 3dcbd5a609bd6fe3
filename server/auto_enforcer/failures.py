"""What could not run, of which a report is not complete."""

from __future__ import annotations

from auto_enforcer.model import NamedTuple

MOST = 1_000
"""Failures that are remembered, at most. Who runs over many files takes those of each file over."""


class Failure(NamedTuple):
    """Something that could not run: a path relative to the workspace's root, and why."""

    path: str
    reason: str


class Failures(list[Failure]):
    """Those of a session that nobody has taken over yet."""

    __slots__ = ()

    def note(self, path: str, reason: str) -> None:
        """Remember one more, as long as there is room."""
        if len(self) < MOST:
            self.append(Failure(path, reason))
