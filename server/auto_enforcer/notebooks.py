"""Checks a Jupyter notebook as it streams by: each cell as a text in its language, and what else the notebook
says for secrets whose shape tells them. What is found is told where it stands in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from json.encoder import encode_basestring

from auto_enforcer import engine, text
from auto_enforcer.given import Given
from auto_enforcer.languages import LANGUAGES, language_named, language_of
from auto_enforcer.looks import Look, Plan
from auto_enforcer.model import Candidate, Cell, Edit, File, Fix, Line, NamedTuple, Row, Suppression
from auto_enforcer.notebook_reader import NoNotebookError, Part, Places, parts_in_turns
from auto_enforcer.standing import UNUSED
from auto_enforcer.suppressions import FILE_LINES, Directive
from auto_enforcer.walk import Hearing, Observer, Walk

__all__ = [
    "Asked",
    "NoNotebookError",
    "language_by_magic",
    "language_of_cell",
    "line_of_code",
    "plain",
    "rows",
    "rows_in_turns",
]

_CELL_MAGIC = re.compile(r"[ \t]*%%[ \t]*([A-Za-z]\w*!?)(.*)")
_LINE_MAGIC = re.compile(r"([ \t]*)(?:%%?[A-Za-z]|!{1,2}[ \t]*[\w./~$({\"'-]|\?{1,2}[A-Za-z_])")

_AS_PYTHON = frozenset(("capture", "prun", "pypy", "python", "python2", "python3", "time", "timeit"))
_NAMED_BEHIND = frozenset(("script", "script_magic"))
_MAGICS = {
    "js": "javascript",
    "latex": "latex",
    "sh": "shellscript",
    "svg": "html",
    "bigquery": "sql",
    "cython": "python",
}


class Asked(NamedTuple):
    """How a notebook is to be checked."""

    kernel: str
    """The language of its code."""
    plan: Plan
    shapes: Plan
    """For all that is not the source of a cell."""
    nothing: Plan
    """For a text that no rule looks at."""
    file: Callable[[str, Callable[[], frozenset[str]]], File]
    """Gives what rules may know of a cell in a language, whose `anywhere` facts are found when asked for."""
    known: Callable[[str], str]
    """The language, or plain text where nothing reads it."""
    walked: Callable[[Walk], None]
    observer: Observer | None = None
    meter: Callable[[], float] | None = None


def rows(chunks: Iterable[bytes], asked: Asked, given: Given | None, held: bytes | None) -> Iterator[Row]:
    """The rows of a notebook, at their places in the file. `given` is what the rules about files found, and
    `held` the text that they read. Raises NoNotebookError where the chunks are no notebook."""
    return (row for row in rows_in_turns(chunks, asked, given, held) if row is not None)


def rows_in_turns(
    chunks: Iterable[bytes], asked: Asked, given: Given | None, held: bytes | None
) -> Iterator[Row | None]:
    """The same, with None wherever somebody else may have a turn: after each few KiB, and after each part."""
    checker = _Checker(asked)
    for part in parts_in_turns(chunks, asked.kernel):
        if part is not None:
            yield from checker.source(part) if part.is_source else checker.rest(part)
        yield None
    if given is not None:
        yield from checker.given(given, held)
    yield from checker.ended()


def plain(source: str, language: str) -> tuple[str, str]:
    """The source of a cell without what is no code of its language, and its language: that of the magic word
    that it begins with, or the kernel's. Lines and columns stay."""
    if language != "python" or not ("%" in source or "!" in source or "?" in source):
        return source, language
    lines = text.split_lines(source)
    magic = _CELL_MAGIC.match(lines[0])
    if magic is not None:
        language = language_by_magic(magic[1], magic[2])
        sign = LANGUAGES[language].line_comment if language in LANGUAGES else ""
        sign = (sign * 2)[:2] if sign else "  "
        lines[0] = lines[0].replace("%%", sign, 1)
    if language == "python":
        goes_on = False
        for number, line in enumerate(lines):
            lines[number] = line_of_code(line)
            if goes_on and lines[number] == line and line[:1] in (" ", "\t"):
                lines[number] = f"#{line[1:]}"
            goes_on = (goes_on or lines[number] != line) and line.rstrip("\r\n").endswith("\\")
    return "".join(lines), language


def line_of_code(line: str) -> str:
    """A line of Python in a notebook; one that speaks to the notebook becomes a comment, as long as it is."""
    start = _LINE_MAGIC.match(line)
    return line if start is None else f"{line[: start.end(1)]}#{line[start.end(1) + 1 :]}"


def language_of_cell(head: Sequence[str], language: str) -> str:
    """The language of a cell that begins with these lines, where the client says `language`."""
    magic = _CELL_MAGIC.match(head[0]) if head and language == "python" else None
    return language if magic is None else language_by_magic(magic[1], magic[2])


def language_by_magic(name: str, rest: str) -> str:
    """The language of a cell that begins with `%%name rest`."""
    if name in _AS_PYTHON:
        return "python"
    words = [word for word in rest.split() if not word.startswith("-")]
    if name in ("writefile", "file") and words:
        return language_of(words[-1])
    if name in _NAMED_BEHIND and words:
        name = words[0].rpartition("/")[2]
    return _MAGICS.get(name) or language_named(name) or "plaintext"


