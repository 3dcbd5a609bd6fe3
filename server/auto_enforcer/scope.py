"""Pairs a text with its base text, and tells which of its violations stood there.

Who a violation is, is never told by a line's number or by a time. Lines are paired by their text, white space
aside: common head and tail, then lines that are unique in both, then a comparison inside what is left. On a
paired line a violation is old if its rule had found the same text there. Between two paired lines it is old
if it stood between the same two, on a line like its own; anywhere else, if its whole line was moved with one
of its neighbours. What was found once in the base makes one violation old: a second copy is new.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from auto_enforcer.model import NamedTuple, Row, Violation

LARGEST_GAP = 1_000
"""Lines on either side between two pairs that are compared line by line; larger ones only by unique lines."""

MOST_COMPARED = 20_000
"""Equal pairs of lines in such a gap that the best order is looked for among; else the first one is taken."""

ALIKE = 0.5
"""Share of two lines' words and signs that is common to both of lines that are one line, edited."""

MOST_TRIED = 8
"""Lines that an edited one is compared with, at most."""

NEVER_OLD = frozenset(("enforcer/rule-failed",))
"""What could not run is no violation that somebody brought: it is told as it is."""

_WORDS = re.compile(r"\w+|[^\w\s]")

Key = tuple[str, str]
"""Rule and matched text, white space folded."""

Found = tuple[int, Sequence[Violation]]
"""A line's number and what was found on it that no suppression took out, by column."""

Marks = tuple[int | None, ...]
"""For each violation of a line the line of the base text that had it; None: it is new."""


class Run(NamedTuple):
    """Consecutive lines that are paired with consecutive lines of the base."""

    start: int
    base: int
    length: int


class Gap(NamedTuple):
    """Lines [start, end) that have no pair, and those of the base that might have been theirs."""

    start: int
    end: int
    base_start: int
    base_end: int


def folded(line: str) -> str:
    """A line without what white space tells."""
    return " ".join(line.split())


class Pairs:
    """Which lines of a text are which lines of its base, in order on both sides."""

    __slots__ = ("_base", "_gaps", "_runs", "_starts")

    def __init__(self, base: Sequence[str], lines: Sequence[str]) -> None:
        self._base = base
        self._gaps: tuple[int, list[Gap]] | None = None
        self._take(list(paired(base, lines)))

    def of(self, base: Sequence[str]) -> Pairs:
        """The same pairs, of the same lines that are held elsewhere."""
        same = Pairs((), ())
        same._base = base
        same._take(list(self._runs))
        return same

    @property
    def runs(self) -> Sequence[Run]:
        """In order."""
        return self._runs

    def base_of(self, line: int) -> int:
        """The base's line of a line; -1 where it has none."""
        index = bisect_right(self._starts, line) - 1
        if index >= 0:
            start, base, length = self._runs[index]
            if line < start + length:
                return base + line - start
        return -1

    def gaps(self, count: int) -> Sequence[Gap]:
        """All that is between the pairs, in a text of so many lines."""
        if self._gaps is None or self._gaps[0] != count:
            found: list[Gap] = []
            start = base_start = 0
            for own, base, length in (*self._runs, Run(count, len(self._base), 0)):
                if start < own or base_start < base:
                    found.append(Gap(start, own, base_start, base))
                start, base_start = own + length, base + length
            self._gaps = count, found
        return self._gaps[1]

    def gap(self, line: int, count: int) -> Gap:
        """The gap around a line that has no pair, in a text of so many lines."""
        index = bisect_right(self._starts, line)
        before = self._runs[index - 1] if index else Run(0, 0, 0)
        after = self._runs[index] if index < len(self._runs) else Run(count, len(self._base), 0)
        return Gap(before.start + before.length, after.start, before.base + before.length, after.base)

    def change(self, first: int, last: int, count: int, lines: Sequence[str]) -> Gap:
        """The lines [first, last) were replaced by `count` ones; `lines` are all as they are now. Pairs again
        inside the gap alone, which is given as it was before that."""
        delta = count - (last - first)
        before, after = self._split(first, last, delta)
        low = before[-1] if before else Run(0, 0, 0)
        high = after[0] if after else Run(len(lines), len(self._base), 0)
        gap = Gap(low.start + low.length, high.start, low.base + low.length, high.base)
        between = _between(self._base, lines, gap)
        self._take([*before, *between, *after])
        return gap

    def _split(self, first: int, last: int, delta: int) -> tuple[list[Run], list[Run]]:
        """The runs above `first`, and those from `last` on, moved."""
        starts, runs = self._starts, self._runs
        index = bisect_left(starts, first)
        before = runs[:index]
        if before and before[-1].start + before[-1].length > first:
            cut = before[-1]
            before[-1] = cut._replace(length=first - cut.start)
        after: list[Run] = []
        for start, base, length in runs[max(0, index - 1) :]:
            cut_off = max(0, last - start)
            if cut_off < length:
                after.append(Run(start + cut_off + delta, base + cut_off, length - cut_off))
        return before, after

    def _take(self, runs: list[Run]) -> None:
        joined: list[Run] = []
        for run in runs:
            if joined:
                start, base, length = joined[-1]
                if start + length == run.start and base + length == run.base:
                    joined[-1] = Run(start, base, length + run.length)
                    continue
            joined.append(run)
        self._runs = joined
        self._gaps = None
        self._starts = [run.start for run in joined]


