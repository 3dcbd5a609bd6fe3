"""Compares a workspace's files with their base texts: which of the rows that were found stood there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from auto_enforcer import git, scope, text
from auto_enforcer.bases import AUTO, SESSION, Bases, Stood
from auto_enforcer.git import GitError, Repository
from auto_enforcer.model import Row

if TYPE_CHECKING:
    from auto_enforcer.seen import FirstSeen

MOST_FOLDERS = 4_096
"""Folders whose repository is remembered, at most."""

MOST_TOLD = 1_000
"""Reasons that are said but once, at most."""

MOST_DIFFERING = 10_000
"""Files that are not as their base has them that are remembered, at most."""


class Comparing:
    """The bases of a workspace's files: one a repository and word, each with one reader of objects."""

    __slots__ = (
        "_bases",
        "_broken",
        "_places",
        "_repositories",
        "_root",
        "_told",
        "_word",
        "also",
        "differing",
        "first_seen",
    )

    def __init__(self, root: str, word: str = "") -> None:
        """`root` is the workspace's absolute path. `word` says what all files are compared with, "auto" or a
        revision, whatever their policies say; "" leaves it to these."""
        self._root = root
        self._word = word
        self._bases: dict[tuple[str, str], Bases] = {}
        self._broken: dict[tuple[str, str], tuple[str, Bases, tuple[object, ...]]] = {}
        """Why there is no base, and what would tell it when that stamp is another."""
        self._repositories: dict[str, Repository] = {}
        self._places: dict[str, tuple[str, str]] = {}
        self._told: set[str] = set()
        self.also: list[Bases] = []
        """Further bases: what stood in one of them is old too. Those of a merge's other parents."""
        self.differing: dict[str, None] = {}
        """The files that were met and are not as their base has them."""
        self.first_seen: FirstSeen | None = None
        """Where somebody knows it, what the session first saw of files."""

    def bases(self, relative: str, word: str) -> Bases | None:
        """The base of a file, by its path relative to the workspace; None where nothing is to be compared
        with: outside of git. `word` is the policy's. Raises GitError."""
        word = self._word or word
        top = self.top_of(os.path.join(self._root, relative))
        if word == SESSION:
            raise GitError("what a session first saw is an editor's to know; name a revision with `--base`")
        if not top:
            if word != AUTO:
                raise GitError(f"there is no revision `{word}`, for this is no git repository")
            return None
        key = top, word
        if key in self._broken:
            raise GitError(self._broken[key][0])
        found = self._bases.get(key)
        if found is None:
            found = Bases(self._repository(top), word)
            stamp = found.stamp()
            try:
                found.commit()
            except GitError as error:
                self._broken[key] = str(error), found, stamp
                raise
            self._bases[key] = found
        return found

    def repository(self) -> Repository | None:
        """The repository that the workspace's root lies in; None outside of git. Raises GitError."""
        top = self._place(self._root)[0]
        return self._repository(top) if top else None

    def settle(self, words: Sequence[str]) -> list[Bases]:
        """From now on all files are compared with these revisions, one at least: what stood in one of them is
        old. Gives their bases. Raises GitError."""
        self._word = words[0]
        first = self.bases("", "")
        if first is None:
            return []
        self.also = [Bases(first.repository, word) for word in words[1:]]
        return [first, *self.also]

    def have_moved(self) -> bool:
        """Whether a base that was asked for is another commit now, or may be told at last."""
        mended = [key for key, (_, found, stamp) in self._broken.items() if found.stamp() != stamp]
        for key in mended:
            # What git knew of a history that was cut off is told by a reader that begins anew.
            self._broken.pop(key)[1].repository.rest()
        moved = [bases.has_moved() for bases in list(self._bases.values())]
        return bool(mended) or any(moved)

    def rest(self) -> None:
        """End the readers until something is asked again."""
        for repository in list(self._repositories.values()):
            repository.rest()

    def is_repository(self, relative: str) -> bool:
        """Whether a file, by its path relative to the workspace, lies in a repository."""
        top = self.top_of(os.path.join(self._root, relative))
        return bool(top) and git.is_repository(top)

    def top_of(self, path: str) -> str:
        """The work tree that a file, by its absolute path, lies in; "" outside of git."""
        return self._place(os.path.dirname(path))[0]

    def inside(self, relative: str) -> str:
        """A file's path, given relative to the workspace, relative to the top of its work tree."""
        folder, name = os.path.split(os.path.join(self._root, relative))
        inner = self._place(folder)[1]
        return f"{inner}/{name}" if inner else name

    def look_again(self) -> None:
        """Repositories may have come and gone since this was last asked."""
        self._places.clear()

    def all(self) -> Iterable[Bases]:
        """Those that were asked for."""
        return self._bases.values()

    def stood(self, relative: str, word: str, data: bytes | None, own_id: str = "") -> Stood | None:
        """What the base has of a file with this content; of one too large to be compared its name as git has
        it is given instead. None where it has nothing. Raises GitError."""
        bases = self.bases(relative, word)
        if bases is None:
            return None
        stood = bases.stood(self.inside(relative), data, own_id)
        if (stood is None or not stood.is_same) and len(self.differing) < MOST_DIFFERING:
            self.differing[relative] = None
        return stood

    def stood_also(self, relative: str, data: bytes | None, own_id: str = "") -> Iterator[Stood]:
        """What further bases have of a file, those that have it. Raises GitError."""
        path = os.path.join(self._root, relative)
        for bases in self.also:
            if self.top_of(path) == bases.repository.top:
                stood = bases.stood(self.inside(relative), data, own_id)
                if stood is not None:
                    yield stood

    def is_news(self, reason: str) -> bool:
        """Whether it was not said before why something cannot be compared: mostly it is so of every file."""
        if reason in self._told:
            return False
        if len(self._told) < MOST_TOLD:
            self._told.add(reason)
        return True

    def close(self) -> None:
        """End the readers."""
        for repository in list(self._repositories.values()):
            repository.close()
        self._bases.clear()
        self._broken.clear()

    def _repository(self, top: str) -> Repository:
        repository = self._repositories.get(top)
        if repository is None:
            repository = self._repositories[top] = Repository(top)
        return repository

    def _place(self, folder: str) -> tuple[str, str]:
        """The top of a folder's work tree, and the folder relative to it, with forward slashes."""
        place = self._places.get(folder)
        if place is None:
            if len(self._places) >= MOST_FOLDERS:
                self._places.clear()
            place = self._places[folder] = _place(folder)
        return place


