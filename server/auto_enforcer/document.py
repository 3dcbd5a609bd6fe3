"""An open document: its lines, what the engine found on them, and which of them an edit makes it look at
again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import repeat
from typing import Protocol

from auto_enforcer import engine, lexer
from auto_enforcer.given import Given
from auto_enforcer.lines import Lines, LinesSource
from auto_enforcer.looked import Looked, Traveller, travelling
from auto_enforcer.looks import Plan
from auto_enforcer.model import DIFFERS, File, NamedTuple, Row, Suppression, Violation
from auto_enforcer.records import Records, place
from auto_enforcer.scope import Base, Comparison, Pairs, placed
from auto_enforcer.scope import key as key_of
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


class Memory(NamedTuple):
    """What was found in base texts before: `recall` gives it, or None; `keep` is given it."""

    recall: Callable[[], Sequence[Row] | None]
    keep: Callable[[Sequence[Row]], None]


class Whole(Protocol):
    """Looks at texts of which no line can be looked at without the others: those of notebooks."""

    plan: Plan
    """For the lines of such a text: no rule looks at them."""

    def is_small(self, lines: int, characters: int) -> bool:
        """Whether all of a text of this size may be looked at after each edit."""
        ...

    def look(self, lines: Sequence[str], given: Given | None, file: File) -> Iterator[Given | None]:
        """Look at a text, some of it at each step, and end with what is found: all that there is to tell or,
        where it is no such text, what the rules about files found. `given` is what these found before, by the
        lines as they are now; None lets them look."""
        ...


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
        "_asks_differs",
        "_asks_files",
        "_base_document",
        "_base_given",
        "_base_lines",
        "_breaks",
        "_comparison",
        "_complete",
        "_differed",
        "_dirty",
        "_failed",
        "_file",
        "_given",
        "_holding",
        "_initial",
        "_is_paired",
        "_lines",
        "_looking",
        "_memory",
        "_moved",
        "_pairs",
        "_prepare",
        "_prepared",
        "_read",
        "_records",
        "_unmarked",
        "_unseen",
        "_whole",
        "awaits_base",
        "is_part",
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
        whole: Whole | None = None,
    ) -> None:
        """`prepare` is given the head's lines without their ends, at the start and whenever they change;
        BINARY for a text that no rule looks at. `read` gives a line as rules are to see it, as long as it
        is. `whole` looks at the text, where it may be one that has to be looked at as a whole."""
        self.path = path
        self.language = language
        self.version = version
        self.lines_walked = self.lines_lexed = self.looks_taken = 0
        """What has been done so far, for tests that count."""
        self.awaits_base = False
        """Whether what it is compared with is still to be found out: till then nothing in it is new."""
        self.is_part = False
        """Whether its file holds more than it: a cell is a part of its notebook."""
        self._asks_differs = self._differed = False
        self._base_lines: list[str] | None = None
        self._base_given: Callable[[str], Given] = _nothing_given
        self._base_document: Document | None = None
        self._memory: Memory | None = None
        self._pairs: Pairs | None = None
        self._is_paired = False
        """Whether the lines were paired with those of the base since the last edit."""
        self._comparison: Comparison | None = None
        self._unmarked: tuple[int, int] | None = None
        """The lines [first, end) among which what is found is still to be compared."""
        self._moved: dict[tuple[int, int], int] = {}
        self._prepare = prepare
        self._given = Given(())
        self._read = read
        self._whole = whole
        self._unseen = whole is not None
        """Whether the text is to be looked at as a whole; `_looking` is begun with it."""
        self._looking: Iterator[Given | None] | None = None
        self._asks_files = True
        """Whether the rules about files are to look, too."""
        self._lines = Lines(content, read)
        self._begin_anew()

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
        """Whether the effect of the edits has still to be carried on through the rest of the document, or
        what stood in its base is still to be found."""
        return self._unseen or self._dirty is not None or bool(self._breaks) or self._wants_base

    @property
    def _wants_base(self) -> bool:
        return self._base_lines is not None and self._comparison is None

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
        first, last, new = 0, 0, Lines(content).all if self._whole is not None else []
        if new:
            first, last, new = _differing(self._lines.all, new)
        if 0 < len(new) <= SLICE_LINES:
            self._put(first, last, new)  # what was found below and above may have to stay until it is saved
        else:
            self._given.move(0, len(self._lines.all), 0)
            self._is_paired = False
            self._lines = Lines(content, self._read)
            self._see_anew()
            self._begin_anew()
        self.pair_anew()

    def compare(
        self,
        base: str | None,
        given: Callable[[str], Given] | None = None,
        memory: Memory | None = None,
        pairs: Pairs | None = None,
    ) -> None:
        """Tell from now on which of the violations stood in a base text; None: there is none. `given` tells
        what the rules about files find in it. What is found there is looked for by `advance`, if it is not in
        the memory. `pairs` are those of the two texts, where somebody has made them already."""
        self.awaits_base = False
        self._memory = memory
        self._base_lines = None
        if base is not None:
            # Most of its lines are the text's: they are held once.
            own = {line: line for line in self._lines.all}
            self._base_lines = [own.get(line, line) for line in Lines(base).all]
        self._base_given = given or _nothing_given
        if self._base_lines is not None and pairs is not None:
            self._pairs = pairs.of(self._base_lines)
        else:
            self._pairs = None if self._base_lines is None else Pairs(self._base_lines, self._lines.all)
        self._is_paired = True
        self._forget_base()
        if self._asks_differs:
            self._force_all()
        for _, looked in self._records.between(0, len(self._lines.all)):
            self._records.mark(looked, ())

    def pair_anew(self) -> None:
        """Pair all lines with those of the base as if the text were seen for the first time."""
        comparison, lines = self._comparison, self._lines.all
        if self._base_lines is None or self._is_paired:
            return
        self._is_paired = True
        self._pairs = Pairs(self._base_lines, lines)
        if comparison is not None:
            self._comparison = Comparison(comparison.base, self._pairs)
            self._unmarked = 0, len(lines)

    def _forget_base(self) -> None:
        """What stood in the base is to be found again: the text or the policy is another."""
        self._comparison = self._base_document = None
        self._unmarked = None
        self._moved = {}

    def give(self, given: Given) -> bool:
        """Take over what the rules about files found in the text as it is now. True where that is other than
        what is told: then it is pending."""
        if given == self._given:
            return False
        self._given = given
        self._force()
        return True

    def look_anew(self) -> bool:
        """Let the text be looked at as a whole, and the rules about files look again. False where it is none
        of which no line can be looked at without the others."""
        if self._whole is None:
            return False
        self._see_anew()
        self._asks_files = True
        return True

    def _see_anew(self) -> None:
        """Let the text be looked at as a whole, if it is one of those."""
        self._unseen, self._looking = self._whole is not None, None

    def prepare_anew(self) -> None:
        """Forget all that was found, in the base too: what is looked for is another."""
        self._see_anew()
        self._begin_anew()
        self._forget_base()

    def _begin_anew(self) -> None:
        """Forget all that was found in the text: it is another."""
        prepared = self._prepared = self._decided()
        self._initial = travelling(lexer.start(prepared.language))
        self._records = Records()
        self._failed: frozenset[str] = frozenset()
        found = engine.anywhere(prepared.plan, prepared.language, self._lines.blocks())
        self._file = File(prepared.language, prepared.today, _Known(prepared.facts | found, self._differs))
        self._holding = prepared.facts | found
        self._complete = False
        self._dirty: Dirty | None = None
        self._breaks = [Break(0, self._initial, self._initial, forced=True, slice=SLICE_LINES)]
        self._moved = {}
        if self._comparison is not None:
            self._unmarked = 0, len(self._lines.all)

    def _decided(self) -> Prepared:
        """What is decided of the text as its head and what was found in the whole are now."""
        prepared = self._prepare(self._lines.head())
        if self._whole is None or not self._given.is_all:
            return prepared
        return prepared._replace(plan=self._whole.plan, file_suppressions=())

    def change(self, start_line: int, start: int, end_line: int, end: int, content: str) -> None:
        """Put `content` in the place of a span; positions past an end are that end. What this does to the
        violations is found by `advance`, at once for several changes of the same lines."""
        self._put(*self._lines.spliced(start_line, start, end_line, end, content))

    def _put(self, first: int, last: int, new: list[str]) -> None:
        """Put lines in the place of the lines [first, last)."""
        self._is_paired = False
        dirty = self._dirty
        if dirty is not None and (last < dirty.first or first > dirty.last):
            self._look_at(dirty)
            dirty = None
        delta = len(new) - (last - first)
        if dirty is None or last > dirty.last:
            dirty = Dirty(first if dirty is None else min(first, dirty.first), last, self._below(last))
        self._move_given(first, last, new)
        self._lines.put(first, last, new)
        if self._unseen or (
            self._whole is not None and self._whole.is_small(len(self._lines.all), self._lines.size)
        ):
            self._see_anew()
        if self._lines.decides(first) and self._decided() != self._prepared:
            if self._pairs is not None:
                self._pairs.change(first, last, len(new), self._lines.all)
            self._begin_anew()
            return
        self._shift(first, last, delta)
        if self._pairs is not None:
            gap = self._pairs.change(first, last, len(new), self._lines.all)
            self._note_unmarked(gap.start, gap.end, last, delta)
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
        if self._unseen:
            self._look_at_whole()
            return not self.pending
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
        elif self._wants_base:
            self._look_at_base()
        if not self._breaks:
            self._complete = True
            self._settle_facts()
        return not self.pending

    def _look_at_whole(self) -> None:
        """Look at some more of the text as a whole; at its end take over what was found."""
        assert self._whole is not None
        if self._looking is None:
            before = None if self._asks_files else self._given.of_file
            self._looking = self._whole.look(self._lines.all, before, self._file)
        given = next(self._looking)
        if given is None:
            return
        self._unseen, self._looking, self._asks_files = False, None, False
        is_all, before = self._given.is_all, self._given
        if given == before:
            before.of_file = given.of_file if given.is_all else before
            return
        self._given = given
        if is_all != given.is_all:
            self._begin_anew()
        else:
            self._force()

    def _look_at_base(self) -> None:
        """Find what stood in the base, some lines at a time. Where the text is the base's, that is known."""
        lines = self._base_lines
        assert lines is not None
        assert self._pairs is not None
        if lines == self._lines.all:
            base = Base(lines, self.rows())
        else:
            document = self._base_document
            known = self._memory.recall() if document is None and self._memory is not None else None
            if known is not None:
                self._take_base(Base(lines, known))
                return
            if document is None:
                document = Document(
                    self.path,
                    self.language,
                    "".join(lines),
                    self._prepare,
                    read=self._read,
                    whole=self._whole,
                )
                if self._whole is None:
                    document.give(self._base_given(document.text()))
                self._base_document = document
            if not document.advance():
                return
            rows = document.rows()
            base = Base(lines, rows)
            self._base_document = None
            if self._memory is not None:
                self._memory.keep(rows)
        self._take_base(base)

    def _take_base(self, base: Base) -> None:
        """Compare with what stood in the base."""
        assert self._pairs is not None
        self._comparison = Comparison(base, self._pairs)
        self._unmarked = 0, len(self._lines.all)

    def _note_unmarked(self, first: int, end: int, last: int = 0, delta: int = 0) -> None:
        """Note that what was found on the lines [first, end) is to be compared again, after the lines from
        `last` on have moved by `delta`."""
        if self._unmarked is not None:
            low, high = (line + delta if line >= last else line for line in self._unmarked)
            first, end = min(first, low), max(end, high)
        self._unmarked = first, end

    def _compare(self) -> None:
        """Say of what was found since the last time where it stood in the base."""
        comparison = self._comparison
        if comparison is None or self._unmarked is None:
            return
        lines, count = self._lines.all, len(self._lines.all)
        first, end = comparison.around(*self._unmarked, count)
        self._unmarked = None
        looked = [one for one in self._records.between(first, end) if one[1].rows]
        for (_, one), marks in zip(looked, comparison.marks(map(_found, looked), lines), strict=True):
            stood = iter(marks)
            of_rows = tuple([next(stood) if row[1] is None else None for row in one.rows])
            self._records.mark(one, of_rows if any(at is not None for at in of_rows) else ())
        self._moved = self._found_moved(comparison)

    def _found_moved(self, comparison: Comparison) -> dict[tuple[int, int], int]:
        """Which of the violations that are new so far stand on lines that were moved, by line and place."""
        found, whole = self._records.found, comparison.base.whole
        old = sum(count for (rule, is_old), count in found.items() if is_old and rule not in whole)
        if comparison.base.count <= old or not any(count for key, count in found.items() if not key[1]):
            return {}
        lines = self._lines.all
        unpaired = list(self._records.within(comparison.pairs.gaps(len(lines))))
        places: dict[int, list[int]] = {}

        def new() -> Iterator[tuple[int, list[Violation]]]:
            for number, looked in unpaired:
                base = looked.base or repeat(None)
                of_line = [
                    index
                    for index, ((_, suppression), at) in enumerate(zip(looked.rows, base, strict=False))
                    if at is None and suppression is None
                ]
                if of_line:
                    places[number] = of_line
                    yield number, [looked.rows[index][0] for index in of_line]

        taken = (
            (at, key_of(violation, lines[number]))
            for number, looked in unpaired
            for (violation, _), at in zip(looked.rows, looked.base, strict=False)
            if at is not None
        )
        return {
            (number, places[number][index]): base
            for number, index, base in comparison.moved(new(), taken, lines)
        }

    def finish(self) -> None:
        """Advance to the end."""
        while not self.advance():
            pass

    def rows(self, first: int = 0, end: int | None = None) -> list[Row]:
        """What was found on the lines [first, end), by line and column."""
        self._compare()
        end = len(self._lines.all) if end is None else end
        rows = list(self._records.rows(first, end))
        if self._given.is_all:
            cells = self._given.cells(first, end)
            rows = [row._replace(cell=cells.get(id(row.violation))) for row in rows]
        if self._moved:
            rows = list(self._with_moved(rows))
        unused = [row for row in self._unused() if first <= row.number < end]
        if unused:
            rows = sorted([*rows, *unused], key=place)
        return [row._replace(base=-1) for row in rows] if self.awaits_base else rows

    def _with_moved(self, rows: Iterable[Row]) -> Iterator[Row]:
        """All rows of some lines, and of those that were moved where they stood."""
        at, index = -1, 0
        for row in rows:
            index = index + 1 if row.number == at else 0
            at = row.number
            stood = self._moved.get((at, index))
            yield row if stood is None else row._replace(base=stood)

    def foremost(self, most: int, rank: Callable[[str, bool], int | None]) -> tuple[list[Row], int]:
        """What is to be shown, by line and column, and how many are left out.

        `rank` is asked of each rule of which something was found that no suppression took out, with whether
        that stood in the base; None: that is not shown. Where there are more than `most`, there is room for
        one less: for the lowest ranks, and the first of the last one. What is left out is counted, not gone
        over.
        """
        unused = self._unused()
        counts = self._counts(unused)
        awaits = self.awaits_base
        ranks = {key: at for key in counts if (at := rank(key[0], key[1] or awaits)) is not None}
        total = sum(counts[key] for key in ranks)
        room = left = total if total <= most else most - 1
        rooms: dict[int, int] = {}
        for at in sorted(set(ranks.values())):
            rooms[at] = min(left, sum(counts[key] for key in ranks if ranks[key] == at))
            left -= rooms[at]
        of_unused = Counter((UNUSED, row.base is not None) for row in unused)
        of_records = {key: counts[key] - of_unused[key] for key in counts}
        rows = self._records.first(ranks, rooms, of_records, self._moved)
        if unused and (ranks.keys() & of_unused.keys()):
            rows = _within(sorted([*rows, *unused], key=place), ranks, rooms)
        return ([row._replace(base=-1) for row in rows] if awaits else rows), total - room

    def counts(self) -> Mapping[tuple[str, bool], int]:
        """How many violations each rule found that no suppression took out, and whether these stood in the
        base. Counted, not gone over."""
        counts = self._counts(self._unused())
        if self.awaits_base:
            rules = {rule for rule, _ in counts}
            return {
                (rule, True): counts.get((rule, False), 0) + counts.get((rule, True), 0) for rule in rules
            }
        return counts

    @property
    def failed(self) -> frozenset[str]:
        """The rules that could not run where they last looked."""
        return self._failed | self._given.unchecked

    def _counts(self, unused: Sequence[Row]) -> dict[tuple[str, bool], int]:
        self._compare()
        counts = {key: count for key, count in self._records.found.items() if count}
        further = [(UNUSED, row.base is not None) for row in unused]
        if self._moved:
            for number, index in self._moved:
                rule = self._records.between(number, number + 1)[0][1].rows[index][0].rule
                counts[rule, False] -= 1
                further.append((rule, True))
        for key in further:
            counts[key] = counts.get(key, 0) + 1
        return {key: count for key, count in counts.items() if count}

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
        comparison = self._comparison
        if comparison is None or not rows:
            return rows
        rows.sort(key=place)
        found = [(row.number, [row.violation]) for row in rows]
        stood = placed(comparison, found, self._lines.all)
        return [row._replace(base=at) for row, (at,) in zip(rows, stood, strict=True)]

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
            self._file = File(self._file.language, self._file.today, _Known(holding, self._differs))
            self._force()
        elif self._complete and self._asks_differs and self._is_changed() != self._differed:
            self._force_all()

    def _differs(self) -> bool:
        """Whether the text is known not to be that of its base. Where a rule has asked, all is looked at
        again when that changes."""
        self._asks_differs = True
        self._differed = self._is_changed()
        return self._differed

    def _is_changed(self) -> bool:
        return self._base_lines is not None and self._base_lines != self._lines.all

    def _force(self) -> None:
        """Let all lines be looked at again."""
        self._breaks = [Break(0, self._initial, self._initial, forced=True, slice=SLICE_LINES)]

    def _force_all(self) -> None:
        """Let all that was asked whether the text differs from its base look again."""
        self._differed = self._is_changed()
        self._see_anew()
        self._force()

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
        if self._pairs is not None:
            self._note_unmarked(start, end)
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


