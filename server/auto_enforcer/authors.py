"""Who wrote a line of a file, and when, as the commit that is checked out has it.

Of the work tree git is asked nothing, for then filters and text conversion would run: lines of a file are
paired with those of the commit by their text, and a line that has no pair is in no commit yet.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime

from auto_enforcer import git, reading, scope
from auto_enforcer.bases import Bases
from auto_enforcer.comparing import lines_of
from auto_enforcer.git import Blamed, Entry, GitError, Repository
from auto_enforcer.model import NamedTuple

MOST_FILES = 500
"""Files whose lines are asked for in one run."""

LONGEST = 60.0
"""Seconds after which no further file is asked for."""


class Written(NamedTuple):
    """Who wrote a line. `author` is "" for one that is in no commit; `day` is that of UTC, and None where the
    commit has none that there is."""

    author: str
    day: date | None


class Authors:
    """Asks the repositories of files, with one reader each and one further process a file."""

    __slots__ = ("_bases", "_files", "_until", "problem")

    def __init__(self) -> None:
        self._bases: dict[str, Bases] = {}
        self._files = 0
        self._until = 0.0
        self.problem = ""
        """Why of some lines nobody can tell, where that is not for want of a repository."""

    def of(self, path: str, numbers: Collection[int]) -> Mapping[int, Written]:
        """Who wrote some lines of a file, by 0-based number; the file is given by absolute path. A line of
        which nobody can tell is not in it."""
        top = git.top_of(os.path.dirname(path))
        if not top:
            return {}
        now = time.monotonic()
        self._until = self._until or now + LONGEST
        self._files += 1
        if self._files > MOST_FILES or now > self._until:
            self.problem = self.problem or "there are too many files to ask git about each; name fewer"
            return {}
        try:
            with reading.open_regular(path) as file:
                data = file.read(git.LARGEST + 1)
            return self._of(top, os.path.relpath(path, top).replace(os.sep, "/"), data, numbers)
        except (OSError, GitError) as error:
            self.problem = self.problem or str(error)
            return {}

    def close(self) -> None:
        """End the readers."""
        for bases in self._bases.values():
            bases.repository.close()
        self._bases.clear()

    def _of(self, top: str, path: str, data: bytes, numbers: Collection[int]) -> Mapping[int, Written]:
        if len(data) > git.LARGEST:
            return {}
        bases = self._bases.get(top)
        if bases is None:
            bases = self._bases[top] = Bases(Repository(top), "HEAD")
        repository = bases.repository
        head = repository.commit("HEAD")
        if not head:
            return dict.fromkeys(numbers, _UNCOMMITTED)
        # What the repository around a submodule takes for its base is another matter.
        entry, was = repository.entry(head, path), path
        if entry is None:
            stood = bases.stood(path, data)
            if stood is None:
                return dict.fromkeys(numbers, _UNCOMMITTED)
            entry, was, head = stood.entry, stood.path, bases.commit().id
        pairs = _paired(repository, entry, data, numbers)
        asked = {base for base in pairs.values() if base >= 0}
        blamed = repository.blame(head, was, asked) if asked else {}
        found = {number: blamed.get(base) if base >= 0 else _NOBODY for number, base in pairs.items()}
        return {number: _written(one) for number, one in found.items() if one is not None}


_NOBODY = Blamed("", 0)
_UNCOMMITTED = Written("", None)


def _paired(repository: Repository, entry: Entry, data: bytes, numbers: Collection[int]) -> Mapping[int, int]:
    """The line of the commit that each of the lines is; -1 where it is none."""
    if entry.id == git.blob_id(data, entry.id):
        return {number: number for number in numbers}
    stood = repository.read(entry.id)
    if stood is None or stood.data is None:
        return {}
    base, lines = lines_of(stood.data), lines_of(data)
    pairs = scope.Pairs(base, lines)
    found = {number: pairs.base_of(number) for number in numbers if number < len(lines)}
    for number, at in found.items():
        # A line that was moved is in the commit as well, if it cannot be another one.
        if at < 0 and base.count(lines[number]) == 1 == lines.count(lines[number]):
            found[number] = base.index(lines[number])
    return found


def _written(blamed: Blamed) -> Written:
    if blamed is _NOBODY:
        return _UNCOMMITTED
    try:
        day = datetime.fromtimestamp(blamed.time, UTC).date()
    except (OverflowError, OSError, ValueError):
        return Written(blamed.author or "nobody", None)
    return Written(blamed.author or "nobody", day)
