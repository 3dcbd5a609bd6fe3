"""The session: the one mutable owner of what is known of a workspace folder."""

from __future__ import annotations

import codecs
import io
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, BinaryIO

from auto_enforcer import (
    __version__,
    beside,
    catalog,
    engine,
    files,
    lexer,
    reading,
    redaction,
    scanner,
    suppressions,
    text,
    verdict,
)
from auto_enforcer.activation import Activation, OpenScanner, known_language
from auto_enforcer.attributes import Attributes
from auto_enforcer.document import Document, Memory, Prepared
from auto_enforcer.given import FileLook, FileObserver, Given
from auto_enforcer.languages import language_of
from auto_enforcer.lines import BINARY, HEAD_LINES
from auto_enforcer.looks import Look, Lookout, Plan
from auto_enforcer.model import (
    DIFFERS,
    MOST_TEXT,
    Candidate,
    File,
    Finding,
    Line,
    NamedTuple,
    Report,
    Row,
    Rule,
    Scope,
    Severity,
    Skipped,
    Stage,
    Suppression,
    Verdict,
    Violation,
    Zone,
)
from auto_enforcer.pattern_cache import CacheDirectory
from auto_enforcer.policy import Policy, Resolver, Selection
from auto_enforcer.policy_values import (
    DEFAULT_CONTENT,
    LARGEST_FILE,
    InvalidPolicyError,
    Place,
    Problem,
)
from auto_enforcer.records import place
from auto_enforcer.walk import Observer, Walk

if TYPE_CHECKING:
    from auto_enforcer.baseline import Cover, Held
    from auto_enforcer.baseline_rows import Applied, Known
    from auto_enforcer.bases import Bases, Stood
    from auto_enforcer.comparing import Comparing
    from auto_enforcer.results import Question, Results
    from auto_enforcer.seen import FirstSeen

_MARK, _MARK_FACT, _MARK_RULE = codecs.BOM_UTF8, "byte-order-mark", "unicode/byte-order-mark"

MOST_FAILURES = 1_000
"""Failures that a session remembers, at most. Who runs over many files takes those of each file over."""

MOST_VERDICTS = 512
"""Verdicts that are kept, at most."""

MOST_BASES = 64
"""Base texts of documents of which is remembered what was found in them."""

MOST_HELD = 2_048
"""Rows of a file that are put in order; a file with more gives them as they come."""


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


class Failure(NamedTuple):
    """Something that could not run: a path relative to the session's root, and why."""

    path: str
    reason: str


class Shared:
    """What the sessions of one run may have in common: scanners, plans, the policy where there is no file,
    and the answers of earlier runs where these are reused."""

    __slots__ = ("activation", "policy", "results")

    def __init__(
        self,
        open_scanner: OpenScanner,
        only: Iterable[str] = (),
        log: Callable[[str], None] | None = None,
    ) -> None:
        self.activation = Activation(open_scanner, only, log)
        self.policy = Policy(DEFAULT_CONTENT, catalog.entries())
        self.results: Results | None = None


