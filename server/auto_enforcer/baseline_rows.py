"""Applies the baseline of a workspace: reads its file, and knows the rows of other files by the text of their
lines."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from auto_enforcer import baseline, reading, redaction, text
from auto_enforcer.baseline import MOST_SLOW, Baseline, Cover, Digests, Held, Identity, Mistake
from auto_enforcer.files import BASELINE
from auto_enforcer.looks import Lookout
from auto_enforcer.model import File, Line, NamedTuple, Row, Violation, Zone

MOST_HELD = 2_048
"""Rows of a file that are decided on together; further ones are as they come."""

MOST_FILES = 64
"""Files for which it is remembered what holds, at most."""

LONGEST_LINE = 1 << 20
"""Bytes of a line that are read. What stands beyond is never in a baseline."""

AROUND = 100
"""Characters to either side of a violation that tell where it stands."""

_SPARE = 64
"""Violations beyond twice those there are that are remembered before they are forgotten."""

_BODY = 200
"""Characters behind the first words of a private key that are taken for a part of its value."""

_FILE = File("plaintext", date.min)
_KEY = re.compile(redaction.SPEAKS_OF_KEY.decode())

MOST_IN_DOCUMENT = 100
"""Values of secrets that are compared for a document at once, at most: an editor waits for them."""

LEFT_OUT = (
    f"more than {MOST_SLOW:,} secrets to compare ({MOST_IN_DOCUMENT} in a document), or a Python that cannot:"
    " those left out count as new"
)

LineOf = Callable[[int], str]
"""Gives a line's text without its end; "" for one that is not there. Asked for lines in order, save that the
one above the last may be asked for again."""


class Stamp(NamedTuple):
    """What tells whether a file is another."""

    modified: int
    size: int
    inode: int


class Applied:
    """The baseline of one workspace, by its absolute path, as it is on disk when it is first asked for or was
    when `refresh` was last called. `concealing` gives what finds secrets."""

    __slots__ = ("_concealing", "_every", "_files", "_path", "_stamp", "baseline", "digests", "unreadable")

    def __init__(self, root: str, concealing: Callable[[], Lookout]) -> None:
        self._path = os.path.join(root, BASELINE)
        self._concealing = concealing
        self._every: Lookout | None = None
        self._files: dict[str, Held | None] = {}
        """What holds for the files that were last asked for."""
        self._stamp: Stamp | None = None
        self.unreadable = ""
        """Why the file could not be read."""
        self.baseline = Baseline(b"")
        self.digests = Digests(())
        self.refresh()

    def refresh(self) -> bool:
        """Look whether the file is another. True if it is."""
        self.digests.allowance = MOST_SLOW
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return False
        self._stamp, self.unreadable, data = stamp, "", b""
        if stamp is not None:
            try:
                with reading.open_regular(self._path) as file:
                    data = reading.read_block(file, baseline.LARGEST + 1)
            except OSError as error:
                self.unreadable = error.strerror or str(error)
        if len(data) > baseline.LARGEST:
            self.unreadable, data = f"it has more than {baseline.LARGEST >> 20} MiB", b""
        self._put(data)
        return True

    def take(self, data: bytes) -> None:
        """Go by this content, until the file on the disk is another."""
        self.unreadable = ""
        self._put(data)

    def _put(self, data: bytes) -> None:
        self.baseline = Baseline(data)
        self.digests = Digests(self.baseline.salts)
        self._files.clear()

    def mistakes(self) -> Iterator[Mistake]:
        """What is wrong with the file."""
        if self.unreadable:
            yield Mistake(0, 0, f"the baseline cannot be read: {self.unreadable}")
        yield from self.baseline.mistakes
        if self.digests.left_out:
            yield Mistake(0, 0, LEFT_OUT)

    def identity(self, row: Row, line_of: LineOf) -> Identity | None:
        """What a row is known by; None where that cannot be told, or no baseline takes it in."""
        return identity(row, line_of, self.every, self.digests)

    @property
    def every(self) -> Lookout:
        """What finds secrets."""
        if self._every is None:
            self._every = self._concealing()
        return self._every

    def marked(
        self,
        relative: str,
        rows: Iterable[Row],
        line_of: LineOf,
    ) -> Iterator[tuple[Row, bool]]:
        """The rows of a file, each with whether the baseline has it. Holds MOST_HELD rows, which must be in
        line order."""
        held = self._held(relative)
        if held is None:
            yield from ((row, False) for row in rows)
            return
        rows, cover = iter(rows), Cover(held)
        first = list(islice(rows, MOST_HELD))
        covered = cover.first([(self._known(held, row, line_of), False) for row in first])
        yield from zip(first, covered, strict=True)
        for row in rows:
            yield row, cover.next(self._known(held, row, line_of))

    def settled(
        self, relative: str, rows: Sequence[Row], marks: Sequence[bool], line_of: LineOf
    ) -> Sequence[bool]:
        """Which rows of a file, in line order, the baseline has, now that they know whether they stood in the
        base. `marks` are those from before that was known: they hold where all of a rule's are the same."""
        held = self._held(relative)
        open_rows = [(row, mark) for row, mark in zip(rows, marks, strict=True) if row.suppression is None]
        some = {row.violation.rule for row, mark in open_rows if mark}
        mixed = {row.violation.rule for row, mark in open_rows if not mark} & some
        if held is None or not mixed:
            return marks
        indexes = [index for index, row in enumerate(rows) if row.violation.rule in mixed]
        found = [(self._known(held, rows[index], line_of), rows[index].base is not None) for index in indexes]
        settled = list(marks)
        for index, mark in zip(indexes, Cover(held).first(found), strict=True):
            settled[index] = mark
        return settled

    def in_document(self, relative: str, rows: Sequence[Row], line_of: LineOf, known: Known) -> list[bool]:
        """Which rows of a document the baseline has, which are all that it has. `known` is the document's."""
        held = self._held(relative)
        if held is None:
            return [False] * len(rows)
        asked = [(id(row.violation), row.base is not None, row.suppression is None) for row in rows]
        if asked != known.asked:
            known.make_room(len(rows))
            self.digests.allowance = MOST_IN_DOCUMENT
            found = [
                (known.of(row, lambda one: self._known(held, one, line_of)), row.base is not None)
                for row in rows
            ]
            known.asked, known.marks = asked, Cover(held).first(found)
        return known.marks

    def has(self, covers: dict[str, tuple[Held, Cover]], relative: str, row: Row, line_of: LineOf) -> bool:
        """Whether the baseline has a row of those that come one by one, in no order. `covers` is theirs,
        empty at first."""
        pair = covers.get(relative)
        if pair is None:
            held = self._held(relative)
            if held is None:
                return False
            pair = covers[relative] = held, Cover(held)
        return pair[1].next(self._known(pair[0], row, line_of))

    def _held(self, relative: str) -> Held | None:
        if relative not in self._files:
            if len(self._files) >= MOST_FILES:
                del self._files[next(iter(self._files))]
            self._files[relative] = self.baseline.of(relative)
        return self._files[relative]

    def _known(self, held: Held, row: Row, line_of: LineOf) -> Identity | None:
        if row.suppression is not None or row.violation.rule not in held.rules:
            return None
        return self.identity(row, line_of)


