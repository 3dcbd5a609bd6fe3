"""Finds many patterns by seeking their literals one by one: no library, no database, the same lines hit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from auto_enforcer.model import NamedTuple

_LONG_LINE = 1024
"""Bytes of a line beyond which a literal alone counts as a hit: a pattern could take long to search there."""

_WORD = rb"[0-9a-z_\x80-\xff]{3,}"
_COMMON_LETTERS = b"etaoinsrlcdpumfgybhvwk"


class _Sought(NamedTuple):
    """A literal, whether it is in lower case for a lowered text, and the patterns that it is sought for."""

    literal: bytes
    folded: bool
    patterns: tuple[int, ...]


class PlainScanner:
    """Seeks the patterns of one set. A pattern is compiled when one of its literals is first found."""

    __slots__ = (
        "_bare",
        "_beyond_ascii",
        "_by_probe",
        "_compiled",
        "_indexes",
        "_patterns",
        "_probes",
        "_short",
        "_words",
    )

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
        by_probe: dict[bytes, list[_Sought]] = {}
        for sought in _by_literal(own):
            by_probe.setdefault(self._probe(sought.literal), []).append(sought)
        short = by_probe.pop(b"", [])
        self._short = [sought for sought in short if sought.literal.isascii()]
        self._beyond_ascii = [sought for sought in short if not sought.literal.isascii()]
        self._by_probe = by_probe
        self._probes = frozenset(by_probe)

    def find(self, block: bytes) -> list[tuple[int, int]]:
        """(end offset, pattern index), ascending: for each line that a pattern matches at least one."""
        hits: set[tuple[int, int]] = set()
        lowered = block.lower()
        # Each word once is a fraction of the text, and most literals have three letters that no word has.
        words = b"\n".join(set(self._words.findall(lowered)))
        present = {words[start : start + 3] for start in range(len(words) - 2)} & self._probes
        for sought in self._short if block.isascii() else self._short + self._beyond_ascii:
            self._seek(sought, block, lowered if sought.folded else block, hits)
        for probe in present:
            for sought in self._by_probe[probe]:
                self._seek(sought, block, lowered if sought.folded else block, hits)
        for number in self._bare:
            for match in self._pattern(number).finditer(block):
                self._note(number, match.end(), hits)
        return sorted(hits)

    def _seek(self, sought: _Sought, block: bytes, text: bytes, hits: set[tuple[int, int]]) -> None:
        literal = sought.literal
        found = text.find(literal)
        while found >= 0:
            start = block.rfind(b"\n", 0, found) + 1
            end = block.find(b"\n", found)
            if end < 0:
                end = len(block)
            for number in sought.patterns:
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

    def _probe(self, literal: bytes) -> bytes:
        """The three letters of one word of the literal that are likely to be the rarest; b"" for none."""
        probes = [
            word[start : start + 3]
            for word in self._words.findall(literal.lower())
            for start in range(len(word) - 2)
        ]
        return max(probes, key=_rarity, default=b"")


def _rarity(text: bytes) -> int:
    ranks = [_COMMON_LETTERS.find(byte) for byte in text]
    return sum(rank if rank >= 0 else len(_COMMON_LETTERS) for rank in ranks)


def _by_literal(needles: Iterable[tuple[bool, tuple[bytes, ...]]]) -> list[_Sought]:
    """Each literal with the patterns that it is sought for."""
    found: dict[tuple[bytes, bool], list[int]] = {}
    for number, (folded, literals) in enumerate(needles):
        for literal in literals:
            found.setdefault((literal, folded), []).append(number)
    return [_Sought(literal, folded, tuple(numbers)) for (literal, folded), numbers in found.items()]