def _place(folder: str) -> tuple[str, str]:
    """The top of a folder's work tree as the path has it or, where links on the way say otherwise, as it is;
    and the folder relative to it."""
    top, real = git.top_of(folder), os.path.realpath(folder)
    if not top or os.path.normpath(os.path.join(os.path.realpath(top), os.path.relpath(folder, top))) != real:
        top, folder = git.top_of(real), real
    inner = os.path.relpath(folder, top).replace(os.sep, "/") if top else ""
    return top, "" if inner == "." else inner


def marked(
    rows: Iterable[Row], data: bytes | None, stood: Stood | None, rows_of: Callable[[Stood], Iterable[Row]]
) -> Iterator[Row]:
    """A text's rows, each with the line of the base that had it. `rows_of` finds what stood there. Of a text
    that is as it was nothing is compared, and its rows pass as they come."""
    if stood is None:
        yield from rows
    elif stood.is_same:
        for row in rows:
            yield row if row.violation.rule in scope.NEVER_OLD else row._replace(base=row.number)
    elif data is None or stood.data is None:
        yield from rows
    else:
        base = scope.Base(lines_of(stood.data), rows_of(stood))
        yield from scope.marked(base, lines_of(data), list(rows))


def marked_also(
    rows: Iterable[Row], data: bytes | None, stood: Stood, rows_of: Callable[[Stood], Iterable[Row]]
) -> Iterator[Row]:
    """A text's rows that were compared with one base, compared with a further one: the first that had a row
    is where it stood."""
    first = list(rows)
    again = marked([row._replace(base=None) for row in first], data, stood, rows_of)
    for row, other in zip(first, again, strict=True):
        yield row if row.base is not None else other


def lines_of(data: bytes) -> list[str]:
    """A text's lines as the engine counts them, without their ends."""
    return text.decode(b"".join(text.normalised((data,)))).split("\n")
