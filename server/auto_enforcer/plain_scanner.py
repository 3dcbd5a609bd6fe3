"""Finds many patterns by seeking their literals one by one: no library, no database, the same lines hit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_LONG_LINE = 1024
"""Bytes of a line beyond which a literal alone counts as a hit: a pattern could take long to search there."""

_WORD = rb"[0-9a-z_\x80-\xff]{2,}"


class _Sought(NamedTuple):
    """A literal, the longest word in it, and the patterns that it is sought for."""

    probe: bytes
    literal: bytes
    patterns: tuple[int, ...]


class PlainScanner:
    """Seeks the patterns of one set. A pattern is compiled when one of its literals is first found."""

    __slots__ = ("_bare", "_compiled", "_exact", "_folded", "_indexes", "_patterns", "_words")

    def __init__(self, patterns: Sequence[str], needles: Sequence[tuple[bool, tuple[bytes, ...]]]) -> None:
        indexes: dict[str, list[int]] = {}
        for index, pattern in enumerate(patterns):
            indexes.setdefault(pattern, []).append(index)
        self._patterns = tuple(indexes)
        self._indexes = tuple(map(tuple, indexes.values()))
        own = [needles[first] for first, *_ in self._indexes]
        self._compiled: list[re.Pattern[bytes] | None] = [None] * len(self._patterns)
        self._words = re.compile(_WORD)
        self._bare = [number for number, (_, literals) in enumerate(own) if not literals]
        self._exact = self._by_literal(own, folded=False)
        self._folded = self._by_literal(own, folded=True)

    def find(self, block: bytes) -> list[tuple[int, int]]:
        """(end offset, pattern index), ascending: for each line that a pattern matches at least one."""
        hits: set[tuple[int, int]] = set()
        lowered = block.lower()
        # Each word once is a fraction of the text, and most literals are in none of them.
        words = b"\n".join(set(self._words.findall(lowered)))
        self._seek(block, block, words, self._exact, hits)
        self._seek(block, lowered, words, self._folded, hits)
        for number in self._bare:
            for match in self._pattern(number).finditer(block):
                self._note(number, match.end(), hits)
        return sorted(hits)

    def _seek(
        self, block: bytes, text: bytes, words: bytes, sought: Iterable[_Sought], hits: set[tuple[int, int]]
    ) -> None:
        for probe, literal, patterns in sought:
            found = text.find(literal) if probe in words else -1
            while found >= 0:
                start = block.rfind(b"\n", 0, found) + 1
                end = block.find(b"\n", found)
                if end < 0:
                    end = len(block)
                for number in patterns:
                    if end - start > _LONG_LINE:
                        self._note(number, found + len(literal), hits)
                        continue
                    match = self._pattern(number).search(block, start, end)
                    if match is not None:
                        self._note(number, match.end(), hits)
                found = text.find(literal, end)

    def _note(self, number: int, end: int, hits: set[tuple[int, int]]) -> None:
        for index in self._indexes[number]:
            hits.add((end, index))

    def _pattern(self, number: int) -> re.Pattern[bytes]:
        pattern = self._compiled[number]
        if pattern is None:
            compiled = re.compile(self._patterns[number].encode("ascii"), re.MULTILINE)
            pattern = self._compiled[number] = compiled
        return pattern

    def _by_literal(
        self, needles: Iterable[tuple[bool, tuple[bytes, ...]]], folded: bool
    ) -> tuple[_Sought, ...]:
        """Each literal with the patterns that it is sought for."""
        found: dict[bytes, list[int]] = {}
        for number, (lower, literals) in enumerate(needles):
            if lower is folded:
                for literal in literals:
                    found.setdefault(literal, []).append(number)
        return tuple(
            _Sought(max(self._words.findall(literal.lower()), key=len, default=b""), literal, tuple(numbers))
            for literal, numbers in found.items()
        )
