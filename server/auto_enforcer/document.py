"""An open document: its lines, what the engine found on them, and which of them an edit makes it look at
again."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from auto_enforcer import engine, lexer, text
from auto_enforcer.looks import Plan
from auto_enforcer.model import WIDEST_WINDOW, File, Row, Suppression, Violation
from auto_enforcer.standing import UNUSED
from auto_enforcer.walk import Looked, Traveller, Walk, travelling
from auto_enforcer.windows import WINDOW

HEAD_LINES = 10
"""The first lines, which may decide on the whole file: `#!`, a generated file's marker, `allow-file`."""

FIRST_SLICE = 32
"""Lines that an edit's effect is first carried on through; each further slice is twice as long."""

SLICE_LINES = 2_048
"""Lines that `advance` walks over at a time, at most: a few milliseconds."""

MOST_BREAKS = 32
"""Places where an earlier edit's effect still has to be carried on, at most; with more all is done anew."""


class Prepared(NamedTuple):
    """What a session decides from a file's head: the plan, the language, the facts that it knows, and the
    suppressions for the whole file, each with its line."""

    plan: Plan
    language: str
    today: date
    facts: frozenset[str]
    file_suppressions: tuple[tuple[Suppression, int], ...]


class Break(NamedTuple):
    """A line from which on the records are still those of another traveller.

    `traveller` is the one that now arrives at the line, `old` the one with which the records below it were
    made.
    `forced`: they must all be made anew, even if the travellers are equal.
    """

    line: int
    traveller: Traveller
    old: Traveller
    forced: bool
    slice: int = FIRST_SLICE


class Dirty(NamedTuple):
    """Lines that edits put in and nobody has looked at yet: [first, last). The records from `last` on were
    made with the traveller `below`."""

    first: int
    last: int
    below: Traveller