class _Known:
    """The facts that hold of a document; that it differs from its base is found out when that is asked."""

    __slots__ = ("_differs", "_names")

    def __init__(self, names: frozenset[str], differs: Callable[[], bool]) -> None:
        self._names = names
        self._differs = differs

    def __contains__(self, name: object) -> bool:
        return self._differs() if name == DIFFERS else name in self._names


def _found(one: tuple[int, Looked]) -> tuple[int, list[Violation]]:
    """A line, and what was found on it that no suppression took out."""
    number, looked = one
    return number, [violation for violation, suppression in looked.rows if suppression is None]


def _differing(before: list[str], lines: list[str]) -> tuple[int, int, list[str]]:
    """The lines [first, last) that became others, at least one, and those that took their place."""
    most = min(len(before), len(lines)) - 1
    first = next((at for at in range(most) if before[at] != lines[at]), most)
    most -= first
    same = next((at for at in range(most) if before[-1 - at] != lines[-1 - at]), most)
    return first, len(before) - same, lines[first : len(lines) - same]


def _nothing_given(text: str) -> Given:
    return Given(())


def _within(rows: list[Row], ranks: Mapping[tuple[str, bool], int], rooms: Mapping[int, int]) -> list[Row]:
    """The first rows, of each rank as many as there is room for."""
    left, kept = dict(rooms), []
    for row in rows:
        at = ranks.get((row.violation.rule, row.base is not None), -1)
        if left.get(at):
            left[at] -= 1
            kept.append(row)
    return kept