def paired(base: Sequence[str], lines: Sequence[str]) -> Iterator[Run]:
    """The lines that two texts have in common, in order on both sides."""
    yield from _between(base, lines, Gap(0, len(lines), 0, len(base)))


def _between(base: Sequence[str], lines: Sequence[str], gap: Gap) -> list[Run]:
    """The lines in common inside a gap."""
    found: list[Run] = []
    waiting = [gap]
    while waiting:
        inner = _trimmed(base, lines, waiting.pop(), found)
        if inner.start == inner.end or inner.base_start == inner.base_end:
            continue
        ours = [folded(line) for line in lines[inner.start : inner.end]]
        theirs = [folded(line) for line in base[inner.base_start : inner.base_end]]
        anchors = _anchors(ours, theirs)
        if anchors:
            start, base_start, length = inner.start, inner.base_start, 0
            for own, their in anchors:
                at, base_at = inner.start + own, inner.base_start + their
                if at != start or base_at != base_start:
                    if length:
                        found.append(Run(start - length, base_start - length, length))
                        length = 0
                    if at > start and base_at > base_start:
                        waiting.append(Gap(start, at, base_start, base_at))
                start, base_start, length = at + 1, base_at + 1, length + 1
            found.append(Run(start - length, base_start - length, length))
            waiting.append(Gap(start, inner.end, base_start, inner.base_end))
        elif max(len(ours), len(theirs)) < LARGEST_GAP:
            for own, their, length in _compared(ours, theirs):
                found.append(Run(inner.start + own, inner.base_start + their, length))
    found.sort()
    return found


def _trimmed(base: Sequence[str], lines: Sequence[str], gap: Gap, found: list[Run]) -> Gap:
    """The gap without the lines that are the same at its head and at its tail."""
    start, end, base_start, base_end = gap
    while start < end and base_start < base_end and _same(lines[start], base[base_start]):
        start, base_start = start + 1, base_start + 1
    if start > gap.start:
        found.append(Run(gap.start, gap.base_start, start - gap.start))
    while start < end and base_start < base_end and _same(lines[end - 1], base[base_end - 1]):
        end, base_end = end - 1, base_end - 1
    if end < gap.end:
        found.append(Run(end, base_end, gap.end - end))
    return Gap(start, end, base_start, base_end)


def _same(line: str, other: str) -> bool:
    return line == other or line.split() == other.split()


