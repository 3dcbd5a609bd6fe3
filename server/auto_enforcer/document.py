"""An open document: its lines, what the engine found on them, and which of them an edit makes it look at
again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from auto_enforcer import engine, lexer
from auto_enforcer.given import Given
from auto_enforcer.lines import Lines, LinesSource
from auto_enforcer.looked import Looked, Traveller, travelling
from auto_enforcer.looks import Plan
from auto_enforcer.model import File, NamedTuple, Row, Suppression
from auto_enforcer.records import Records, place
from auto_enforcer.standing import UNUSED
from auto_enforcer.walk import Walk

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
        "_failed",
        "_file",
        "_given",
        "_holding",
        "_initial",
        "_lines",
        "_prepare",
        "_prepared",
        "_read",
        "_records",
        "language",
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
        read: Callable[[str], str] | None = None,
    ) -> None:
        """`prepare` is given the head's lines without their ends, at the start and whenever they change;
        BINARY for a text that no rule looks at. `read` gives a line as rules are to see it, as long as it
        is."""
        self.path = path
        self.language = language
        self.version = version
        self.lines_walked = self.lines_lexed = self.looks_taken = 0
        """What has been done so far, for tests that count."""
        self._prepare = prepare
        self._given = Given(())
        self._read = read
        self._lines = Lines(content, read)
        self.prepare_anew()

    @property
    def lines(self) -> list[str]:
        """The lines with their ends."""
        return self._lines.all

    @property
    def line_count(self) -> int:
        """How many lines there are: one more than there are line ends."""
        return len(self._lines.all)

    @property
    def pending(self) -> bool:
        """Whether the effect of the edits has still to be carried on through the rest of the document."""
        return self._dirty is not None or bool(self._breaks)

    def line(self, number: int) -> str:
        """A line without its end; "" past the last."""
        return self._lines.line(number)

    @property
    def facts(self) -> frozenset[str]:
        """What is known of the file beside its lines."""
        return self._prepared.facts

    @property
    def file(self) -> File:
        """What a rule may know of the file beyond its lines."""
        return self._file

    @property
    def head(self) -> Sequence[str]:
        """The first lines, as they decide on the file."""
        return self._lines.head()

    def text(self) -> str:
        """The whole text."""
        return "".join(self._lines.all)

    def replace(self, content: str) -> None:
        """Take a whole new text."""
        self._given.move(0, len(self._lines.all), 0)
        self._lines = Lines(content, self._read)
        self.prepare_anew()

    def give(self, given: Given) -> bool:
        """Take over what the rules about files found in the text as it is now. True where that is other than
        what is told: then it is pending."""
        if given == self._given:
            return False
        self._given = given
        self._force()
        return True

    def prepare_anew(self) -> None:
        """Forget all that was found: the text, or what is looked for, is another."""
        prepared = self._prepared = self._prepare(self._lines.head())
        self._initial = travelling(lexer.start(prepared.language))
        self._records = Records()
        self._failed: frozenset[str] = frozenset()
        found = engine.anywhere(prepared.plan, prepared.language, self._lines.blocks())
        self._file = File(prepared.language, prepared.today, prepared.facts | found)
        self._holding = prepared.facts | found
        self._complete = False
        self._dirty: Dirty | None = None
        self._breaks = [Break(0, self._initial, self._initial, forced=True, slice=SLICE_LINES)]

    def change(self, start_line: int, start: int, end_line: int, end: int, content: str) -> None:
        """Put `content` in the place of a span; positions past an end are that end. What this does to the
        violations is found by `advance`, at once for several changes of the same lines."""
        first, last, new = self._lines.spliced(start_line, start, end_line, end, content)
        dirty = self._dirty
        if dirty is not None and (last < dirty.first or first > dirty.last):
            self._look_at(dirty)
            dirty = None
        delta = len(new) - (last - first)
        if dirty is None or last > dirty.last:
            dirty = Dirty(first if dirty is None else min(first, dirty.first), last, self._below(last))
        self._move_given(first, last, new)
        self._lines.put(first, last, new)
        if self._lines.decides(first) and self._prepare(self._lines.head()) != self._prepared:
            self.prepare_anew()
            return
        self._shift(first, last, delta)
        self._dirty = Dirty(min(first, dirty.first), dirty.last + delta, dirty.below)

    def _move_given(self, first: int, last: int, new: Sequence[str]) -> None:
        """What was found in the file as a whole stays with its lines; those that an edit leaves as they are
        at its borders are not edited."""
        old, delta = self._lines.all[first:last], len(new) - (last - first)
        if new and old[-1] == new[-1]:
            last -= 1
        if min(len(old), len(new)) > 1 and old[0] == new[0]:
            first += 1
        self._given.move(first, last, delta)

    def advance(self) -> bool:
        """Look at what edits put in, or carry their effect on through some more lines. True when nothing is
        left to look at."""
        if self._dirty is not None:
            self._look_at(self._dirty)
        elif self._breaks:
            current = self._breaks[0]
            end = min(current.line + current.slice, len(self._lines.all))
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

    def rows(self, first: int = 0, end: int | None = None) -> list[Row]:
        """What was found on the lines [first, end), by line and column."""
        end = len(self._lines.all) if end is None else end
        rows = list(self._records.rows(first, end))
        unused = [row for row in self._unused() if first <= row.number < end]
        return sorted([*rows, *unused], key=place) if unused else rows

    def foremost(self, most: int, rank: Callable[[str], int | None]) -> tuple[list[Row], int]:
        """What is to be shown, by line and column, and how many are left out.

        `rank` is asked of each rule of which something was found that no suppression took out; None: that is
        not shown. Where there are more than `most`, there is room for one less: for the lowest ranks, and the
        first of the last one. What is left out is counted, not gone over.
        """
        unused = self._unused()
        counts = self._counts(unused)
        ranks = {rule: of_rule for rule in counts if (of_rule := rank(rule)) is not None}
        total = sum(counts[rule] for rule in ranks)
        room = left = total if total <= most else most - 1
        rooms: dict[int, int] = {}
        for at in sorted(set(ranks.values())):
            rooms[at] = min(left, sum(counts[rule] for rule in ranks if ranks[rule] == at))
            left -= rooms[at]
        rows = self._records.first(ranks, rooms)
        if unused and UNUSED in ranks:
            rows = _within(sorted([*rows, *unused], key=place), ranks, rooms)
        return rows, total - room

    def counts(self) -> Mapping[str, int]:
        """How many violations each rule found that no suppression took out. Counted, not gone over."""
        return self._counts(self._unused())

    @property
    def failed(self) -> frozenset[str]:
        """The rules that could not run where they last looked."""
        return self._failed

    def _counts(self, unused: Sequence[Row]) -> dict[str, int]:
        counts = {rule: count for rule, count in self._records.found.items() if count}
        if unused:
            counts[UNUSED] = counts.get(UNUSED, 0) + len(unused)
        return counts

    def _unused(self) -> list[Row]:
        """What is said of suppressions that took nothing out, save those for the line they stand on."""
        prepared = self._prepared
        if not prepared.plan.on(UNUSED):
            return []
        ended, standing = self._records.unused()
        rows = list(ended)
        above = self._records.above(len(self._lines.all))
        traveller = self._initial if above is None else above[1]
        if traveller.standing or prepared.file_suppressions:
            walk = self._begin(traveller, 0)
            walk.file_used.update(+self._records.used_in_file)
            opened = list(standing)
            for one in walk.finish():
                rows += engine.closed(one, opened, show=True)
            rows += walk.unused_in_file(prepared.file_suppressions)
        return rows

    def _begin(self, traveller: Traveller, number: int) -> Walk:
        """A walk that goes on from a line."""
        prepared = self._prepared
        walk = Walk(
            prepared.plan,
            self._file,
            traveller,
            LinesSource(self._lines, number, traveller.state, self.state_above),
            number=number,
            file_suppressions=tuple(suppression for suppression, _ in prepared.file_suppressions),
            marked=number == 0 and "byte-order-mark" in prepared.facts,
            given=self._given,
        )
        walk.failed.update(self._failed)
        return walk

    def _settle_facts(self) -> None:
        """Look at all lines again if a fact that holds for the whole file came or went."""
        holding = self._prepared.facts.union(+self._records.facts)
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
        self._walk(self._records.looking_down_at(dirty.first), dirty.last, dirty.below)
        if not any(b.line == dirty.last for b in self._breaks):
            self._look_up(dirty.last)
        if self._failed:
            self._failed = frozenset()
            self._force()
        self._settle_facts()

    def _shift(self, first: int, last: int, delta: int) -> None:
        """Drop the records of the replaced lines, and move those below."""
        self._records.put(first, last, ())
        self._records.shift(last, delta)
        self._breaks = [
            b._replace(line=b.line + delta if b.line >= last else min(b.line, max(first, last + delta)))
            for b in self._breaks
        ]

    def _look_up(self, line: int) -> None:
        """Look again at the lines from `line` on whose rules looked at lines above it."""
        end = self._records.looking_up_from(line)
        if end > line:
            self._walk(line, end, self._below(end))

    def _walk(self, start: int, end: int, below: Traveller, size: int = FIRST_SLICE) -> None:
        """Look at the lines [start, end), and note where the walk must go on, by slices of `size`.

        `below` is the traveller that the records from `end` on were made with.
        """
        forced = any(b.forced for b in self._breaks if start <= b.line <= end)
        others = [b for b in self._breaks if not start <= b.line <= end]
        walk = self._begin(self._above(start), start)
        found: list[Looked] = []
        for block in self._lines.blocks(start, end):
            found += walk.block(block.data) if block.offset < 0 else _in_order(walk.segment(block))
        self._failed = frozenset(walk.failed)
        self.lines_walked += end - start
        self.lines_lexed += walk.lines_lexed
        self.looks_taken += walk.looks_taken
        self._records.put(start, end, _merged(found))
        if end < len(self._lines.all) and (forced or walk.traveller != below):
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
        above = self._records.above(line)
        nearest = -1 if above is None else above[0]
        dirty = self._dirty
        olds = [(b.line, b.old) for b in self._breaks if nearest < b.line <= line]
        if dirty is not None and nearest < dirty.last <= line:
            olds.append((dirty.last, dirty.below))
        if olds:
            return max(olds, key=_first)[1]
        return self._initial if above is None else above[1]

    def state_above(self, line: int) -> lexer.State:
        """The lexer's state before a line, as the records have it."""
        return self._above(line).state


def _in_order(found: Iterable[Looked]) -> Iterator[Looked]:
    """The records of segments, which rule after rule has looked at, with their rows by column."""
    for looked in found:
        looked.rows = tuple(sorted(looked.rows, key=lambda row: (row[0].start, row[0].end, row[0].rule)))
        yield looked


def _merged(found: list[Looked]) -> list[Looked]:
    """The records with those of one line's segments made one."""
    merged: list[Looked] = []
    for looked in found:
        if merged and merged[-1].number == looked.number:
            merged[-1].take_in(looked)
        else:
            merged.append(looked)
    return merged


def _first(place: tuple[int, Traveller]) -> int:
    return place[0]


def _within(rows: list[Row], ranks: Mapping[str, int], rooms: Mapping[int, int]) -> list[Row]:
    """The first rows, of each rank as many as there is room for."""
    left, kept = dict(rooms), []
    for row in rows:
        at = ranks[row.violation.rule]
        if left[at]:
            left[at] -= 1
            kept.append(row)
    return kept
