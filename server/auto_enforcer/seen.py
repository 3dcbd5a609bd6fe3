"""What a session first saw of files that nobody has opened: hashes of the lines of a bounded number of them.

A line is known by a keyed hash of what of it is not white space, so no text is kept, and nothing of it is of
use to anybody once the key is gone. By hashes alone a violation is old if its whole line was there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence

from auto_enforcer.hashing import keyed
from auto_enforcer.model import Row
from auto_enforcer.scope import NEVER_OLD, Pairs, folded, index_of_moved

WIDTH = 6
"""Bytes of a line's hash: among a million lines one in three hundred million pairs is wrong."""

MOST_KEPT = 4 << 20
"""Bytes that are kept, at most: 700,000 lines."""

_BLANK = bytes(WIDTH)


class Seen:
    """The hashes of files' lines, by the files' absolute paths, each as it was first given."""

    __slots__ = ("_files", "_key", "_size", "is_full")

    def __init__(self, key: bytes = b"") -> None:
        """`key` is that of the session, 16 bytes; without one it is drawn."""
        self._key = key or os.urandom(16)
        self._files: dict[str, bytes] = {}
        self._size = 0
        self.is_full = False
        """Whether there was no room for a file: of those that are not here it cannot be told whether they
        were seen."""

    @property
    def key(self) -> bytes:
        """What the hashes are made with."""
        return self._key

    def hashes(self, data: bytes) -> bytes:
        """The hashes of a text's lines, one behind the other."""
        from auto_enforcer.comparing import lines_of

        hashed = keyed(self._key, WIDTH)
        return b"".join(
            hashed(text.encode("utf-8", "surrogatepass")) if (text := folded(line)) else _BLANK
            for line in lines_of(data)
        )

    def of(self, path: str) -> bytes | None:
        """A file's hashes; None of one that was not seen."""
        return self._files.get(path)

    def paths(self) -> Iterable[str]:
        """The files that were seen."""
        return self._files

    def put(self, path: str, hashes: bytes, *, first: bool = False) -> None:
        """Keep what a file was when it was first seen, if there is room. `first`: that was before it was seen
        as it is known."""
        if path in self._files and not first:
            return
        self._size -= len(self._files.pop(path, b""))
        if self._size + len(hashes) > MOST_KEPT:
            self.is_full = True
            return
        self._files[path] = hashes
        self._size += len(hashes)


class FirstSeen:
    """Tells what files were when they were first seen, and sees those that were not."""

    __slots__ = ("_is_complete", "_seen", "_tell")

    def __init__(self, seen: Seen, tell: Callable[[str, bytes], None], *, is_complete: bool) -> None:
        """`tell` is given what is seen for the first time. `is_complete`: all files were seen before, so that
        one that was not is new."""
        self._seen = seen
        self._tell = tell
        self._is_complete = is_complete

    def hashes(self, data: bytes) -> bytes:
        """The hashes of a text's lines."""
        return self._seen.hashes(data)

    def stood(self, path: str, own: bytes) -> bytes | None:
        """The hashes of a file, by absolute path, as it was first: as it is now, which is `own`, if that is
        the first time, or cannot be told. None of one that was not there."""
        before = self._seen.of(path)
        if before is not None or (self._is_complete and not self._seen.is_full):
            return before
        self._seen.put(path, own)
        self._tell(path, own)
        return own


def marked(base: bytes, own: bytes, rows: Iterable[Row]) -> Iterator[Row]:
    """A file's rows, each with the line that it stood on when the file was first seen. `base` and `own` are
    the hashes of the lines then and now."""
    before, now = _words(base), _words(own)
    pairs = Pairs(before, now)
    free: dict[str, list[int]] | None = None
    moved: dict[int, int] = {}
    for row in rows:
        number, violation = row.number, row.violation
        if violation.rule in NEVER_OLD or number >= len(now):
            yield row
            continue
        at = pairs.base_of(number)
        if at < 0 and violation.start == violation.end:
            at = 0  # it is about the file as such, of which hashes say nothing: it is not guessed to be new
        elif at < 0:
            if free is None:
                free = {}
                for gap in pairs.gaps(len(now)):
                    for line in range(gap.base_start, gap.base_end):
                        free.setdefault(before[line], []).append(line)
            if number not in moved:
                moved[number] = _moved_from(number, now, before, free)
            at = moved[number]
        yield row if at < 0 else row._replace(base=at)


def restored(base: bytes, own: bytes, lines: Sequence[str]) -> list[str]:
    """The lines of a file as it was, as far as those that it has now tell; "" for each other one. `own` are
    the hashes of `lines`, which come without their ends."""
    known = dict(zip(_words(own), lines, strict=True))
    return [known.get(word, "") for word in _words(base)]


def _moved_from(number: int, now: list[str], before: list[str], free: dict[str, list[int]]) -> int:
    """The line of before that a line was moved from, which is then free no more; -1 for none."""
    places = free.get(now[number], [])
    at = index_of_moved(now, number, before, places)
    return places.pop(at) if at >= 0 else -1


def each(hashes: bytes) -> list[bytes]:
    """The hashes one by one."""
    return [hashes[at : at + WIDTH] for at in range(0, len(hashes), WIDTH)]


def _words(hashes: bytes) -> list[str]:
    """The hashes as words, and "" for blank lines."""
    return ["" if one == _BLANK else one.hex() for one in each(hashes)]
