"""Finds many patterns by seeking their literals one by one: no library, no database, the same lines hit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_LONG_LINE = 1024
"""Bytes of a line beyond which a literal alone counts as a hit: a pattern could take long to search there."""


class PlainScanner:
    """Seeks the patterns of one set. A pattern is compiled when one of its literals is first found."""

    __slots__ = ("_bare", "_compiled", "_folded", "_patterns", "_sought")

    def __init__(self, patterns: Sequence[str], needles: Sequence[tuple[bool, tuple[bytes, ...]]]) -> None:
        self._patterns = patterns
        self._compiled: list[re.Pattern[bytes] | None] = [None] * len(patterns)
        self._bare = [index for index, (_, literals) in enumerate(needles) if not literals]
        self._sought = _by_literal(needles, folded=False)
        self._folded = _by_literal(needles, folded=True)

    def find(self, block: bytes) -> list[tuple[int, int]]:
        """(end offset, pattern index), ascending: for each line that a pattern matches at least one."""
        hits: set[tuple[int, int]] = set()
        self._seek(block, block, self._sought, hits)
        if self._folded:
            self._seek(block, block.lower(), self._folded, hits)
        for index in self._bare:
            hits.update([(match.end(), index) for match in self._pattern(index).finditer(block)])
        return sorted(hits)

    def _seek(
        self,
        block: bytes,
        text: bytes,
        sought: Iterable[tuple[bytes, Sequence[int]]],
        hits: set[tuple[int, int]],
    ) -> None:
        for literal, indexes in sought:
            found = text.find(literal)
            while found >= 0:
                start = block.rfind(b"\n", 0, found) + 1
                end = block.find(b"\n", found)
                if end < 0:
                    end = len(block)
                for index in indexes:
                    if end - start > _LONG_LINE:
                        hits.add((found + len(literal), index))
                        continue
                    match = self._pattern(index).search(block, start, end)
                    if match is not None:
                        hits.add((match.end(), index))
                found = text.find(literal, end)

    def _pattern(self, index: int) -> re.Pattern[bytes]:
        pattern = self._compiled[index]
        if pattern is None:
            compiled = re.compile(self._patterns[index].encode("ascii"), re.MULTILINE)
            pattern = self._compiled[index] = compiled
        return pattern


def _by_literal(
    needles: Iterable[tuple[bool, tuple[bytes, ...]]], folded: bool
) -> tuple[tuple[bytes, tuple[int, ...]], ...]:
    """Each literal with the patterns that it is sought for."""
    found: dict[bytes, list[int]] = {}
    for index, (lower, literals) in enumerate(needles):
        if lower is folded:
            for literal in literals:
                found.setdefault(literal, []).append(index)
    return tuple((literal, tuple(indexes)) for literal, indexes in found.items())
