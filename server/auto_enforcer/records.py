"""What became of a document's lines that were looked at and matter, by line, and counts of it that each edit
keeps right, so that nobody has to go over all of it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from auto_enforcer.engine import closed
from auto_enforcer.looked import Looked, Traveller
from auto_enforcer.model import WIDEST_WINDOW, Row, Suppression, Violation

if TYPE_CHECKING:
    from auto_enforcer.scope import Gap

Unused = tuple[Sequence[Row], Sequence[tuple[Suppression, int]]]
"""The rows of ended suppressions that took nothing out, as they end, and those that have not ended, each with
its line."""


class Records:
    """The records of a document's lines. A line without one has nothing, and leaves the traveller as it
    is."""

    __slots__ = ("_looked", "_numbers", "_unused", "facts", "found", "used_in_file")

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._looked: list[Looked] = []
        self._unused: Unused | None = ((), ())
        self.facts: Counter[str] = Counter()
        """How many lines state each `anywhere` fact; 0 for some."""
        self.found: Counter[tuple[str, bool]] = Counter()
        """How many violations of each rule no suppression took out, those that stood in the base apart; 0 for
        some."""
        self.used_in_file: Counter[str] = Counter()
        """How many violations each name in the suppressions for the whole file took out; 0 for some."""

    def put(self, start: int, end: int, found: Sequence[Looked]) -> None:
        """Put records in the place of those of the lines [start, end)."""
        low, high = self._span(start, end)
        for looked in self._looked[low:high]:
            self._count(looked, -1)
        self._numbers[low:high] = [looked.number for looked in found]
        self._looked[low:high] = found
        for looked in found:
            self._count(looked, 1)

    def shift(self, line: int, delta: int) -> None:
        """Move the records from `line` on by so many lines."""
        if not delta:
            return
        low = bisect_left(self._numbers, line)
        self._numbers[low:] = [number + delta for number in self._numbers[low:]]
        if self._unused != ((), ()):
            self._unused = None

    def above(self, line: int) -> tuple[int, Traveller] | None:
        """The nearest line above `line` that has a record, and the traveller that leaves it."""
        index = bisect_left(self._numbers, line) - 1
        return (self._numbers[index], self._looked[index].after) if index >= 0 else None

    def looking_down_at(self, line: int) -> int:
        """The first line above `line` where a rule looked as far down as `line`; else `line`."""
        low, high = self._span(line - WIDEST_WINDOW, line)
        for number, looked in zip(self._numbers[low:high], self._looked[low:high], strict=True):
            if number + looked.reach_after >= line:
                return number
        return line

    def looking_up_from(self, line: int) -> int:
        """The line after the last one whose rules looked at lines above `line`; else `line`."""
        low, high = self._span(line, line + WIDEST_WINDOW)
        end = line
        for number, looked in zip(self._numbers[low:high], self._looked[low:high], strict=True):
            if number - looked.reach_before < line:
                end = number + 1
        return end

    def rows(self, first: int, end: int) -> Iterator[Row]:
        """What was found on the lines [first, end), by line and column."""
        low, high = self._span(first, end)
        for number, looked in zip(self._numbers[low:high], self._looked[low:high], strict=True):
            for index, (violation, suppression) in enumerate(looked.rows):
                stood = looked.base[index] if looked.base else None
                yield Row(number, violation, suppression, None, stood)

    def between(self, first: int, end: int) -> list[tuple[int, Looked]]:
        """The records of the lines [first, end), each with its line."""
        low, high = self._span(first, end)
        return list(zip(self._numbers[low:high], self._looked[low:high], strict=True))

    def within(self, gaps: Iterable[Gap]) -> Iterator[tuple[int, Looked]]:
        """The records with rows of the lines in some gaps, which are in order, each with its line."""
        numbers, looked, high = self._numbers, self._looked, 0
        for start, end, _, _ in gaps:
            if start == end:
                continue
            low = bisect_left(numbers, start, high)
            high = bisect_left(numbers, end, low)
            for index in range(low, high):
                if looked[index].rows:
                    yield numbers[index], looked[index]

    def mark(self, looked: Looked, stood: tuple[int | None, ...]) -> None:
        """Say of a line's rows where they stood in the base; empty where none did."""
        if stood == looked.base:
            return
        self._count_found(looked, -1)
        looked.base = stood
        self._count_found(looked, 1)

    def first(
        self,
        ranks: Mapping[tuple[str, bool], int],
        rooms: Mapping[int, int],
        counts: Mapping[tuple[str, bool], int],
        moved: Mapping[tuple[int, int], int],
    ) -> list[Row]:
        """By line and column, the first violations that no suppression took out: of those of a rank as many
        as there is room for. `moved` are further ones that stood in the base, by line and place in it."""
        left = dict.fromkeys(rooms, 0)
        for key, rank in ranks.items():
            left[rank] += counts.get(key, 0)
        left = {rank: min(count, rooms[rank]) for rank, count in left.items()}
        missing = sum(left.values())
        rows: list[Row] = []
        for number, looked in zip(self._numbers if missing else (), self._looked, strict=False):
            base = looked.base
            for index, (violation, suppression) in enumerate(looked.rows):
                if suppression is not None:
                    continue
                stood = base[index] if base else None
                if moved and stood is None:
                    stood = moved.get((number, index))
                rank = ranks.get((violation.rule, stood is not None), -1)
                if left.get(rank):
                    left[rank] -= 1
                    missing -= 1
                    rows.append(Row(number, violation, None, None, stood))
            if not missing:
                break
        return rows

    def unused(self) -> Unused:
        """The suppressions for later lines that took nothing out, as far as the records know."""
        if self._unused is None:
            rows: list[Row] = []
            opened: list[tuple[Suppression, int]] = []
            for number, looked in zip(self._numbers, self._looked, strict=True):
                if looked.opened is not None:
                    opened.append((looked.opened, number))
                for ended in looked.ended:
                    rows += closed(ended, opened, show=True)
            self._unused = rows, opened
        return self._unused

    def _span(self, start: int, end: int) -> tuple[int, int]:
        return bisect_left(self._numbers, start), bisect_left(self._numbers, end)

    def _count(self, looked: Looked, by: int) -> None:
        for name in looked.facts:
            self.facts[name] += by
        for violation, suppression in looked.rows:
            if suppression is not None and suppression.whole_file:
                for name in _names_used(suppression, violation):
                    self.used_in_file[name] += by
        if looked.opened is not None or looked.ended:
            self._unused = None
        self._count_found(looked, by)

    def _count_found(self, looked: Looked, by: int) -> None:
        base = looked.base
        for index, (violation, suppression) in enumerate(looked.rows):
            if suppression is None:
                self.found[violation.rule, bool(base) and base[index] is not None] += by


def place(row: Row) -> tuple[int, int, int, str]:
    """What rows are put in order by."""
    return row.number, row.violation.start, row.violation.end, row.violation.rule


def _names_used(suppression: Suppression, violation: Violation) -> Iterator[str]:
    family = violation.rule.partition("/")[0]
    return (name for name in suppression.rules if name in (violation.rule, family))