class Document:
    """The text of an open document and what was found in it. Lines keep their ends; columns are code
    points."""

    __slots__ = (
        "_breaks",
        "_complete",
        "_dirty",
        "_facts",
        "_failed",
        "_file",
        "_holding",
        "_initial",
        "_numbers",
        "_prepare",
        "_prepared",
        "_records",
        "language",
        "lines",
        "lines_lexed",
        "lines_walked",
        "looks_taken",
        "path",
        "version",
    )

    def __init__(
        self,
        path: str,
        language: str,
        content: str,
        prepare: Callable[[Sequence[str]], Prepared],
        version: int = 0,
    ) -> None:
        """`prepare` is given the head's lines without their ends, at the start and whenever they change."""
        self.path = path
        self.language = language
        self.version = version
        self.lines: list[str] = []
        self.lines_walked = self.lines_lexed = self.looks_taken = 0
        """What has been done so far, for tests that count."""
        self._prepare = prepare
        self._numbers: list[int] = []
        self._records: list[Looked] = []
        self.replace(content)

    @property
    def line_count(self) -> int:
        """How many lines there are: one more than there are line ends."""
        return len(self.lines)

    @property
    def pending(self) -> bool:
        """Whether the effect of the edits has still to be carried on through the rest of the document."""
        return self._dirty is not None or bool(self._breaks)

    def line(self, number: int) -> str:
        """A line without its end; "" past the last."""
        return self.lines[number].rstrip("\r\n") if number < len(self.lines) else ""

    def text(self) -> str:
        """The whole text."""
        return "".join(self.lines)

    def replace(self, content: str) -> None:
        """Take a whole new text."""
        self.lines = text.split_lines(text.well_formed(content))
        self.prepare_anew()

    def prepare_anew(self) -> None:
        """Forget all that was found: the text, or what is looked for, is another."""
        prepared = self._prepared = self._prepare(self._head())
        self._initial = travelling(lexer.start(prepared.language))
        self._numbers, self._records = [], []
        self._facts: Counter[str] = Counter()
        self._failed: frozenset[str] = frozenset()
        found = engine.anywhere(prepared.plan, prepared.language, _blocks(self.lines))
        self._file = File(prepared.language, prepared.today, prepared.facts | found)
        self._holding = prepared.facts | found
        self._complete = False
        self._dirty: Dirty | None = None
        self._breaks = [Break(0, self._initial, self._initial, forced=True, slice=SLICE_LINES)]

    def change(self, start_line: int, start: int, end_line: int, end: int, content: str) -> None:
        """Put `content` in the place of a span; positions past an end are that end. What this does to the
        violations is found by `advance`, at once for several changes of the same lines."""
        content = text.well_formed(content)
        first, last, new = self._spliced(start_line, start, end_line, end, content)
        dirty = self._dirty
        if dirty is not None and (last < dirty.first or first > dirty.last):
            self._look_at(dirty)
            dirty = None
        delta = len(new) - (last - first)
        if dirty is None or last > dirty.last:
            dirty = Dirty(first if dirty is None else min(first, dirty.first), last, self._below(last))
        self.lines[first:last] = new
        if first < HEAD_LINES and self._prepare(self._head()) != self._prepared:
            self.prepare_anew()
            return
        self._shift(first, last, delta)
        self._dirty = Dirty(min(first, dirty.first), dirty.last + delta, dirty.below)

    def advance(self) -> bool:
        """Look at what edits put in, or carry their effect on through some more lines. True when nothing is
        left to look at."""
        if self._dirty is not None:
            self._look_at(self._dirty)
        elif self._breaks:
            current = self._breaks[0]
            end = min(current.line + current.slice, len(self.lines))
            if len(self._breaks) > 1:
                end = min(end, self._breaks[1].line)
            self._walk(current.line, end, self._below(end), min(current.slice * 2, SLICE_LINES))
            if not any(b.line == end for b in self._breaks):
                self._look_up(end)
        if not self._breaks:
            self._complete = True
            self._settle_facts()
        return not self.pending

    def finish(self) -> None:
        """Advance to the end."""
        while not self.advance():
            pass

    def rows(self) -> list[Row]:
        """What was found, by line and column."""
        prepared = self._prepared
        show_unused = prepared.plan.on(UNUSED)
        walk = Walk(
            prepared.plan,
            self._file,
            self._records[-1].after if self._records else self._initial,
            _DocumentSource(self, 0, self._initial.state),
            file_suppressions=tuple(suppression for suppression, _ in prepared.file_suppressions),
        )
        walk.failed.update(self._failed)
        rows: list[Row] = []
        unused: list[Row] = []
        opened: list[tuple[Suppression, int]] = []
        for number, record in zip(self._numbers, self._records, strict=True):
            for violation, suppression in record.rows:
                rows.append(Row(number, violation, suppression))
                if suppression is not None and suppression.whole_file:
                    walk.file_used.update(_names_used(suppression, violation))
            if record.opened is not None:
                opened.append((record.opened, number))
            for ended in record.ended:
                unused += engine.closed(ended, opened, show=show_unused)
        for ended in walk.finish():
            unused += engine.closed(ended, opened, show=show_unused)
        if show_unused:
            unused += walk.unused_in_file(prepared.file_suppressions)
        if unused:
            rows += unused
            rows.sort(key=_place)
        return rows

    def _head(self) -> list[str]:
        return text.head(
            text.encode("".join(line[: text.HEAD] for line in self.lines[:HEAD_LINES])), HEAD_LINES
        )

    def _settle_facts(self) -> None:
        """Look at all lines again if a fact that holds for the whole file came or went."""
        stated = frozenset(name for name, count in self._facts.items() if count > 0)
        holding = self._prepared.facts | stated
        if self._complete and holding != self._holding:
            self._holding = holding
            self._file = File(self._file.language, self._file.today, holding)
            self._force()

    def _force(self) -> None:
        """Let all lines be looked at again."""
        self._breaks = [Break(0, self._initial, self._initial, forced=True, slice=SLICE_LINES)]

    def _look_at(self, dirty: Dirty) -> None:
        """Look at the lines that edits put in, and at those whose rules looked at them."""
        self._dirty = None
        self._walk(self._looking_down(dirty.first), dirty.last, dirty.below)
        if not any(b.line == dirty.last for b in self._breaks):
            self._look_up(dirty.last)
        if self._failed:
            self._failed = frozenset()
            self._force()
        self._settle_facts()

    def _spliced(
        self, start_line: int, start: int, end_line: int, end: int, content: str
    ) -> tuple[int, int, list[str]]:
        """The lines [first, last) that an edit replaces, and those that take their place."""
        lines = self.lines
        if start_line >= len(lines):
            start_line, start = len(lines) - 1, len(lines[-1])
        if end_line >= len(lines):
            end_line, end = len(lines) - 1, len(lines[-1])
        if (end_line, end) < (start_line, start):
            end_line, end = start_line, start
        head, tail = lines[start_line], lines[end_line]
        start = min(start, len(head.rstrip("\r\n")))
        end = min(end, len(tail.rstrip("\r\n")))
        joined = head[:start] + content + tail[end:]
        first = start_line
        if first and joined.startswith("\n") and lines[first - 1].endswith("\r"):
            first -= 1
            joined = lines[first] + joined
        new = text.split_lines(joined)
        if end_line + 1 < len(lines) and not new[-1]:
            new.pop()
        return first, end_line + 1, new

    def _shift(self, first: int, last: int, delta: int) -> None:
        """Drop the records of the replaced lines, and move those below."""
        low, high = bisect_left(self._numbers, first), bisect_left(self._numbers, last)
        self._forget(low, high)
        if delta:
            self._numbers[low:] = [number + delta for number in self._numbers[low:]]
        self._breaks = [
            b._replace(line=b.line + delta if b.line >= last else min(b.line, max(first, last + delta)))
            for b in self._breaks
        ]

    def _forget(self, low: int, high: int) -> None:
        for record in self._records[low:high]:
            for name in record.facts:
                self._facts[name] -= 1
        del self._numbers[low:high], self._records[low:high]

    def _looking_down(self, line: int) -> int:
        """The first line above `line` where a rule looked as far down as `line`; else `line`."""
        numbers = self._numbers
        for index in range(bisect_left(numbers, line - WIDEST_WINDOW), bisect_left(numbers, line)):
            if numbers[index] + self._records[index].reach_after >= line:
                return numbers[index]
        return line

    def _look_up(self, line: int) -> None:
        """Look again at the lines from `line` on whose rules looked at lines above it."""
        numbers, end = self._numbers, line
        for index in range(bisect_left(numbers, line), bisect_left(numbers, line + WIDEST_WINDOW)):
            if numbers[index] - self._records[index].reach_before < line:
                end = numbers[index] + 1
        if end > line:
            self._walk(line, end, self._below(end))

    def _walk(self, start: int, end: int, below: Traveller, size: int = FIRST_SLICE) -> None:
        """Look at the lines [start, end), and note where the walk must go on, by slices of `size`.

        `below` is the traveller that the records from `end` on were made with.
        """
        forced = any(b.forced for b in self._breaks if start <= b.line <= end)
        traveller = self._above(start)
        others = [b for b in self._breaks if not start <= b.line <= end]
        prepared = self._prepared
        walk = Walk(
            prepared.plan,
            self._file,
            traveller,
            _DocumentSource(self, start, traveller.state),
            number=start,
            file_suppressions=tuple(suppression for suppression, _ in prepared.file_suppressions),
        )
        walk.failed.update(self._failed)
        found: list[Looked] = []
        for block in _blocks(self.lines, start, end):
            found += walk.block(block.data) if block.offset < 0 else walk.segment(block)
        self._failed = frozenset(walk.failed)
        self.lines_walked += end - start
        self.lines_lexed += walk.lines_lexed
        self.looks_taken += walk.looks_taken
        low, high = bisect_left(self._numbers, start), bisect_left(self._numbers, end)
        self._forget(low, high)
        found = _merged(found)
        self._numbers[low:low] = [looked.number for looked in found]
        self._records[low:low] = found
        for looked in found:
            self._facts.update(looked.facts)
        if end < len(self.lines) and (forced or walk.traveller != below):
            others.append(Break(end, walk.traveller, below, forced, size))
            others.sort(key=lambda b: b.line)
        self._breaks = others
        if len(others) > MOST_BREAKS:
            self._breaks = [others[0]._replace(forced=True, slice=SLICE_LINES)]

    def _above(self, line: int) -> Traveller:
        """The traveller that arrives at `line`, as far as the records above it know."""
        arriving = next((b.traveller for b in self._breaks if b.line == line), None)
        return self._below(line) if arriving is None else arriving

    def _below(self, line: int) -> Traveller:
        """The traveller that the records from `line` on were made with."""
        index = bisect_left(self._numbers, line)
        nearest = self._numbers[index - 1] if index else -1
        dirty = self._dirty
        olds = [(b.line, b.old) for b in self._breaks if nearest < b.line <= line]
        if dirty is not None and nearest < dirty.last <= line:
            olds.append((dirty.last, dirty.below))
        if olds:
            return max(olds, key=_first)[1]
        return self._records[index - 1].after if index else self._initial

    def state_above(self, line: int) -> lexer.State:
        """The lexer's state before a line, as the records have it."""
        return self._above(line).state


