"""Checks files: from the disk, from an answer of an earlier run, or from bytes that somebody else has."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Container, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO

from auto_enforcer import beside, engine, files, reading, text
from auto_enforcer.activation import Activation, known_language
from auto_enforcer.failures import Failures
from auto_enforcer.judging import Judging
from auto_enforcer.lines import HEAD_LINES
from auto_enforcer.model import DIFFERS, File, NamedTuple, Report, Row, Skipped, Verdict
from auto_enforcer.policies import Policies
from auto_enforcer.preparing import MARK, Preparing, told_to
from auto_enforcer.walk import Observer, Walk

if TYPE_CHECKING:
    from auto_enforcer.results import Question, Results

MOST_HELD = 2_048
"""Rows of a file that are put in order; a file with more gives them as they come."""

Again = Callable[[], Iterable[bytes]]
"""Gives a file's bytes from the start, in chunks."""


class Checked(NamedTuple):
    """What became of a file: its report, and why it was not checked whole, if so. A skipped file that has a
    report was checked by the rules that look at such files too."""

    report: Report | None
    skipped: Skipped | None = None


class _Opened(NamedTuple):
    """A file that is open at its beginning, its size in bytes and its mode."""

    file: BinaryIO
    size: int
    mode: int


class FileChecks:
    """Checks the files of a workspace. `differs` may be told what knows whether a file, by its relative path
    and its bytes, is not as its base has it."""

    __slots__ = (
        "_activation",
        "_failures",
        "_in_base",
        "_judging",
        "_meter",
        "_policies",
        "_preparing",
        "_results",
        "differs",
        "timings",
    )

    def __init__(
        self,
        policies: Policies,
        preparing: Preparing,
        judging: Judging,
        activation: Activation,
        failures: Failures,
        results: Callable[[], Results | None],
        meter: Callable[[], float] | None,
    ) -> None:
        """`results` gives the answers of earlier runs, where these are reused; `meter` tells the time, where
        it is asked what each rule takes."""
        self._policies = policies
        self._preparing = preparing
        self._judging = judging
        self._activation = activation
        self._failures = failures
        self._results = results
        self._meter = meter
        self._in_base = False
        """Whether what is being checked is a base text."""
        self.differs: Callable[[str, Again], bool] | None = None
        self.timings: dict[str, tuple[float, int]] = {}
        """By rule: the seconds that its looks at files took, and their number, where there is a meter."""

    def check_file(self, path: str, shown: str = "", *, observer: Observer | None = None) -> Checked:
        """Check a file of the disk, by absolute path. `shown` is its path in the report."""
        relative = self._policies.relative(path)
        shown = shown or relative
        try:
            file = reading.open_regular(path)
            status = os.fstat(file.fileno())
        except OSError as error:
            return self._unreadable(shown, error)

        def again() -> Iterator[bytes]:
            with reading.open_regular(path) as second:
                while chunk := reading.read_block(second, text.BLOCK):
                    yield chunk

        opened = _Opened(file, status.st_size, status.st_mode)
        return self._check_opened(relative, shown, opened, again, observer)

    def recall(self, path: str, shown: str = "") -> Checked | None:
        """What `check_file` would say of a file, where an earlier run has found it; None where it must be
        checked."""
        relative = self._policies.relative(path)
        try:
            with reading.open_regular(path) as file:
                first = reading.read_block(file, text.BLOCK)
                status = os.fstat(file.fileno())
                begun = self._preparing.begin(relative, first, status.st_mode, None, status.st_size)
                question = self._question(relative, first, begun)
                if question is None:
                    return None
                return self._known(question, relative, shown or relative, file, first, status.st_size)
        except OSError:
            return None

    def check_chunks(
        self,
        relative: str,
        chunks: Iterable[bytes],
        again: Callable[[], Iterable[bytes]],
        *,
        shown: str = "",
        observer: Observer | None = None,
        mode: int | None = None,
    ) -> Checked:
        """Check text that comes in chunks of bytes; `again` gives the same ones from the start. `mode` is
        that of the file, where it is not the one on the disk."""
        first, size = b"", 0
        for chunk in again():
            first = first if len(first) >= files.BINARY_HEAD else first + chunk
            size += len(chunk)
        begun = self._preparing.begin(
            relative, first, self.mode(relative) if mode is None else mode, observer, size
        )
        return self._check(relative, chunks, again, shown or relative, observer, begun)

    def rows_in_base(self, relative: str, data: bytes, mode: int) -> list[Row]:
        """What is found in a base text by the policy for the file that it has become. What cannot run there
        finds nothing there: what it finds in the file is new then."""
        before = len(self._failures)
        opened = _Opened(io.BytesIO(data), len(data), mode)
        self._in_base = True
        try:
            report = self._check_opened(relative, relative, opened, lambda: iter([data]), None).report
            found = [] if report is None else [row for row, _ in report.rows]
        finally:
            self._in_base = False
        del self._failures[before:]
        return found

    def mode(self, relative: str) -> int | None:
        """The mode of a file of the disk; None where there is none."""
        try:
            return os.stat(os.path.join(self._policies.root, relative)).st_mode
        except (OSError, ValueError):
            return None

    def _check_opened(
        self,
        relative: str,
        shown: str,
        opened: _Opened,
        again: Callable[[], Iterator[bytes]],
        observer: Observer | None,
    ) -> Checked:
        """Check a file that is open at its beginning, and close it. `again` gives what it holds from the
        start."""
        file, size, mode = opened
        try:
            first = reading.read_block(file, text.BLOCK)
            begun = self._preparing.begin(relative, first, mode, observer, size)
            # What is watched or timed must happen.
            is_asked = observer is None and self._meter is None
            question = self._question(relative, first, begun) if is_asked else None
            known = (
                self._known(question, relative, shown, file, first, size) if question is not None else None
            )
        except OSError as error:
            file.close()
            return self._unreadable(shown, error)
        if known is not None:
            file.close()
            return known

        def chunks() -> Iterator[bytes]:
            with file:
                yield first
                while len(first) == text.BLOCK and (chunk := reading.read_block(file, text.BLOCK)):
                    yield chunk

        if len(first) < text.BLOCK:
            file.close()
            return self._check(relative, [first], lambda: [first], shown, observer, begun, question)
        try:
            if question is None:
                return self._check(relative, chunks(), again, shown, observer, begun)
            read = question.reading
            return self._check(
                relative, read(chunks()), lambda: read(again()), shown, observer, begun, question
            )
        except OSError as error:
            return self._unreadable(shown, error)

    def _question(self, relative: str, first: bytes, begun: beside.Begun | None) -> Question | None:
        """What is asked of a file that begins so; None where no answer is reused."""
        results = self._results()
        if results is None or files.is_binary(first) or self._policies.excluded(relative) is not None:
            return None
        return results.question(
            relative,
            self._policies.selection(relative),
            generated=self._policies.is_generated(relative),
            beside="" if begun is None else begun.key,
        )

    def _known(
        self, question: Question, relative: str, shown: str, file: BinaryIO, first: bytes, size: int
    ) -> Checked | None:
        """What an earlier run found. A file that goes on after the first block is read to its end only if an
        answer for one of its size is there, and stands after that block again. Raises OSError where it does
        not."""
        chunks: Iterable[bytes] = (first,)
        if len(first) == text.BLOCK:
            if not question.may_be_known(size):
                return None
            chunks = chain(chunks, iter(lambda: reading.read_block(file, text.BLOCK), b""))
        try:
            for _ in question.reading(chunks):
                pass
        except OSError:
            pass  # What can be read of it is checked.

        def again() -> Iterator[bytes]:
            file.seek(0)
            return iter(lambda: reading.read_block(file, text.BLOCK), b"")

        answer = question.known(self._policies.today, lambda: self._is_changed(relative, again, None))
        if answer is None:
            file.seek(len(first))
            return None
        report = Report(shown, self._judged(answer.rows, relative))
        return Checked(report, Skipped(shown, answer.kind) if answer.kind else None)

    def _check(
        self,
        relative: str,
        chunks: Iterable[bytes],
        again: Callable[[], Iterable[bytes]],
        shown: str,
        observer: Observer | None,
        begun: beside.Begun | None,
        question: Question | None = None,
    ) -> Checked:
        """Check text, and keep the answer to the question, which has heard or will hear the same chunks."""
        chunks = iter(chunks)
        head_chunk = next(chunks, b"")
        while 0 < len(head_chunk) < len(MARK) and (more := next(chunks, b"")):
            head_chunk += more
        marked = text.begins_marked(head_chunk)
        if files.is_binary(head_chunk):
            return self._binary(relative, shown, begun)
        held: bytes | None = None
        if begun is not None and begun.reads(few=False):
            chunks, held = beside.gathered(head_chunk, chunks)
        else:
            chunks = chain((head_chunk,), chunks)
        if files.is_notebook(relative) and not marked:
            from auto_enforcer import notebook_reader

            kernel = notebook_reader.survey(again())
            if kernel is not None:
                return self._check_notebook(
                    relative, chunks, again, kernel, shown, observer, begun, held=held, question=question
                )
        blocks = text.blocks(chunks)
        first, data = list[text.Block](), b""
        while len(data) <= text.HEAD and data.count(b"\n") < HEAD_LINES:
            block = next(blocks, None)
            if block is None:
                break
            first.append(block)
            data += block.data
        head = text.head(data, HEAD_LINES)
        prepared, kind = self._preparing.prepare(relative, "", head, marked=marked)
        if kind.startswith(files.EXCLUDED):
            return Checked(None, Skipped(shown, kind))

        def read_again() -> Iterator[text.Block]:
            return text.blocks(again())

        plan, language = prepared.plan, prepared.language
        facts = Facts(
            prepared.facts,
            lambda: engine.anywhere(plan, language, read_again()),
            lambda: self._is_changed(relative, again, question),
        )
        file = (File if question is None else question.file)(language, prepared.today, facts)
        whole = False

        def walked(walk: Walk) -> None:
            nonlocal whole
            whole = not walk.failed
            self._note(shown, walk)

        def keep(found: list[Row]) -> None:
            if question is not None and whole:
                question.answer(found, kind, dated=bool(prepared.file_suppressions))

        given = None
        if begun is not None:
            told = None if observer is None else told_to(observer)
            given = begun.given(held, None, few=bool(kind), told=told)
        rows = engine.check(
            plan,
            file,
            chain(first, blocks),
            file_suppressions=prepared.file_suppressions,
            observer=observer,
            meter=self._meter,
            walked=walked,
            marked=marked,
            given=given,
        )
        ordered = _ordered(self._guarded(shown, rows), keep)
        same = again if question is None else None
        report = Report(shown, self._judged(ordered, relative, same))
        return Checked(report, Skipped(shown, kind) if kind else None)

    def _check_notebook(
        self,
        relative: str,
        chunks: Iterable[bytes],
        again: Callable[[], Iterable[bytes]],
        kernel: str,
        shown: str,
        observer: Observer | None,
        begun: beside.Begun | None,
        *,
        held: bytes | None,
        question: Question | None,
    ) -> Checked:
        """Check a notebook whose code is in the language `kernel`, cell by cell."""
        from auto_enforcer import notebooks

        prepared, kind = self._preparing.prepare(relative, "", (), marked=False)
        if kind.startswith(files.EXCLUDED):
            return Checked(None, Skipped(shown, kind))
        selection, make = self._policies.selection(relative), File if question is None else question.file
        failed: set[str] = set()
        broken = False

        def file(language: str, find: Callable[[], frozenset[str]]) -> File:
            return make(
                language,
                prepared.today,
                Facts(frozenset(), find, lambda: self._is_changed(relative, again, question)),
            )

        def walked(walk: Walk) -> None:
            self._note(shown, walk, failed)
            failed.update(walk.failed)

        def rows() -> Iterator[Row]:
            nonlocal broken
            given = None
            if begun is not None:
                told = None if observer is None else told_to(observer)
                given = begun.given(held, None, few=bool(kind), told=told)
            shapes = self._activation.plan(selection, shapes_only=True)
            asked = notebooks.Asked(
                kernel,
                prepared.plan,
                shapes,
                self._activation.nothing(),
                file,
                known_language,
                walked,
                observer,
                self._meter,
            )
            try:
                yield from self._guarded(shown, notebooks.rows(chunks, asked, given, held))
            except notebooks.NoNotebookError:
                broken = True
                self._failures.note(shown, "unreadable: it was changed while it was read")

        def keep(found: list[Row]) -> None:
            if question is not None and not failed and not broken:
                question.answer(found, kind, dated=False)

        same = again if question is None else None
        report = Report(shown, self._judged(_ordered(rows(), keep), relative, same))
        return Checked(report, Skipped(shown, kind) if kind else None)

    def _binary(self, relative: str, shown: str, begun: beside.Begun | None) -> Checked:
        """What is said of a binary file: what the rules found that look at such files too."""
        skipped = Skipped(shown, "binary")
        given = None if begun is None else begun.given(None, None, few=False)
        speaks = given is not None or self._policies.of(relative).allowances(relative)
        if not speaks or self._policies.excluded(relative) is not None:
            return Checked(None, skipped)
        rows = engine.check(
            self._activation.nothing(),
            File("plaintext", self._policies.today),
            (),
            walked=lambda walk: self._note(shown, walk),
            given=given,
        )
        return Checked(Report(shown, self._judged(rows, relative)), skipped)

    def _is_changed(self, relative: str, again: Again, question: Question | None) -> bool:
        """Whether a file is known not to be as its base has it, which the question is told."""
        differs = self.differs is not None and not self._in_base and self.differs(relative, again)
        if question is not None:
            question.hangs_on_base(differs)
        return differs

    def _judged(
        self, rows: Iterable[Row], relative: str, again: Again | None = None
    ) -> Iterator[tuple[Row, Verdict]]:
        """The rows with their verdicts. The baseline speaks of no base text."""
        if self._in_base:
            return self._judging.judged(rows, relative)
        return self._judging.judged_of_file(rows, relative, again)

    def _guarded(self, shown: str, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows, up to where the file can no longer be read."""
        try:
            yield from rows
        except OSError as error:
            self._failures.note(shown, f"unreadable: {error.strerror or error}")

    def _note(self, shown: str, walk: Walk, known: Container[str] = ()) -> None:
        """Note what a walk says of the rules; which could not run of those `known` is noted already."""
        for rule in sorted(rule for rule in walk.failed if rule not in known):
            self._failures.note(shown, f"`{rule}` could not run")
        for rule, (seconds, looks) in walk.timings.items():
            before = self.timings.get(rule, (0.0, 0))
            self.timings[rule] = before[0] + seconds, before[1] + looks

    def _unreadable(self, shown: str, error: OSError) -> Checked:
        reason = f"unreadable: {error.strerror or error}"
        self._failures.note(shown, reason)
        return Checked(None, Skipped(shown, reason))


class Facts:
    """The facts of a file that is read in blocks; those to be looked for are looked for when first asked."""

    __slots__ = ("_differs", "_find", "_found", "_supplied")

    def __init__(
        self, supplied: Container[str], find: Callable[[], frozenset[str]], differs: Callable[[], bool]
    ) -> None:
        self._supplied = supplied
        self._find = find
        self._differs = differs
        self._found: frozenset[str] | None = None

    def __contains__(self, name: object) -> bool:
        if name in self._supplied:
            return True
        if name == DIFFERS:
            return self._differs()
        if self._found is None:
            self._found = self._find()
        return name in self._found


def _ordered(rows: Iterator[Row], keep: Callable[[list[Row]], None]) -> Iterator[Row]:
    """The rows by line and column, as far as few enough are there to be held, which are given to `keep`; else
    as they come, which is by line save for unused suppressions."""
    first = list(islice(rows, MOST_HELD))
    if len(first) < MOST_HELD:
        first.sort(key=lambda row: (row.number, row.violation.start, row.violation.end, row.violation.rule))
        keep(first)
    return chain(first, rows)
