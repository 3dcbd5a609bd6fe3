"""The sessions of a command's run: one for each workspace that the named paths lie in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from auto_enforcer.looks import Lookout
from auto_enforcer.session import Session, Shared, scanners

if TYPE_CHECKING:
    from auto_enforcer.results import Results

MOST_FOLDERS = 4_096
"""Folders whose session is remembered, at most."""


class Workspaces:
    """Finds the session of a path, and makes it on first use; all share the scanners."""

    __slots__ = (
        "_base",
        "_by_folder",
        "_here",
        "_meter",
        "_sessions",
        "_shared",
        "_today",
        "given",
        "passed_over",
    )

    def __init__(
        self,
        *,
        only: Iterable[str] = (),
        today: date | None = None,
        meter: Callable[[], float] | None = None,
        base: str | None = None,
    ) -> None:
        """`meter` is the clock that the rules' time is taken with, in seconds, where that is asked for.
        `base` says what files are compared with, "" leaves it to their policies; None: with nothing."""
        self._base = base
        self._shared = Shared(scanners(), only)
        self._today = today
        self._meter = meter
        self._here = os.getcwd()
        self._sessions: dict[str, Session] = {}
        self._by_folder: dict[str, Session] = {}
        self.given: dict[str, Callable[[], bytes | None]] = {}
        """By path as reports show it: gives what was checked instead of what the disk has there; None where
        nobody has it any more."""
        self.passed_over = ""
        """A configuration file above the working folder that does not count, for nothing says that the one is
        part of the other."""

    @property
    def results(self) -> Results | None:
        """The answers of earlier runs, where these are reused."""
        return self._shared.results

    @results.setter
    def results(self, results: Results) -> None:
        self._shared.results = results

    @property
    def base(self) -> str | None:
        """What files are compared with, as it was said; None: with nothing."""
        return self._base

    def of(self, path: str) -> Session:
        """The session of the workspace that a file, given by absolute path, lies in."""
        return self.of_folder(os.path.dirname(path))

    def of_folder(self, folder: str) -> Session:
        """The session of the workspace that a folder, given absolute, is or lies in."""
        session = self._by_folder.get(folder)
        if session is not None:
            return session
        session = self._by_folder.get(os.path.dirname(folder))
        if session is None or os.path.lexists(os.path.join(folder, ".git")):
            session = self._session(self._root(folder))
        self._note(folder, session)
        return session

    def take(self, roots: Mapping[str, str]) -> None:
        """Take over from another process which workspace folders lie in, both by absolute path: what is found
        out by the way depends on which folder was asked for first."""
        for folder, root in roots.items():
            self._note(folder, self._session(root))

    def _session(self, root: str) -> Session:
        session = self._sessions.get(root)
        if session is None:
            session = self._sessions[root] = Session(
                root, today=self._today, meter=self._meter, shared=self._shared
            )
            if self._base is not None:
                session.compare(self._base)
        return session

    def _note(self, folder: str, session: Session) -> None:
        if len(self._by_folder) >= MOST_FOLDERS:
            self._by_folder.clear()
        self._by_folder[folder] = session

    def close(self) -> None:
        """End what was begun for comparing."""
        for session in self._sessions.values():
            if session.comparing is not None:
                session.comparing.close()

    def sessions(self) -> Iterable[Session]:
        """Those that there are."""
        return self._sessions.values()

    def concealing(self) -> Lookout:
        """What finds the secrets that must not be repeated, under no policy."""
        return self._shared.activation.concealing()

    @property
    def has_baseline(self) -> bool:
        """Whether one of the workspaces has a baseline."""
        return any(session.baseline is not None for session in self._sessions.values())

    def policy_problems(self) -> Iterator[tuple[str, str]]:
        """The place and the message of what is wrong with the configuration files that were met."""
        for root, session in self._sessions.items():
            for problem in session.problems(with_consequences=True):
                place = str(problem.place)
                if root != self._here:
                    place = os.path.join(root, place)
                key = f"{problem.place.key}: " if problem.place.key else ""
                yield place, key + problem.message

    def look_into(self, folder: str, names: Sequence[str], folders: Sequence[str]) -> None:
        """Let the rules about the workspace look at a folder, by absolute path, and what is in it."""
        self.of_folder(folder).look_into(folder, names, folders)

    def timings(self) -> Mapping[str, tuple[float, int]]:
        """By rule: the seconds that its looks took, and how many there were."""
        total: dict[str, tuple[float, int]] = {}
        for session in self._sessions.values():
            for rule, (seconds, looks) in session.timings.items():
                before = total.get(rule, (0.0, 0))
                total[rule] = before[0] + seconds, before[1] + looks
        return total

    def _root(self, folder: str) -> str:
        """The workspace of a folder: the git work tree around it, else the working folder if it lies in
        there, else the outermost folder above it with a configuration file of ours, else the folder
        itself."""
        inside = folder
        configured = ""
        while True:
            if os.path.lexists(os.path.join(inside, ".git")):
                return inside
            if inside in self._sessions:
                return inside
            if os.path.isfile(os.path.join(inside, "enforcer.toml")):
                configured = inside
            parent = os.path.dirname(inside)
            if parent == inside:
                break
            inside = parent
        if folder == self._here or folder.startswith(self._here.rstrip(os.sep) + os.sep):
            own = os.path.join(self._here, "enforcer.toml")
            if configured and not configured.startswith(self._here) and not os.path.isfile(own):
                self.passed_over = os.path.join(configured, "enforcer.toml")
            return self._here
        return configured or folder