class _DocumentSource:
    """The lines around a line of a document; the states of the lines being walked over are its own."""

    __slots__ = ("_document", "_states")

    def __init__(self, document: Document, number: int, state: lexer.State) -> None:
        self._document = document
        self._states = [(number, state)]

    def at(self, start: int, end: int) -> None:
        """Nothing to note: lines are reached by their number."""

    def turned(self, number: int, state: lexer.State) -> None:
        """From line `number` on the lexer is in another state."""
        self._states.append((number, state))
        if len(self._states) > 256:
            del self._states[1:129]

    def state_at(self, number: int) -> lexer.State:
        """The state before line `number`."""
        if number < self._states[0][0]:
            return self._document.state_above(number)
        return next(state for first, state in reversed(self._states) if first <= number)

    def above(self, number: int, count: int) -> list[str]:
        """Up to `count` lines above, the nearest first."""
        return self._within(range(number - 1, max(-1, number - 1 - count), -1))

    def below(self, number: int, count: int) -> list[str]:
        """Up to `count` lines below, the nearest first."""
        lines = self._document.lines
        size = len(lines) if lines[-1] else len(lines) - 1
        return self._within(range(number + 1, min(size, number + 1 + count)))

    def _within(self, numbers: range) -> list[str]:
        found, left = [], WINDOW
        for number in numbers:
            line = self._document.line(number)
            left -= 1 + (len(line) if line.isascii() else len(line.encode()))
            if left < 0:
                break
            found.append(line)
        return found