class Known:
    """What the violations of one document are known by. One that is the same object stands on a line of the
    same text."""

    __slots__ = ("_known", "asked", "marks")

    def __init__(self) -> None:
        self._known: dict[int, tuple[Violation, Identity | None]] = {}
        """By the violation's identity, and it itself, so that no other one can have that."""
        self.asked: list[tuple[int, bool, bool]] = []
        """What was asked for the last time: violations, whether they stood in the base and whether they
        count; and the answer. Most edits leave that as it was."""
        self.marks: list[bool] = []

    def of(self, row: Row, find: Callable[[Row], Identity | None]) -> Identity | None:
        """What a row is known by; found where that is not known."""
        violation = row.violation
        known = self._known.get(id(violation))
        if known is None:
            known = self._known[id(violation)] = violation, find(row)
        return known[1]

    def make_room(self, rows: int) -> None:
        """Forget all where much of it may be of violations that are gone."""
        if len(self._known) > 2 * rows + _SPARE:
            self._known.clear()


def identity(row: Row, line_of: LineOf, every: Lookout, digests: Digests) -> Identity | None:
    """What a row is known by under some salts. None where that cannot be told, or no baseline takes it in."""
    violation = row.violation
    if violation.rule.startswith(f"{baseline.NEVER}/"):
        return None
    line = line_of(row.number)
    start, end = violation.start, violation.end
    words = line[start:end]
    if len(words) < end - start:
        return None
    code = int(Zone.CODE)
    secrets = redaction.secrets_in(every, Line(line, 0, _FILE.language, _FILE, lambda: ((0, code),)))
    if secrets is None:
        return None
    mask = redaction.Mask(secrets).of if secrets else str
    around = line[max(0, start - AROUND) : end + AROUND]
    is_secret = violation.rule.startswith("secrets/")
    if row.cell is not None:
        words = _unquoted(words)
    if not is_secret:
        words = mask(words)
    else:
        words = words.strip("\"'` ")
        if _KEY.search(words):
            # These words alone are those of every key.
            words = f"{line[start : end + _BODY]}\n{line_of(row.number + 1)[:_BODY]}"
    return digests.of(violation.rule, words, mask(around), secret=is_secret)


def _unquoted(words: str) -> str:
    """Words of a notebook's file as the cell has them."""
    try:
        return str(json.loads(f'"{words}"', strict=False))
    except ValueError:
        return words


def _stamp(path: str) -> Stamp | None:
    """None where nothing is."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return Stamp(0, 0, 0) if os.path.lexists(path) else None
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)


class Ahead:
    """The lines of a text that comes in chunks of bytes, read as they are asked for. Holds a block or two."""

    __slots__ = ("_blocks", "_first", "_held")

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._blocks = text.blocks(chunks)
        self._first = 0
        self._held: list[bytes] = []

    def __call__(self, number: int) -> str:
        """A line without its end; "" for one that is not there or was left behind."""
        while number >= self._first + len(self._held) and self._pull():
            pass
        index = number - self._first
        return text.decode(self._held[index]) if 0 <= index < len(self._held) else ""

    def _pull(self) -> bool:
        """Read on. The last line stays: who has asked for the next may ask for it again."""
        try:
            block = next(self._blocks, None)
        except OSError:
            return False
        if block is None:
            return False
        lines: Sequence[bytes]
        if block.offset < 0:
            lines = block.data.removesuffix(b"\n").split(b"\n")
        else:
            line = block.data if block.last else block.data[: text.SEGMENT]
            while not block.last and (block := next(self._blocks, None)) is not None:
                if len(line) < LONGEST_LINE:
                    line += block.data if block.last else block.data[: text.SEGMENT]
            lines = [line]
        kept = self._held[-1:]
        self._first += len(self._held) - len(kept)
        self._held = [*kept, *lines]
        return True


def chunks_of(path: str) -> Iterator[bytes]:
    """The bytes of a file, by absolute path; none where it cannot be read."""
    try:
        with reading.open_regular(path) as file:
            while chunk := reading.read_block(file, text.BLOCK):
                yield chunk
    except OSError:
        return
