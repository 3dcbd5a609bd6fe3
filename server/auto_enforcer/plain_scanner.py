"""Finds many patterns by seeking their literals one by one: no library, no database, the same lines hit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from auto_enforcer.model import NamedTuple
from auto_enforcer.text import STEP

_LONG_LINE = 1024
"""Bytes of a line beyond which a literal alone counts as a hit: a pattern could take long to search there."""

_LONG_FOR_OPEN = 256
"""Bytes of a line beyond which a pattern without literals that repeats without an end counts as a hit."""

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
        "_bare_and_open",
        "_beyond_ascii",
        "_by_probe",
        "_compiled",
        "_numbers",
        "_patterns",
        "_probes",
        "_short",
        "_words",
    )

    def __init__(
        self,
        patterns: Sequence[str],
        needles: Sequence[tuple[bool, tuple[bytes, ...]]],
        numbers: Sequence[int],
    ) -> None:
        """`needles` and `numbers` as `scanner.PatternSet` has them."""
        found: dict[str, tuple[tuple[bool, tuple[bytes, ...]], dict[int, None]]] = {}
        for pattern, needle, number in zip(patterns, needles, numbers, strict=True):
            found.setdefault(pattern, (needle, {}))[1][number] = None
        self._patterns = tuple(found)
        self._numbers = tuple([tuple(own_numbers) for _, own_numbers in found.values()])
        own = [needle for needle, _ in found.values()]
        self._compiled: list[re.Pattern[bytes] | None] = [None] * len(self._patterns)
        self._words = re.compile(_WORD)
        bare = [number for number, (_, literals) in enumerate(own) if not literals]
        self._bare = [(n, _needed(self._patterns[n])) for n in bare if not _is_open(self._patterns[n])]
        self._bare_and_open = [number for number in bare if _is_open(self._patterns[number])]
        by_probe: dict[bytes, list[_Sought]] = {}
        for sought in _by_literal(own):
            by_probe.setdefault(self._probe(sought.literal), []).append(sought)
        short = by_probe.pop(b"", [])
        self._short = [sought for sought in short if sought.literal.isascii()]
        self._beyond_ascii = [sought for sought in short if not sought.literal.isascii()]
        self._by_probe = by_probe
        self._probes = frozenset(by_probe)

    def find(self, block: bytes) -> list[tuple[int, int]]:
        """(end offset, the pattern's number), ascending: for each line that a pattern matches at least one,
        and for a long line at least one in each piece of it."""
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
        for number, needed in self._bare:
            if needed in block:
                self._search(number, block, hits)
        if self._bare_and_open:
            self._search_short_lines(block, hits)
        return sorted(hits)

    def _seek(self, sought: _Sought, block: bytes, text: bytes, hits: set[tuple[int, int]]) -> None:
        literal = sought.literal
        start, end = 0, -1
        found = text.find(literal)
        while found >= 0:
            if found > end:
                start = block.rfind(b"\n", 0, found) + 1
                end = block.find(b"\n", found)
                if end < 0:
                    end = len(block)
            if end - start > _LONG_LINE:
                for number in sought.patterns:
                    self._note(number, found + len(literal), hits)
                found = text.find(literal, _beyond(found, start, end))
                continue
            for number in sought.patterns:
                match = self._pattern(number).search(block, start, end)
                if match is not None:
                    self._note(number, match.end(), hits)
            found = text.find(literal, end)

    def _search(self, number: int, block: bytes, hits: set[tuple[int, int]]) -> None:
        """Search for a pattern itself."""
        search = self._pattern(number).search
        match = search(block)
        while match is not None:
            last = match.end() - 1
            self._note(number, last + 1, hits)
            start = block.rfind(b"\n", 0, last) + 1
            end = block.find(b"\n", last)
            match = search(block, _beyond(last, start, end if end >= 0 else len(block)))

    def _search_short_lines(self, block: bytes, hits: set[tuple[int, int]]) -> None:
        """Search for the patterns that could take long on a long line, which counts as hit by them."""
        start, size = 0, len(block)
        while start < size:
            end = block.rfind(b"\n", start, start + _LONG_FOR_OPEN + 1)
            if end < 0 and size - start > _LONG_FOR_OPEN:
                end = block.find(b"\n", start)
                end = size if end < 0 else end
                for place in (*range(start + 1, end, STEP), end):
                    for number in self._bare_and_open:
                        self._note(number, place, hits)
            else:
                end = size if end < 0 else end
                for number in self._bare_and_open:
                    for match in self._pattern(number).finditer(block, start, end):
                        self._note(number, match.end(), hits)
            start = end + 1

    def _note(self, number: int, end: int, hits: set[tuple[int, int]]) -> None:
        for borne in self._numbers[number]:
            hits.add((end, borne))

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


def _beyond(found: int, start: int, end: int) -> int:
    """Where to go on after a hit on the line block[start:end]: at the end of a line that is seen as one, else
    in the next piece."""
    return end if end - start <= STEP else min(end, start + ((found - start) // STEP + 1) * STEP)


def _is_open(pattern: str) -> bool:
    """Whether the pattern repeats something without an end."""
    return re.search(r"(?<!\\)[*+]|,\}", pattern) is not None


def _needed(pattern: str) -> bytes:
    """A character that stands in whatever the pattern matches; b"" where none is seen at once."""
    rest, count = re.sub(r"\[(?:\\.|[^\]\\])*\](?:\{[^}]*\})?", "", pattern), 1
    while count:
        rest, count = re.subn(r"\((?:\\.|[^()\\])*\)[*+?]?(?:\{[^}]*\})?", "", rest)
    found = re.search(r"(?<!\\)[-:<=>@](?![*?{])", rest)
    return b"" if found is None or "|" in rest else found[0].encode()


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