def _anchors(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """The lines that are unique on both sides, as many as are in the same order on both."""
    own_counts, their_counts = Counter(ours), Counter(theirs)
    place = {line: index for index, line in enumerate(theirs) if their_counts[line] == 1}
    both = [
        (index, place[line])
        for index, line in enumerate(ours)
        if line and own_counts[line] == 1 and line in place
    ]
    # The longest rising sequence, by the lowest end of one of each length.
    ends: list[int] = []
    tops: list[int] = []
    below: list[int] = []
    for at, (_, their) in enumerate(both):
        length = bisect_left(ends, their)
        below.append(tops[length - 1] if length else -1)
        ends[length : length + 1] = [their]
        tops[length : length + 1] = [at]
    chosen, top = [], tops[-1] if tops else -1
    while top >= 0:
        chosen.append(both[top])
        top = below[top]
    chosen.reverse()
    return chosen


def _compared(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """The blocks that two short runs of lines have in common."""
    counts = Counter(theirs)
    if sum(counts[line] for line in ours) <= MOST_COMPARED:
        import difflib

        for their, own, length in difflib.SequenceMatcher(None, theirs, ours, False).get_matching_blocks():
            if length:
                yield own, their, length
        return
    places: dict[str, list[int]] = {}
    for index, line in enumerate(theirs):
        places.setdefault(line, []).append(index)
    at = 0
    for index, line in enumerate(ours):
        of_line = places.get(line, ())
        next_one = bisect_left(of_line, at)
        if next_one < len(of_line):
            yield index, of_line[next_one], 1
            at = of_line[next_one] + 1


class Base:
    """A base text and what was found in it. Never changed once it is made."""

    __slots__ = ("_folded", "count", "found", "lines", "numbers", "whole")

    def __init__(self, lines: Sequence[str], rows: Iterable[Row]) -> None:
        """`lines` with or without their ends; `rows` as they are found in it now, by today's policy."""
        self.lines = lines
        self._folded: dict[int, str] = {}
        self.found: dict[int, list[Key]] = {}
        """What was found, by line; without what is about the file as such."""
        self.whole: dict[str, int] = {}
        """The rules that found something that is about the file as such, each with the line it told it on."""
        for number, violation, suppression, *_ in rows:
            if suppression is not None or violation.rule in NEVER_OLD:
                continue
            if violation.start == violation.end:
                self.whole.setdefault(violation.rule, number)
            else:
                self.found.setdefault(number, []).append(key(violation, line_at(lines, number)))
        self.numbers = sorted(self.found)
        self.count = sum(map(len, self.found.values()))
        """How many were found that stand on a line."""

    def folded(self, number: int) -> str:
        """A line on which something was found, without what white space tells."""
        line = self._folded.get(number)
        if line is None:
            line = self._folded[number] = folded(line_at(self.lines, number))
        return line


def key(violation: Violation, line: str) -> Key:
    """Who a violation is, wherever it stands."""
    return violation.rule, folded(line[violation.start : violation.end])


def line_at(lines: Sequence[str], number: int) -> str:
    """A line; "" past the last."""
    return lines[number] if number < len(lines) else ""


class Comparison:
    """A text against its base: which of its violations stood there.

    `marks` is asked of lines that hold whole gaps; `moved` then of all that is new by that, which it goes
    over only if something of the base is left. So an edit asks for its own gap alone.
    """

    __slots__ = ("base", "pairs")

    def __init__(self, base: Base, pairs: Pairs) -> None:
        self.base = base
        self.pairs = pairs

    def around(self, first: int, end: int, count: int) -> tuple[int, int]:
        """The lines [first, end) and what belongs to the same gaps, in a text of so many lines."""
        if first < count and self.pairs.base_of(first) < 0:
            first = self.pairs.gap(first, count).start
        if first < end <= count and self.pairs.base_of(end - 1) < 0:
            end = self.pairs.gap(end - 1, count).end
        return first, max(first, end)

    def marks(self, found: Iterable[Found], lines: Sequence[str]) -> Iterator[Marks]:
        """Where the violations of some lines, in order, stood. Of a gap all lines are among them."""
        gap = Gap(0, 0, 0, 0)
        free: dict[Key, list[int]] = {}
        for number, violations in found:
            line, base_line = line_at(lines, number), self.pairs.base_of(number)
            if base_line >= 0:
                left = list(self.base.found.get(base_line, ()))
                yield tuple([self._on_pair(one, line, base_line, left) for one in violations])
                continue
            if not gap.start <= number < gap.end:
                gap = self.pairs.gap(number, len(lines))
                free = self._free(gap.base_start, gap.base_end)
            yield tuple([self._in_gap(one, line, free) for one in violations])

    def _on_pair(self, violation: Violation, line: str, base_line: int, left: list[Key]) -> int | None:
        if violation.start == violation.end:
            return self.base.whole.get(violation.rule)
        mine = key(violation, line)
        if mine not in left:
            return None
        left.remove(mine)
        return base_line

    def _in_gap(self, violation: Violation, line: str, free: dict[Key, list[int]]) -> int | None:
        if violation.start == violation.end:
            return self.base.whole.get(violation.rule)
        places = free.get(key(violation, line), ())
        for index, base_line in enumerate(places[:MOST_TRIED]):
            if are_alike(line, self.base.lines[base_line]):
                del free[key(violation, line)][index]
                return base_line
        return None

    def _free(self, start: int, end: int) -> dict[Key, list[int]]:
        """What was found on the base's lines [start, end), each with the lines."""
        free: dict[Key, list[int]] = {}
        numbers = self.base.numbers
        for number in numbers[bisect_left(numbers, start) : bisect_left(numbers, end)]:
            for one in self.base.found[number]:
                free.setdefault(one, []).append(number)
        return free

    def moved(
        self, new: Iterable[Found], taken: Iterable[tuple[int, Key]], lines: Sequence[str]
    ) -> Iterator[tuple[int, int, int]]:
        """Which of the new violations stand on a line that was moved: the line, the violation's place among
        those given for it, the line of the base. `taken` are those of the base that made others old."""
        free: dict[tuple[Key, str], list[int]] = {}
        base, numbers, high = self.base, self.base.numbers, 0
        used = dict(Counter(taken))
        for _, _, base_start, base_end in self.pairs.gaps(len(lines)):
            if base_start == base_end:
                continue
            low = bisect_left(numbers, base_start, high)
            high = bisect_left(numbers, base_end, low)
            for number in numbers[low:high]:
                for one in base.found[number]:
                    if used.get((number, one)):
                        used[number, one] -= 1
                    else:
                        free.setdefault((one, base.folded(number)), []).append(number)
        for number, violations in new if free else ():
            if self.pairs.base_of(number) >= 0:
                continue
            line = line_at(lines, number)
            for index, violation in enumerate(violations):
                places = free.get((key(violation, line), folded(line)), [])
                at = index_of_moved(lines, number, base.lines, places)
                if at >= 0:
                    yield number, index, places.pop(at)


def index_of_moved(lines: Sequence[str], number: int, base: Sequence[str], places: Sequence[int]) -> int:
    """Which of some places in the base, all with the text of a line, this was moved from: the first that has
    the same text above or below, blank lines aside; -1 for none."""
    for index, place in enumerate(places):
        if any(_same_neighbour(lines, number, base, place, step) for step in (-1, 1)):
            return index
    return -1


def _same_neighbour(
    lines: Sequence[str], number: int, base: Sequence[str], base_line: int, step: int
) -> bool:
    own, their = _neighbour(lines, number, step), _neighbour(base, base_line, step)
    return own is not None and their is not None and _same(own, their)


def _neighbour(lines: Sequence[str], number: int, step: int) -> str | None:
    number += step
    while 0 <= number < len(lines):
        if not lines[number].isspace() and lines[number]:
            return lines[number]
        number += step
    return None


def are_alike(line: str, other: str) -> bool:
    """Whether two lines may be one line before and after an edit."""
    ours, theirs = Counter(_WORDS.findall(line[:500])), Counter(_WORDS.findall(other[:500]))
    common = sum((ours & theirs).values())
    return 2 * common >= ALIKE * (ours.total() + theirs.total())


def placed(comparison: Comparison, found: Sequence[Found], lines: Sequence[str]) -> list[list[int | None]]:
    """Where each of a text's violations stood, as they are given by line. Of a rule all are among them."""
    stood = [list(marks) for marks in comparison.marks(found, lines)]
    taken: list[tuple[int, Key]] = []
    new: list[Found] = []
    places: list[tuple[int, list[int]]] = []
    for at, (number, violations) in enumerate(found):
        if comparison.pairs.base_of(number) >= 0:
            continue
        line = line_at(lines, number)
        taken += [
            (base, key(one, line))
            for one, base in zip(violations, stood[at], strict=True)
            if base is not None
        ]
        left = [index for index, base in enumerate(stood[at]) if base is None]
        if left:
            new.append((number, [violations[index] for index in left]))
            places.append((at, left))
    by_line = {number: of_line for (number, _), of_line in zip(new, places, strict=True)}
    for number, index, base in comparison.moved(new, taken, lines):
        at, left = by_line[number]
        stood[at][left[index]] = base
    return stood


def marked(base: Base, lines: Sequence[str], rows: Sequence[Row], pairs: Pairs | None = None) -> list[Row]:
    """A text's rows, in order of lines, each with the line of the base that had it."""
    by_line: dict[int, list[int]] = {}
    for index, row in enumerate(rows):
        if row.suppression is None and row.violation.rule not in NEVER_OLD:
            by_line.setdefault(row.number, []).append(index)
    found = [(number, [rows[index].violation for index in by_line[number]]) for number in sorted(by_line)]
    stood = placed(Comparison(base, pairs or Pairs(base.lines, lines)), found, lines)
    judged = list(rows)
    for (number, _), of_line in zip(found, stood, strict=True):
        for index, at in zip(by_line[number], of_line, strict=True):
            judged[index] = rows[index]._replace(base=at)
    return judged