class Session:
    """What is known of one workspace folder: policies, active modules, open documents, what could not run."""

    __slots__ = (
        "_activation",
        "_attributes",
        "_base_rows",
        "_baseline",
        "_cells",
        "_clock",
        "_concealing",
        "_day",
        "_documents",
        "_in_folders",
        "_is_in_base",
        "_known_by",
        "_meter",
        "_reloads",
        "_resolver",
        "_shared",
        "_trusts_modes",
        "_unknown",
        "_verdicts",
        "comparing",
        "failures",
        "root",
        "shows_old",
        "started_at",
        "timings",
    )

    def __init__(
        self,
        root: str,
        *,
        today: date | None = None,
        clock: Callable[[], date] = date.today,
        only: Iterable[str] = (),
        open_scanner: OpenScanner | None = None,
        log: Callable[[str], None] | None = None,
        meter: Callable[[], float] | None = None,
        shared: Shared | None = None,
    ) -> None:
        """`root` is an absolute path. `today` stands still where it is given; else `clock` tells it, at the
        beginning and to `reload`. `only` names rules and families. `shared` is what several sessions have in
        common; `only`, `open_scanner` and `log` are then its own."""
        self.root = root
        self.started_at = time.time()
        self._clock = clock if today is None else lambda: today
        self._day = self._clock()
        self._reloads = 0
        """How often `reload` was called: what was decided before may be decided otherwise since."""
        self._shared = shared = shared or Shared(open_scanner or scanners(), only, log)
        self._resolver = Resolver(root, catalog.entries(), default=shared.policy)
        self._attributes = Attributes(root)
        self._activation = shared.activation
        self._concealing: Lookout | None = None
        self._baseline: Applied | None = None
        self._documents: dict[int, Document] = {}
        self._cells: set[int] = set()
        """Those of the documents that are cells of notebooks: no files."""
        self._verdicts: dict[tuple[int, str, str, bool, bool, bool], tuple[Selection, Verdict]] = {}
        self.failures: list[Failure] = []
        self.shows_old = ""
        """How old violations are shown, where somebody looks at them who wants them shown otherwise than the
        policy says: "lower", "same", "off"."""
        self._unknown: int | None = None
        """Where what cannot be compared is said to have stood in the base."""
        self._is_in_base = False
        """Whether what is being checked is a base text."""
        self._base_rows: dict[tuple[object, ...], Sequence[Row]] = {}
        self.comparing: Comparing | None = None
        """Where it is asked what is new, what files are compared with."""
        self._known_by: dict[int, Known] = {}
        """By document, where the baseline speaks of its file: what its violations are known by."""
        self._in_folders: list[beside.FolderFound] = []
        self._find_baseline()
        self._trusts_modes: bool | None = None
        self._meter = meter
        self.timings: dict[str, tuple[float, int]] = {}
        """By rule: the seconds that its looks at files took, and their number, where there is a meter."""

    @property
    def today(self) -> date:
        """The day that dates are compared with: that of the beginning, or of the last `reload`."""
        return self._day

    @property
    def documents(self) -> Collection[Document]:
        """The open documents. Several may be of one file, which a client can name in several ways."""
        return self._documents.values()

    @property
    def modules(self) -> tuple[str, ...]:
        """The rule modules that are active."""
        return self._activation.modules

    @property
    def resolver(self) -> Resolver:
        """Finds the policy of a file, and knows what is wrong with the configuration files."""
        return self._resolver

    @property
    def baseline(self) -> Applied | None:
        """The baseline of the workspace; None where it has none."""
        return self._baseline

    def empty_baseline(self) -> Applied:
        """What is to become the baseline of the workspace, read anew where there is one."""
        from auto_enforcer.baseline_rows import Applied

        return Applied(self.root, self._conceal)

    def take_baseline(self, data: bytes) -> None:
        """Go by a baseline with this content, whatever is on the disk."""
        if self._baseline is None:
            self._baseline = self.empty_baseline()
        self._baseline.take(data)
        self._known_by.clear()

    def _conceal(self) -> Lookout:
        """What finds secrets."""
        if self._concealing is None:
            self._concealing = self._activation.concealing()
        return self._concealing

    def _find_baseline(self) -> bool:
        """Look for the baseline. True where it is another."""
        if self._baseline is not None:
            changed = self._baseline.refresh()
            if changed:
                self._known_by.clear()
            return changed
        if not os.path.lexists(os.path.join(self.root, files.BASELINE)):
            return False
        self._baseline = self.empty_baseline()
        return True

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the configuration files that were met, and with the baseline; secrets in them
        are not repeated."""
        for mistake in () if self._baseline is None else self._baseline.mistakes():
            yield Problem(Place(files.BASELINE, mistake.line, 0, mistake.length), mistake.message)
        masks: dict[str, Callable[[str], str]] = {}
        for problem in self._resolver.problems():
            place = problem.place
            mask = masks.get(place.file)
            if mask is None:
                given = self._resolver.given
                data = None if given is None else given(place.file)
                further = "" if data is None else data.decode("utf-8", "replace")
                mask = masks[place.file] = self.mask_of((place.file,), further)
            masked = place._replace(key=mask(place.key))
            yield Problem(masked, mask(problem.message))

    def tried(self, path: str, content: str) -> tuple[Problem, ...]:
        """What would be wrong with a configuration file, by absolute path, if this were what it holds; the
        tests of a team's rules are run. Nothing of it counts."""
        from auto_enforcer import policy_file

        relative = self.relative(path)
        if os.path.basename(path) == "pyproject.toml" and not policy_file.has_our_table(content.encode()):
            return ()
        try:
            read = policy_file.read(self.root, relative, catalog.entries(), __version__, content)
            problems, others = read.problems, read.files
        except InvalidPolicyError as invalid:
            problems, others = invalid.problems, invalid.files
        mask = self.mask_of([name for name in others if name != relative], content)
        return tuple(
            Problem(problem.place._replace(key=mask(problem.place.key)), mask(problem.message))
            for problem in problems
            if problem.place.file == relative
        )

    def mask_of(self, files: Iterable[str], further: str = "") -> Callable[[str], str]:
        """Hides what is secret in some configuration files, by path relative to the root, in a further text,
        and in the words themselves."""
        every, file = self._conceal(), File("toml", self.today)
        secrets: list[redaction.Secret] | None = []
        for name in files:
            try:
                with reading.open_regular(os.path.join(self.root, name)) as opened:
                    content = opened.read(LARGEST_FILE)
            except OSError:
                continue
            found = redaction.secrets_in_block(every, content, file)
            secrets = None if secrets is None or found is None else secrets + found
        if further:
            found = redaction.secrets_in_block(every, further.encode(), file)
            secrets = None if secrets is None or found is None else secrets + found
        of_files = redaction.Mask(secrets)

        def mask(words: str) -> str:
            line = Line(words[: text.PIECE], 0, "plaintext", file, lambda: ((0, int(Zone.TEXT)),))
            own = redaction.secrets_in(every, line)
            masked = of_files.of(words)
            return masked if own == [] else redaction.Mask(own).of(masked)

        return mask

    def policy(self, path: str) -> Policy:
        """The policy of a file, by absolute path."""
        return self._resolver.policy(self.relative(path))

    def relative(self, path: str) -> str:
        """A path relative to the root, with forward slashes; one outside the root keeps its `..`."""
        root = self.root
        if path.startswith(root) and path[len(root) : len(root) + 1] == os.sep:
            inner = path[len(root) + 1 :]
        else:
            try:
                inner = os.path.relpath(path, root)
            except ValueError:  # another drive
                inner = path
        return inner.replace(os.sep, "/") if os.sep != "/" else inner

    def excluded(self, relative: str) -> Place | None:
        """Where a policy leaves out a path relative to the root, or a folder that it lies in; None where none
        does. A folder's path ends in `/`."""
        folder = 0
        while (folder := relative.find("/", folder) + 1) and folder < len(relative):
            place = self._resolver.policy(relative[:folder]).excluded(relative[:folder])
            if place is not None:
                return place
        return self._resolver.policy(relative).excluded(relative)

    def check_file(self, path: str, shown: str = "", *, observer: Observer | None = None) -> Checked:
        """Check a file of the disk, by absolute path. `shown` is its path in the report."""
        relative = self.relative(path)
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
            begun = self._begin(relative, first, mode, observer, size)
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

    def recall(self, path: str, shown: str = "") -> Checked | None:
        """What `check_file` would say of a file, where an earlier run has found it; None where it must be
        checked."""
        relative = self.relative(path)
        try:
            with reading.open_regular(path) as file:
                first = reading.read_block(file, text.BLOCK)
                status = os.fstat(file.fileno())
                begun = self._begin(relative, first, status.st_mode, None, status.st_size)
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
        begun = self._begin(relative, first, self._mode(relative) if mode is None else mode, observer, size)
        return self._check(relative, chunks, again, shown or relative, observer, begun)

    def _mode(self, relative: str) -> int | None:
        """The mode of a file of the disk; None where there is none."""
        try:
            return os.stat(os.path.join(self.root, relative)).st_mode
        except (OSError, ValueError):
            return None

    def compare(self, word: str = "", *, guesses_old: bool = False) -> None:
        """From now on `compared` tells what stood in the base. `word` says what all files are compared with,
        "auto" or a revision; "" leaves it to their policies. `guesses_old`: what cannot be compared counts
        as old, as an editor shows it; else as new, as a gate has it."""
        from auto_enforcer.comparing import Comparing

        self.comparing = Comparing(self.root, word)
        self._unknown = -1 if guesses_old else None

    def compared(self, path: str, report: Report, data: bytes | None = None) -> Report:
        """A file's report, where old rows are told from new ones. `path` is absolute; `data` is the text
        where it is not that of the disk. What cannot be compared is a failure."""
        if self.comparing is None or report.beside:
            return report
        return report._replace(rows=self._compared(path, report, data))

    def _compared(self, path: str, report: Report, data: bytes | None) -> Iterator[tuple[Row, Verdict]]:
        from auto_enforcer import bases, comparing, git

        relative, flags = self.relative(path), deque[bool]()

        def rows() -> Iterator[Row]:
            for row, judged in report.rows:
                flags.append(judged.baselined)
                yield row if unknown is None else row._replace(base=unknown)

        own_id, stood, unknown = "", None, None
        further: list[Stood] = []
        compares = self.comparing
        assert compares is not None
        if self._first_seen(relative) is not None:
            yield from self._judged(self._seen_before(path, rows(), data), relative, _popped(flags))
            return
        try:
            if data is None:
                with reading.open_regular(path) as file:
                    data = reading.read_block(file, bases.MOST_COMPARED + 1)
                if len(data) > bases.MOST_COMPARED:
                    data, own_id = None, files.blob_id(path)
            elif len(data) > bases.MOST_COMPARED:
                own_id = git.blob_id(data)
                data = None
            stood = compares.stood(relative, self._resolver.policy(relative).base, data, own_id)
            further += compares.stood_also(relative, data, own_id)
        except OSError as error:
            unknown = self._unknown
            self._fail(report.path, f"cannot be compared with its base: {error.strerror or error}")
        except git.GitError as error:
            unknown = self._unknown
            if compares.is_news(str(error)):
                self._fail(report.path, f"cannot be compared with its base: {error}")

        def rows_of(stood: Stood) -> list[Row]:
            return self._rows_of(relative, stood)

        found = comparing.marked(rows(), data, stood, rows_of)
        for one in further:
            found = comparing.marked_also(found, data, one, rows_of)
        held = self._baseline
        if held is None or relative not in held.baseline or stood is None or stood.is_same or data is None:
            yield from self._judged(found, relative, _popped(flags))
            return
        from auto_enforcer.baseline_rows import Ahead

        known = list(found)
        yield from self._judged(known, relative, held.settled(relative, known, list(flags), Ahead((data,))))

    def _first_seen(self, relative: str) -> FirstSeen | None:
        """What knows how a file was when it was first seen, where its policy asks for that."""
        first_seen = None if self.comparing is None else self.comparing.first_seen
        is_asked = first_seen is not None and self._resolver.policy(relative).base == "session"
        return first_seen if is_asked else None

    def _seen_before(self, path: str, rows: Iterable[Row], data: bytes | None) -> Iterator[Row]:
        """A file's rows, each with its line in the file as it was when it was first seen."""
        from auto_enforcer import bases, seen

        first_seen = self._first_seen(self.relative(path))
        assert first_seen is not None
        try:
            if data is None:
                with reading.open_regular(path) as file:
                    data = reading.read_block(file, bases.MOST_COMPARED + 1)
        except OSError as error:
            self._fail(path, f"cannot be compared with its base: {error.strerror or error}")
            data = b""
        if not data or len(data) > bases.MOST_COMPARED:
            yield from (row._replace(base=-1) for row in rows)
            return
        own = first_seen.hashes(data)
        before = first_seen.stood(path, own)
        yield from rows if before is None else seen.marked(before, own, rows)

    def _differs(
        self, relative: str, again: Callable[[], Iterable[bytes]], question: Question | None
    ) -> bool:
        """Whether a file is known not to be as its base has it, which the question is told that somebody
        asked."""
        if question is not None:
            question.ask_for_base()
        if self.comparing is None or self._is_in_base:
            return False
        from auto_enforcer import bases, git

        read, size = list[bytes](), 0
        for chunk in again():
            read.append(chunk)
            size += len(chunk)
            if size > bases.MOST_COMPARED:
                break
        word = self._resolver.policy(relative).base
        first_seen = self._first_seen(relative)
        if first_seen is not None:
            own = first_seen.hashes(b"".join(read))
            return first_seen.stood(os.path.join(self.root, relative), own) != own
        try:
            if self.comparing.bases(relative, word) is None:
                return False
            stood = self.comparing.stood(relative, word, b"".join(read))
        except git.GitError:
            return False  # which is said where the file's rows are compared
        return stood is None or not stood.is_same

    def _rows_of(self, relative: str, stood: Stood) -> list[Row]:
        """What is found in a base text by the policy for the file that it has become. What cannot run there
        finds nothing there: what it finds in the file is new then."""
        data = stood.data or b""
        before = len(self.failures)
        opened = _Opened(io.BytesIO(data), len(data), stood.entry.mode)
        self._is_in_base = True
        try:
            report = self._check_opened(relative, relative, opened, lambda: iter([data]), None).report
            found = [] if report is None else [row for row, _ in report.rows]
        finally:
            self._is_in_base = False
        del self.failures[before:]
        return found

    def _begin(
        self,
        relative: str,
        first: bytes,
        mode: int | None,
        observer: Observer | None,
        size: int,
        language_id: str = "",
    ) -> beside.Begun | None:
        """Look at all of a file that begins so but its text."""
        executable = None if mode is None else beside.is_executable(mode)
        if executable:
            if self._trusts_modes is None:
                self._trusts_modes = beside.trusts_modes(self.root)
            executable = True if self._trusts_modes else None
        return beside.begin(
            self._activation,
            self._selection(relative),
            relative,
            size=size,
            executable=executable,
            first=first,
            binary=files.is_binary(first),
            language_id=language_id,
            told=None if observer is None else _told_to(observer),
        )

    def _question(self, relative: str, first: bytes, begun: beside.Begun | None) -> Question | None:
        """What is asked of a file that begins so; None where no answer is reused."""
        results = self._shared.results
        if results is None or files.is_binary(first) or self.excluded(relative) is not None:
            return None
        return results.question(
            relative,
            self._selection(relative),
            generated=self._is_generated(relative),
            beside="" if begun is None else begun.key,
            compares=self.comparing is not None and not self._is_in_base,
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
        answer = question.known(self.today)
        if answer is None:
            file.seek(len(first))
            return None
        report = Report(shown, self._judged_of_file(answer.rows, relative))
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
        while 0 < len(head_chunk) < len(_MARK) and (more := next(chunks, b"")):
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
        prepared, kind = self._prepare(relative, "", head, marked=marked)
        if kind.startswith(files.EXCLUDED):
            return Checked(None, Skipped(shown, kind))

        def read_again() -> Iterator[text.Block]:
            return text.blocks(again())

        plan, language = prepared.plan, prepared.language
        facts = _Facts(
            prepared.facts,
            lambda: engine.anywhere(plan, language, read_again()),
            lambda: self._differs(relative, again, question),
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
            told = None if observer is None else _told_to(observer)
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
        report = Report(shown, self._judged_of_file(ordered, relative, same))
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

        prepared, kind = self._prepare(relative, "", (), marked=False)
        if kind.startswith(files.EXCLUDED):
            return Checked(None, Skipped(shown, kind))
        selection, make = self._selection(relative), File if question is None else question.file
        failed: set[str] = set()
        broken = False

        def file(language: str, find: Callable[[], frozenset[str]]) -> File:
            return make(
                language,
                prepared.today,
                _Facts(frozenset(), find, lambda: self._differs(relative, again, question)),
            )

        def walked(walk: Walk) -> None:
            self._note(shown, walk, failed)
            failed.update(walk.failed)

        def rows() -> Iterator[Row]:
            nonlocal broken
            given = None
            if begun is not None:
                told = None if observer is None else _told_to(observer)
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
                self._fail(shown, "unreadable: it was changed while it was read")

        def keep(found: list[Row]) -> None:
            if question is not None and not failed and not broken:
                question.answer(found, kind, dated=False)

        same = again if question is None else None
        report = Report(shown, self._judged_of_file(_ordered(rows(), keep), relative, same))
        return Checked(report, Skipped(shown, kind) if kind else None)

    def _binary(self, relative: str, shown: str, begun: beside.Begun | None) -> Checked:
        """What is said of a binary file: what the rules found that look at such files too."""
        skipped = Skipped(shown, "binary")
        given = None if begun is None else begun.given(None, None, few=False)
        if given is None or self.excluded(relative) is not None:
            return Checked(None, skipped)
        rows = engine.check(
            self._activation.nothing(),
            File("plaintext", self.today),
            (),
            walked=lambda walk: self._note(shown, walk),
            given=given,
        )
        return Checked(Report(shown, self._judged_of_file(rows, relative)), skipped)

    def look_into(self, folder: str, names: Sequence[str], folders: Sequence[str]) -> None:
        """Let the rules about the workspace look at a folder, by absolute path, and the names of the files
        and the folders in it. What they find is told by `folder_reports`."""
        relative = "" if folder == self.root else self.relative(folder)
        selection = self._selection(f"{relative}/" if relative else "")
        found: Iterable[beside.FolderFound] = beside.in_folder(
            self._activation, selection, self.root, relative, names, folders, self._changed
        )
        found = islice(found, max(0, beside.MOST_FOUND - len(self._in_folders)))
        self._in_folders += found if self.comparing is None else self._scoped(relative, list(found))

    def _scoped(self, relative: str, found: list[beside.FolderFound]) -> list[beside.FolderFound]:
        """What was found in a folder, told apart by whether the same would have been found in the base."""
        if found and (first_seen := self._first_seen(f"{relative}/any" if relative else "any")) is not None:
            from auto_enforcer import seen

            told = [f"{one.rule} {one.finding.name} {one.message}" for one in found]
            own = first_seen.hashes("\n".join(told).encode())
            stood = seen.each(first_seen.stood(os.path.join(self.root, relative, ""), own) or b"")
            pairs = zip(found, seen.each(own), strict=True)
            return [one._replace(is_old=known in stood) for one, known in pairs]
        bases = self._bases(relative) if found else None
        if bases is None:
            return found
        prefix = self._inside(bases, relative)
        names, folders = bases.listing(prefix.rstrip("/"))
        of_root = self._inside(bases, "")
        before = beside.in_folder(
            self._activation,
            self._selection(f"{relative}/" if relative else ""),
            self.root,
            relative,
            names,
            folders,
            lambda: None,
            lambda name: bases.has(of_root + name),
        )
        old = [(one.rule, one.message, one.finding.name) for one in before]
        return [one._replace(is_old=(one.rule, one.message, one.finding.name) in old) for one in found]

    def _inside(self, bases: Bases, relative: str) -> str:
        """What goes before the paths of a folder's files, relative to the top of their work tree."""
        assert self.comparing is not None
        return self.comparing.inside(f"{relative}/" if relative else "")

    def _bases(self, relative: str) -> Bases | None:
        """What the files of a folder are compared with; None where that is nothing, or cannot be told, which
        is said of a file."""
        from auto_enforcer.git import GitError

        if self.comparing is None:
            return None
        inside = f"{relative}/any" if relative else "any"
        try:
            return self.comparing.bases(inside, self._resolver.policy(inside).base)
        except GitError:
            return None

    def _changed(self) -> Sequence[str] | None:
        """The paths relative to the root that differ from the base; None where there is none."""
        bases = self._bases("")
        if bases is None:
            return None

        def left_out(relative: str) -> bool:
            return self.excluded(relative) is not None

        prefix = self._inside(bases, "")
        walked = files.walk(self.root, self.root, left_out)
        present = (prefix + self.relative(one.path) for one in walked if isinstance(one, files.Found))
        return [path.removeprefix(prefix) for path in bases.changed(present) if path.startswith(prefix)]

    def folder_reports(self, shown: Callable[[str], str]) -> Iterator[Report]:
        """What was found in folders since this was last asked. `shown` gives an absolute path as reports show
        it."""
        found_in_folders, self._in_folders = self._in_folders, []
        covers: dict[str, tuple[Held, Cover]] = {}
        for found in found_in_folders:
            if found.failure:
                self._fail(found.folder or ".", f"`{found.rule}` could not run ({found.failure})")
                continue
            placed = self._placed(found)
            if placed is not None:
                path, row = placed
                if found.is_old:
                    row = row._replace(base=row.number)
                held = self._baseline
                old = held is not None and held.has(covers, path, row, self._lines_of(path, None))
                judged = self._judged([row], path, [old])
                yield Report(shown(os.path.join(self.root, *path.split("/"))), judged, beside=True)

    def _placed(self, found: beside.FolderFound) -> tuple[str, Row] | None:
        """Where a finding is told: at the beginning of the file that it is about, which may allow it, or
        where the policy set the option. None where the file's own policy has the rule off."""
        rule, finding = found.rule, found.finding
        mask = self.mask_of(())
        if not finding.name:
            selection = self._selection(f"{found.folder}/" if found.folder else "")
            place = selection.setting(rule).option_places.get(finding.option)
            if place is None:
                return None
            violation = Violation(rule, mask(found.message), place.column, place.end)
            return place.file, Row(place.line, violation)
        path = f"{found.folder}/{finding.name}" if found.folder else finding.name
        selection = self._selection(path)
        if rule not in selection.active():
            return None
        allowed = self._allowed(path, rule, selection.setting(rule).severity)
        return path, Row(0, Violation(rule, mask(found.message), 0, 0), allowed)

    def _allowed(self, relative: str, rule: str, severity: Severity) -> Suppression | None:
        """The suppression for a whole file that allows a rule."""
        try:
            with reading.open_regular(os.path.join(self.root, relative)) as file:
                data = reading.read_block(file, text.HEAD)
        except OSError:
            return None
        if b"enforcer:" not in data or files.is_binary(data):
            return None
        head = text.head(b"".join([block.data for block in text.blocks([data])]), HEAD_LINES)
        said = self._prepare(relative, "", head, marked=False)[0].file_suppressions
        heard = tuple([one for one, _ in said if one.reason or severity is not Severity.BLOCKED])
        return suppressions.covering(heard, rule, self.today)

    def open(
        self, path: str, language_id: str, content: str, version: int = 0, *, is_cell: bool = False
    ) -> Document:
        """Open a document, or take its text anew. `path` is absolute; of a cell it is the notebook's, which
        says nothing of the cell's language."""
        relative = self.relative(path)
        held: tuple[object, Prepared] | None = None

        def prepare(head: Sequence[str]) -> Prepared:
            nonlocal held
            deciding = self._reloads, tuple(head) if is_cell else _deciding(head)
            if held is None or held[0] != deciding:
                if is_cell:
                    held = deciding, self._prepare_cell(relative, language_id, head)
                    return held[1]
                marked = self._begins_marked(path)
                held = deciding, self._prepare(relative, language_id, head, marked=marked)[0]
            return held[1]

        language = known_language(language_of("" if is_cell else relative, "", language_id))
        read: Callable[[str], str] | None = None
        if is_cell and language == "python":
            from auto_enforcer.notebooks import line_of_code

            def read(line: str) -> str:
                return line_of_code(line) if held is None or held[1].language == "python" else line

        document = Document(path, language, content, prepare, version, read)
        if is_cell:
            self._cells.add(id(document))
        document.give(self._given(document))
        self._documents[id(document)] = document
        return document

    def saved(self, document: Document) -> bool:
        """Let the rules about files look at a document again, which was saved. True where what they find is
        other than what is told: then it is pending."""
        return document.give(self._given(document))

    def memory(self, document: Document, blob: str) -> Memory:
        """What was found in a base text, by its name in git, when a document was last compared with it."""

        def key() -> tuple[object, ...]:
            relative = self.relative(document.path)
            selection = self._selection(relative)
            decisive = relative, document.language, self._day, self._is_generated(relative)
            return blob, selection, *decisive, id(document) in self._cells

        def keep(rows: Sequence[Row]) -> None:
            if len(rows) <= MOST_HELD:
                while len(self._base_rows) >= MOST_BASES:
                    del self._base_rows[next(iter(self._base_rows))]
                self._base_rows[key()] = rows

        return Memory(lambda: self._base_rows.get(key()), keep)

    def given_in(self, document: Document, data: bytes) -> Given:
        """What the rules about files find in another text of a document's file."""
        if id(document) in self._cells or self.excluded(self.relative(document.path)) is not None:
            return Given(())
        return self._given_of(document, text.decode(data), data)

    def _given(self, document: Document) -> Given:
        """What the rules about files find in a document."""
        if id(document) in self._cells or self.excluded(self.relative(document.path)) is not None:
            return Given(())
        content = document.text()
        return self._given_of(document, content, content.encode())

    def _given_of(self, document: Document, content: str, data: bytes) -> Given:
        relative, head = self.relative(document.path), document.head
        is_binary = tuple(head) == BINARY
        begun = self._begin(relative, data, self._mode(relative), None, len(data), document.language)
        if begun is None:
            return Given(())
        kind = "" if is_binary else self._prepare(relative, document.language, head, marked=False)[1]
        readable = data if len(data) <= MOST_TEXT else None
        return begun.given(readable, content, few=bool(kind)) or Given(())

    def close(self, document: Document) -> None:
        """Forget a document; one that is not open is no error."""
        self._documents.pop(id(document), None)
        self._cells.discard(id(document))
        self._known_by.pop(id(document), None)

    def rows(self, document: Document, first: int = 0, end: int | None = None) -> list[tuple[Row, Verdict]]:
        """A document's rows on the lines [first, end) in line order, with their verdicts."""
        judged = self._by_baseline(document)
        if judged is not None:
            last = document.line_count if end is None else end
            return [(row, found) for row, found in judged if first <= row.number < last]
        return list(self._judged(document.rows(first, end), self.relative(document.path)))

    def foremost(self, document: Document, most: int) -> tuple[list[tuple[Row, Verdict]], int]:
        """A document's rows that are shown, in line order, and how many are left out: where there are more
        than `most` there is room for one less, so that this can be told. New ones go before historical ones,
        then blocked ones before warnings, then the first."""
        by_baseline = self._by_baseline(document)
        if by_baseline is not None:
            return foremost(by_baseline, most)
        policy = self._resolver.policy(self.relative(document.path))
        selection = policy.select(self.relative(document.path))
        judged: dict[tuple[str, bool], Verdict] = {}

        def rank(rule: str, is_old: bool) -> int | None:
            found = judged[rule, is_old] = self._verdict(
                rule, selection, self.shows_old or policy.historical, is_old=is_old
            )
            return None if found.shown is None else verdict.rank(found)

        rows, left_out = document.foremost(most, rank)
        return [(row, judged[row.violation.rule, row.base is not None]) for row in rows], left_out

    def counted(self, document: Document) -> Counter[tuple[str, str]]:
        """How many violations of a document are shown, by severity and scope; and how many new ones are only
        observed."""
        by_baseline = self._by_baseline(document)
        if by_baseline is not None:
            shown = [found for _, found in by_baseline if found.shown is not None]
            return Counter((one.severity.value, _scope_of(one).value) for one in shown)
        policy = self._resolver.policy(self.relative(document.path))
        selection = policy.select(self.relative(document.path))
        counts = Counter[tuple[str, str]]()
        for (rule, is_old), count in document.counts().items():
            found = self._verdict(rule, selection, self.shows_old or policy.historical, is_old=is_old)
            if found.shown is not None:
                counts[found.severity.value, found.scope.value] += count
            elif found.stage is Stage.OBSERVE and found.scope is Scope.NEW and not found.baselined:
                counts[Stage.OBSERVE.value, found.scope.value] += count
        return counts

    def _by_baseline(self, document: Document) -> list[tuple[Row, Verdict]] | None:
        """All rows of a document with their verdicts, where the baseline speaks of its file; else None. A
        cell is judged as if the notebook had no others."""
        relative, held = self.relative(document.path), self._baseline
        if held is None or relative not in held.baseline:
            return None
        from auto_enforcer.baseline_rows import Known

        rows, known = document.rows(), self._known_by.setdefault(id(document), Known())
        marks = held.in_document(relative, rows, document.line, known)
        policy = self._resolver.policy(relative)
        selection, historical = policy.select(relative), self.shows_old or policy.historical
        judged: list[tuple[Row, Verdict]] = []
        verdicts: dict[tuple[str, bool, bool, bool], Verdict] = {}
        for row, baselined in zip(rows, marks, strict=True):
            rule, is_old, suppressed = row.violation.rule, row.base is not None, row.suppression is not None
            key = rule, is_old, suppressed, baselined
            found = verdicts.get(key)
            if found is None:
                found = verdicts[key] = self._verdict(
                    rule, selection, historical, is_old=is_old, suppressed=suppressed, baselined=baselined
                )
            judged.append((row, found))
        return judged

    def reload(self) -> bool:
        """Look for changed configuration files, and whether the day is another. True where open documents
        must be looked at again: their plans are others now, and they are pending."""
        documents = tuple(self._documents.values())
        before = [(self._said_of(one.path), _MARK_FACT in one.facts) for one in documents]
        yesterday, self._day = self._day, self._clock()
        self._verdicts.clear()  # they keep the selections of policies that are gone
        self._resolver.refresh()
        self._attributes.forget()
        self._reloads += 1
        self._trusts_modes = None
        changed = self._find_baseline()
        for document, said in zip(documents, before, strict=True):
            path = document.path
            if self._day != yesterday or (self._said_of(path), self._begins_marked(path)) != said:
                document.give(self._given(document))
                document.prepare_anew()
                changed = True
        return changed

    def _said_of(self, path: str) -> tuple[object, ...]:
        """What policy and attributes say of a file. Selections are equal when they are the same."""
        relative = self.relative(path)
        policy = self._resolver.policy(relative)
        is_left_out = self.excluded(relative) is not None
        of_policy = policy.select(relative), policy.base, policy.historical
        return *of_policy, self._is_generated(relative), is_left_out

    def _begins_marked(self, path: str) -> bool:
        """Whether a file that is open begins with a byte order mark, if a rule wants to know: editors take it
        out of the text that they send."""
        if _MARK_RULE not in self._selection(self.relative(path)).active():
            return False
        try:
            with reading.open_regular(path) as file:
                return text.begins_marked(reading.read_block(file, len(_MARK)))
        except OSError:
            return False

    def _is_generated(self, relative: str) -> bool:
        """Whether the policy or `.gitattributes` calls a file generated."""
        policy = self._resolver.policy(relative)
        return policy.generated(relative) is not None or self._attributes.generated(relative)

    def _selection(self, relative: str) -> Selection:
        return self._resolver.policy(relative).select(relative)

    def _prepare(
        self, relative: str, language_id: str, head: Sequence[str], *, marked: bool
    ) -> tuple[Prepared, str]:
        """What a file's head decides, and the kind of file that few rules look at, or none, if it is one.
        `marked`: whether a byte order mark stands before it."""
        first_line = head[0] if head else ""
        language = known_language(language_of(relative, first_line, language_id))
        if tuple(head) == BINARY:
            return Prepared(self._activation.nothing(), language, self.today, frozenset(), ()), "binary"
        place = self.excluded(relative)
        if place is not None:
            kind = f"{files.EXCLUDED}: {place}"
            return Prepared(self._activation.nothing(), language, self.today, frozenset(), ()), kind
        comments = _comments(head[: files.HEAD_LINES], language) if files.may_be_generated(head) else ()
        kind = files.kind_of(relative, head, comments, language)
        if not kind and self._is_generated(relative):
            kind = "generated"
        plan: Plan = self._activation.plan(self._selection(relative), everywhere_only=bool(kind))
        today = self.today
        facts = frozenset(("shebang",)) if first_line.startswith("#!") else frozenset[str]()
        if marked:
            facts |= {_MARK_FACT}
        suppressed: tuple[tuple[Suppression, int], ...] = ()
        if any("enforcer:" in line for line in head):
            suppressed = engine.head_suppressions(head, language, File(language, today, facts), plan)
        return Prepared(plan, language, today, facts, suppressed), kind

    def _prepare_cell(self, relative: str, language_id: str, head: Sequence[str]) -> Prepared:
        """What is decided of a cell by its notebook's path and by its first lines."""
        from auto_enforcer import notebooks

        prepared, _ = self._prepare(relative, "", (), marked=False)
        language = known_language(notebooks.language_of_cell(head, language_of("", "", language_id)))
        if tuple(head) == BINARY:
            return Prepared(self._activation.nothing(), language, self.today, frozenset(), ())
        suppressed: tuple[tuple[Suppression, int], ...] = ()
        if any("enforcer:" in line for line in head):
            file = File(language, self.today)
            suppressed = engine.head_suppressions(head, language, file, prepared.plan)
        return prepared._replace(language=language, facts=frozenset(), file_suppressions=suppressed)

    def _judged(
        self, rows: Iterable[Row], relative: str, baselined: Iterable[bool] = repeat(False)
    ) -> Iterator[tuple[Row, Verdict]]:
        """The rows of a file with their verdicts. `baselined`: for each whether the baseline has it, told
        when the row has come."""
        policy = self._resolver.policy(relative)
        selection, flags = policy.select(relative), iter(baselined)
        historical = self.shows_old or policy.historical
        for row in rows:
            yield (
                row,
                self._verdict(
                    row.violation.rule,
                    selection,
                    historical,
                    is_old=row.base is not None,
                    suppressed=row.suppression is not None,
                    baselined=next(flags),
                ),
            )

    def _judged_of_file(
        self,
        rows: Iterable[Row],
        relative: str,
        again: Callable[[], Iterable[bytes]] | None = None,
    ) -> Iterator[tuple[Row, Verdict]]:
        """The rows of a file, each judged by the baseline too, which speaks of no base text. `again` gives
        its bytes, which else are read where they are asked for."""
        if self._is_in_base or self._baseline is None or relative not in self._baseline.baseline:
            yield from self._judged(rows, relative)
            return
        marked = self._baseline.marked(relative, rows, self._lines_of(relative, again))
        flags = deque[bool]()

        def plain() -> Iterator[Row]:
            for row, baselined in marked:
                flags.append(baselined)
                yield row

        yield from self._judged(plain(), relative, _popped(flags))

    def _lines_of(self, relative: str, again: Callable[[], Iterable[bytes]] | None) -> Callable[[int], str]:
        """Gives a file's lines in order, read when the first is asked for."""
        from auto_enforcer.baseline_rows import Ahead, chunks_of

        chunks = again or (lambda: chunks_of(os.path.join(self.root, relative)))
        return Ahead(chunk for _ in (0,) for chunk in chunks())

    def _verdict(
        self,
        rule: str,
        selection: Selection,
        historical: str,
        *,
        is_old: bool,
        suppressed: bool = False,
        baselined: bool = False,
    ) -> Verdict:
        key = (id(selection), rule, historical, is_old, suppressed, baselined)
        held = self._verdicts.get(key)
        if held is None:
            if len(self._verdicts) >= MOST_VERDICTS:
                self._verdicts.clear()
            setting = selection.setting(rule)
            judged = verdict.judge(
                setting.severity,
                Scope.HISTORICAL if is_old else Scope.NEW,
                setting.stage(self.today),
                suppressed=suppressed,
                baselined=baselined,
                historical=historical,
            )
            held = self._verdicts[key] = (selection, judged)
        return held[1]

    def _guarded(self, shown: str, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows, up to where the file can no longer be read."""
        try:
            yield from rows
        except OSError as error:
            self._fail(shown, f"unreadable: {error.strerror or error}")

    def _note(self, shown: str, walk: Walk, known: Container[str] = ()) -> None:
        """Note what a walk says of the rules; which could not run of those `known` is noted already."""
        for rule in sorted(rule for rule in walk.failed if rule not in known):
            self._fail(shown, f"`{rule}` could not run")
        for rule, (seconds, looks) in walk.timings.items():
            before = self.timings.get(rule, (0.0, 0))
            self.timings[rule] = before[0] + seconds, before[1] + looks

    def _fail(self, shown: str, reason: str) -> None:
        if len(self.failures) < MOST_FAILURES:
            self.failures.append(Failure(shown, reason))

    def _unreadable(self, shown: str, error: OSError) -> Checked:
        reason = f"unreadable: {error.strerror or error}"
        self._fail(shown, reason)
        return Checked(None, Skipped(shown, reason))


def _told_to(observer: Observer) -> FileObserver:
    """Lets the observer of looks hear what excuses silence of the findings about a file."""

    def told(look: FileLook, finding: Finding, excuse: str) -> None:
        number = finding.line or 0
        line = Line("", number, "plaintext", File("plaintext", date.min), lambda: ((0, int(Zone.TEXT)),))
        rule = Rule(look.id, look.severity, look.rule.message, zones=Zone.EVERYWHERE)
        candidate = Candidate(finding.start, finding.end)
        observer(Look(look.id, look.severity, look.options, None, lambda: rule), line, candidate, excuse, 0)

    return told


def _popped(flags: deque[bool]) -> Iterator[bool]:
    """What others put there, in order, without an end."""
    while True:
        yield flags.popleft()


class _Facts:
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


def scanners(cache: CacheDirectory | None = None) -> Callable[..., scanner.Scanner]:
    """Opens the scanners of the catalog's pattern sets, and of those that policies bring, compiled patterns
    kept in `cache`."""
    held = cache or CacheDirectory()

    def open_one(
        language: str | None, kind: str = catalog.COMMON, own: scanner.PatternSet | None = None
    ) -> scanner.Scanner:
        return scanner.open_scanner(own or catalog.pattern_set(language, kind)[0], held)

    return open_one


def foremost(rows: Iterable[tuple[Row, Verdict]], most: int) -> tuple[list[tuple[Row, Verdict]], int]:
    """What is shown of a file's rows, as a document chooses it, and how many are left out. Holds no more than
    `most` of each rank."""
    by_rank: dict[int, list[tuple[Row, Verdict]]] = {}
    ranks: dict[int, tuple[Verdict, list[tuple[Row, Verdict]]]] = {}
    total = 0
    for one in rows:
        found = one[1]
        if found.shown is None:
            continue
        total += 1
        of_rank = ranks.get(id(found))
        if of_rank is None:  # the verdict is kept, so that no other one can have its identity
            of_rank = ranks[id(found)] = found, by_rank.setdefault(verdict.rank(found), [])
        if len(of_rank[1]) < most:
            of_rank[1].append(one)
    room = total if total <= most else most - 1
    chosen: list[tuple[Row, Verdict]] = []
    for at in sorted(by_rank):
        chosen += by_rank[at][: room - len(chosen)]
    chosen.sort(key=lambda one: place(one[0]))
    return chosen, total - room


def _scope_of(found: Verdict) -> Scope:
    return Scope.HISTORICAL if found.baselined else found.scope


def _ordered(rows: Iterator[Row], keep: Callable[[list[Row]], None]) -> Iterator[Row]:
    """The rows by line and column, as far as few enough are there to be held, which are given to `keep`; else
    as they come, which is by line save for unused suppressions."""
    first = list(islice(rows, MOST_HELD))
    if len(first) < MOST_HELD:
        first.sort(key=lambda row: (row.number, row.violation.start, row.violation.end, row.violation.rule))
        keep(first)
    return chain(first, rows)


def _deciding(head: Sequence[str]) -> object:
    """What of a head decides on its file: where it is the same, `_prepare` says the same."""
    if tuple(head) == BINARY:
        return BINARY
    first_line = head[0] if head and head[0].startswith("#!") else ""
    is_long = max(map(len, head[: files.HEAD_LINES]), default=0) > files.LONGEST_READABLE
    speaks = files.may_be_generated(head) or "enforcer:" in "\n".join(head)
    return first_line, is_long, tuple(head) if speaks else ()


def _comments(head: Sequence[str], language: str) -> list[str]:
    """The head's lines with all but comments blanked."""
    found, state = [], lexer.start(language)
    for line in head:
        line = line[: text.PIECE]
        lexed = lexer.lex(line, state)
        state = lexed.state
        pieces = []
        for index, (start, zone) in enumerate(lexed.runs):
            end = lexed.runs[index + 1][0] if index + 1 < len(lexed.runs) else len(line)
            pieces.append(line[start:end] if zone == 2 else " " * (end - start))
        found.append("".join(pieces))
    return found