def _merged(found: list[Looked]) -> list[Looked]:
    """The records with those of one line's segments made one."""
    merged: list[Looked] = []
    for looked in found:
        if merged and merged[-1].number == looked.number:
            merged[-1].take_in(looked)
        else:
            merged.append(looked)
    return merged


def _blocks(lines: list[str], start: int = 0, end: int | None = None) -> Iterator[text.Block]:
    """The lines [start, end) as the blocks that a file of them would be read in, borders aside."""
    stop = len(lines) if end is None else end
    while start < stop:
        part = lines[start : min(stop, start + 1_000)]
        start += len(part)
        if max(map(len, part)) * 4 <= text.BLOCK:
            yield text.Block(text.encode("".join(part)))
            continue
        for line in part:
            data = text.encode(line)
            if len(data) - data.endswith(b"\n") > text.BLOCK:
                yield from text.segments(data.removesuffix(b"\n"))
            else:
                yield text.Block(data)


def _names_used(suppression: Suppression, violation: Violation) -> Iterator[str]:
    family = violation.rule.partition("/")[0]
    return (name for name in suppression.rules if name in (violation.rule, family))


def _first(place: tuple[int, Traveller]) -> int:
    return place[0]


def _place(row: Row) -> tuple[int, int, int, str]:
    return row.number, row.violation.start, row.violation.end, row.violation.rule