class _Checker:
    """What is known of a notebook while its parts come by."""

    __slots__ = ("_asked", "_before", "_cell", "_file_suppressions", "_first", "_language", "_used")

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._file_suppressions: tuple[tuple[Suppression, int], ...] = ()
        """Those of the first cell are for the whole notebook."""
        self._first: tuple[Walk, Places] | None = None
        self._used: set[str] = set()
        self._before: set[tuple[str, int, int]] = set()
        """What was found in the part before: what it had in common with this one is told once."""
        self._cell = 0
        self._language = ""

    def source(self, part: Part) -> Iterator[Row]:
        """What is found in the source of a cell."""
        asked, content = self._asked, part.content()
        if part.first == 0 or part.cell != self._cell:
            source, language = plain(content, part.language)
        else:
            source, language = plain(f"\n{content}", self._language)
            source = source[1:]
        self._cell, self._language = part.cell, language
        language = asked.known(language)
        data = text.encode(source)
        file = asked.file(language, lambda: engine.anywhere(asked.plan, language, text.blocks([data])))
        own: tuple[tuple[Suppression, int], ...] = ()
        if part.first == 0 and b"enforcer:" in data[: text.HEAD]:
            head = text.head(data, FILE_LINES)
            own = engine.head_suppressions(head, language, file, asked.plan)
            if part.cell == 1:
                self._file_suppressions, own = own, ()
        yield from self._checked(part, asked.plan, file, data, own)

    def rest(self, part: Part) -> Iterator[Row]:
        """What is found in outputs and all else."""
        data = text.encode(part.content())
        yield from self._checked(part, self._asked.shapes, self._asked.file("plaintext", frozenset), data, ())

    def given(self, given: Given, held: bytes | None) -> Iterator[Row]:
        """What the rules about files found, as far as nobody allows it."""
        blocks = text.blocks([held]) if held is not None else ()
        yield from engine.check(
            self._asked.nothing,
            self._asked.file("plaintext", frozenset),
            blocks,
            above=self._above,
            walked=self._walked,
            given=given,
        )

    def ended(self) -> Iterator[Row]:
        """What is wrong with the suppressions for the whole notebook, now that all of it was seen."""
        if self._first is None or not self._asked.plan.on(UNUSED):
            return
        walk, places = self._first
        walk.file_used.update(self._used)
        for row in walk.unused_in_file(self._file_suppressions):
            yield _placed(row, places, 0)

    @property
    def _above(self) -> tuple[Suppression, ...]:
        return tuple([one for one, _ in self._file_suppressions])

    def _walked(self, walk: Walk) -> None:
        self._used.update(walk.file_used)
        self._asked.walked(walk)

    def _checked(
        self,
        part: Part,
        plan: Plan,
        file: File,
        data: bytes,
        own: tuple[tuple[Suppression, int], ...],
    ) -> Iterator[Row]:
        """The rows of a part, placed in the file."""
        asked = self._asked
        placing: list[Places] = []

        def places() -> Places:
            if not placing:
                placing.append(Places(part))
            return placing[0]

        def walked(walk: Walk) -> None:
            self._walked(walk)
            if self._first is None and self._file_suppressions:
                self._first = walk, places()

        found = engine.check(
            plan,
            file,
            text.blocks([data]),
            file_suppressions=own,
            above=self._above,
            observer=None if asked.observer is None else _observing(asked.observer, places, part.first),
            meter=asked.meter,
            walked=walked,
        )
        before, self._before = self._before if part.texts[0].repeated else set(), set()
        for row in found:
            placed = _placed(row, places(), part.first)
            place = placed.violation.rule, placed.number, placed.violation.start
            self._before.add(place)
            if place not in before:
                yield placed


def _placed(row: Row, places: Places, first: int) -> Row:
    """A row of a part as one of the file. `first` is the line of the cell that the part begins with."""
    number, violation, suppression, _, _ = row
    one, line, start, end = places.of(number, violation.start, violation.end)
    fixes = tuple(
        [fixed for fix in violation.fixes if (fixed := _fix(fix, number, places, line)) is not None]
    )
    cell = None
    if one.cell:
        cell = Cell(one.cell, first + number if places.is_source else None)
    return Row(line, violation._replace(start=start, end=end, fixes=fixes), suppression, cell)


def _fix(fix: Fix, number: int, places: Places, line: int) -> Fix | None:
    """The fix as one of the file; None where it goes over more than one of its texts."""
    edits = []
    for edit in fix.edits:
        if edit.start_line != edit.end_line:
            return None
        _, at, start, end = places.of(number + edit.start_line, edit.start, edit.end)
        if not places.within(number + edit.start_line, edit.start, edit.end):
            return None
        edits.append(Edit(at - line, start, at - line, end, encode_basestring(edit.text)[1:-1]))
    return fix._replace(edits=tuple(edits))


def _observing(observer: Observer, places: Callable[[], Places], first: int) -> Observer:
    """Tells the observer of the lines and columns of the file. `first` is the line of the cell that the part
    begins with."""

    def observe(look: Look, line: Line, candidate: Candidate | None, outcome: str, column: int) -> None:
        start = candidate.start if candidate is not None else 0
        _, number, placed, _ = places().of(line.number, column + start, column + start)
        moved = Line(
            line.text, number, line.language, line.file, lambda: line.runs, line.neighbours, line.earlier
        )
        observer(look, moved, candidate, outcome, placed - start)

    if not isinstance(observer, Hearing):
        return observe
    listener = observer

    def heard(number: int, directive: Directive, cell: Cell | None) -> None:
        del cell
        one, line, start, end = places().of(number, directive.start, directive.end)
        cell = Cell(one.cell, first + number) if one.cell and places().is_source else None
        listener.heard(line, directive._replace(start=start, end=end), cell)

    return Hearing(observe, heard)
