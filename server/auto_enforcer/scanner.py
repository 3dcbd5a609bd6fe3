"""Finds many patterns at once in a block of lines, so that only lines worth a look get one.

Hyperscan does it where its database is at hand; until then, and where the library is missing, the plain
scanner does, with the same lines hit. Which of them it is decides how fast, never what is found.
"""

from __future__ import annotations

import os
from _thread import allocate_lock
from collections.abc import Callable, Hashable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from auto_enforcer import pattern_cache
from auto_enforcer.model import NamedTuple
from auto_enforcer.pattern_cache import CacheDirectory
from auto_enforcer.text import BLOCK

if TYPE_CHECKING:
    from threading import Thread

MOST_HITS = 4_096
"""Hits in a block that are taken one by one. Where there are more, and more than MOST_ON_LINE a line, the
plain scanner goes over the block: it names a pattern once for a piece of a line, not once a match."""

MOST_ON_LINE = 16

_PROBE = 4_096
"""Bytes at a block's start that tell whether it has too many hits, where the block before had."""

Hits = list[tuple[int, int]]
"""(end offset, the pattern's number), ascending."""

Find = Callable[[bytes], Hits]

Needles = tuple[bool, tuple[bytes, ...]]
"""Literals one of which is in whatever the pattern matches, and whether they are in lower case and to be
sought in a lowered text. No literals: the pattern itself is searched."""


class PatternSet(NamedTuple):
    """Patterns that are sought together, a constant of a release. A hit names a pattern by its number.

    Each pattern is a regular expression in ASCII text over bytes, multi-line, in the common subset of `re`
    and Hyperscan; none matches the empty text or a line's end. `key` is a digest of the patterns, `name`
    unique among the sets; both become part of a file's name. `needles` and `numbers` have as many items as
    `patterns`. Patterns that mean the same have one number, the index of the first of them: what is alike in
    them is then held once, which makes the database of a set a third smaller.
    """

    name: str
    key: str
    patterns: tuple[str, ...]
    needles: tuple[Needles, ...]
    numbers: tuple[int, ...]

    def numbered(self) -> list[str]:
        """What a database is compiled from: each pattern behind its number and a space."""
        return [f"{number} {pattern}" for number, pattern in zip(self.numbers, self.patterns, strict=True)]


def numbers_of(meanings: Iterable[Hashable]) -> tuple[int, ...]:
    """The numbers of patterns by what each means."""
    first: dict[Hashable, int] = {}
    return tuple([first.setdefault(meaning, index) for index, meaning in enumerate(meanings)])


class Scanner:
    """Finds the patterns of one set. May be used by several threads at once.

    The library is loaded on the first scan. While the set's database is compiled in a child process the plain
    scanner answers; the change happens between two scans.
    """

    __slots__ = ("_cache", "_compilation", "_find", "_lock", "_patterns", "accelerated")

    def __init__(self, patterns: PatternSet, cache: CacheDirectory | None) -> None:
        self._patterns = patterns
        self._cache = cache
        self._lock = allocate_lock()
        self._compilation: Thread | None = None
        self._find: Find | None = None
        self.accelerated = False
        """Whether scans use the library by now."""

    def scan(self, block: bytes) -> Hits:
        """All hits in a block whose lines end in `\\n`: on each line that a pattern matches at least one, on
        a long one at least one in each piece (see `text.pieces`) that holds the end of a match, and the byte
        before the hit's end lies there. A hit more than that is allowed."""
        return (self._find or self._open())(block)

    def settle(self, seconds: float) -> bool:
        """Wait, at most so long, for the database. Whether scans are now accelerated or always plain."""
        if self._find is None:
            self._open()
        if self._compilation is None:
            return True
        self._compilation.join(seconds)
        return not self._compilation.is_alive()

    def _open(self) -> Find:
        with self._lock:
            if self._find is None:
                self._find = self._opened()
            return self._find

    def _opened(self) -> Find:
        patterns = self._patterns
        if not patterns.patterns:
            return _nothing
        library = _library()
        if library is None or self._cache is None:
            return _plain(patterns)
        path = self._cache.path_of(
            f"{patterns.name}-{patterns.key}", patterns.numbered(), library.__version__
        )
        database = pattern_cache.read(path)
        if database is not None:
            find = _accelerated(library, database, patterns)
            if find is not None:
                self.accelerated = True
                return find
        elif pattern_cache.was_refused(path):
            return _plain(patterns)
        from threading import Thread

        self._compilation = Thread(target=self._compile, args=(library, path, database), daemon=True)
        self._compilation.start()
        return _plain(patterns)

    def _compile(self, library: Any, path: str, refused: bytes | None) -> None:
        """In a thread of its own: wait for the child process and take its database over."""
        assert self._cache is not None
        folder = os.path.dirname(os.path.dirname(library.__file__))
        database = self._cache.compile(self._patterns.numbered(), path, folder, refused)
        find = None if database is None else _accelerated(library, database, self._patterns)
        with self._lock:
            self._find = find or self._find
            self.accelerated = find is not None


def open_scanner(patterns: PatternSet, cache: CacheDirectory | None) -> Scanner:
    """A scanner for the set. Never waits for a compilation, does nothing before the first scan.

    Without a cache directory, and where `AUTO_ENFORCER_SCANNER=plain` is set, it stays plain.
    """
    return Scanner(patterns, None if os.environ.get("AUTO_ENFORCER_SCANNER") == "plain" else cache)


def _nothing(block: bytes) -> Hits:
    del block
    return []


def _plain(patterns: PatternSet) -> Find:
    from auto_enforcer.plain_scanner import PlainScanner

    return PlainScanner(patterns.patterns, patterns.needles, patterns.numbers).find


def _library() -> Any:
    """Hyperscan's package, None where there is none."""
    try:
        return import_module("hyperscan")
    except (ImportError, OSError):
        return None


def _accelerated(library: Any, database: bytes, patterns: PatternSet) -> Find | None:
    """Scans with a serialised database; None where the library does not take it."""
    try:
        loaded = library.loadb(database, library.HS_MODE_BLOCK)
        scratches = [library.Scratch(loaded)]
    except library.error:
        return None
    scan, terminated = loaded.scan, library.ScanTerminated
    plain: list[Find] = []
    flooded = False

    def collected(block: bytes, most: int) -> Hits | None:
        """The hits, None where there are more than `most`."""
        hits: Hits = []
        add = hits.append

        def hit(index: int, start: int, end: int, flags: int, context: None) -> bool:
            add((end, index))
            return len(hits) > most

        # A scratch serves one scan at a time, and the library lets go of the interpreter's lock meanwhile.
        try:
            scratch = scratches.pop()
        except IndexError:
            scratch = library.Scratch(loaded)
        try:
            scan(block, hit, 0, None, scratch)
        except terminated:
            return None
        finally:
            scratches.append(scratch)
        # The library promises no order, although it nearly keeps one.
        hits.sort()
        return hits

    def find(block: bytes) -> Hits:
        nonlocal flooded
        if flooded:
            flooded = collected(block[:_PROBE], MOST_HITS * _PROBE // BLOCK) is None
        hits = None if flooded else collected(block, MOST_HITS)
        if hits is None:
            lines = block.count(b"\n") + 1
            hits = collected(block, lines * MOST_ON_LINE) if lines * MOST_ON_LINE > MOST_HITS else None
            flooded = hits is None
        if hits is None:
            if not plain:
                plain.append(_plain(patterns))
            hits = plain[0](block)
        return hits

    return find
