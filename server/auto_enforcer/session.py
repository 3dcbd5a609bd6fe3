"""The session: the one mutable owner of what is known of a workspace folder."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from auto_enforcer import __version__, catalog, files, scanner, text
from auto_enforcer.activation import Activation, OpenScanner, known_language
from auto_enforcer.concealing import Concealing
from auto_enforcer.document import Document, Memory, Prepared
from auto_enforcer.failures import Failures
from auto_enforcer.file_checks import MOST_HELD, Checked, FileChecks
from auto_enforcer.given import Given
from auto_enforcer.judging import Judging
from auto_enforcer.languages import language_of
from auto_enforcer.lines import BINARY
from auto_enforcer.model import MOST_TEXT, Report, Row, Verdict
from auto_enforcer.pattern_cache import CacheDirectory
from auto_enforcer.policies import Policies
from auto_enforcer.policy import Policy, Resolver
from auto_enforcer.policy_values import DEFAULT_CONTENT, InvalidPolicyError, Place, Problem
from auto_enforcer.preparing import MARK_FACT, Preparing, begins_marked, deciding
from auto_enforcer.walk import Observer

if TYPE_CHECKING:
    from auto_enforcer.against_base import AgainstBase
    from auto_enforcer.baseline_rows import Applied
    from auto_enforcer.comparing import Comparing
    from auto_enforcer.folder_checks import FolderChecks
    from auto_enforcer.policy_values import Allowance
    from auto_enforcer.results import Results

MOST_BASES = 64
"""Base texts of documents of which is remembered what was found in them."""


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
    """What is known of one workspace folder: policies, active modules, open documents, what could not run.

    It owns the parts that decide (`Policies`, `Preparing`), check (`FileChecks`, `FolderChecks`), compare
    (`AgainstBase`) and judge (`Judging`), and the documents.
    """

    __slots__ = (
        "_activation",
        "_against",
        "_base_rows",
        "_checks",
        "_clock",
        "_concealing",
        "_documents",
        "_folders",
        "_judging",
        "_policies",
        "_preparing",
        "_reloads",
        "_said",
        "_shared",
        "failures",
        "root",
        "started_at",
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
        self._shared = shared = shared or Shared(open_scanner or scanners(), only, log)
        self._activation = activation = shared.activation
        self.failures = Failures()
        """What could not run, until somebody takes it over."""
        resolver = Resolver(root, catalog.entries(), default=shared.policy)
        self._policies = policies = Policies(root, resolver, self._clock())
        self._preparing = preparing = Preparing(activation, policies)
        self._concealing = Concealing(activation, policies)
        self._judging = judging = Judging(policies, self._concealing.lookout, activation.asked_for)
        self._checks = FileChecks(
            policies, preparing, judging, activation, self.failures, lambda: shared.results, meter
        )
        self._folders: FolderChecks | None = None
        self._against: AgainstBase | None = None
        self._reloads = 0
        self._said: dict[str, tuple[object, ...]] = {}
        """How often `reload` was called: what was decided before may be decided otherwise since."""
        self._documents: dict[int, Document] = {}
        self._base_rows: dict[tuple[object, ...], Sequence[Row]] = {}

    @property
    def today(self) -> date:
        """The day that dates are compared with: that of the beginning, or of the last `reload`."""
        return self._policies.today

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
        return self._policies.resolver

    @property
    def timings(self) -> dict[str, tuple[float, int]]:
        """By rule: the seconds that its looks at files took, and their number, where there is a meter."""
        return self._checks.timings

    @property
    def comparing(self) -> Comparing | None:
        """Where it is asked what is new, what files are compared with."""
        return None if self._against is None else self._against.comparing

    @property
    def baseline(self) -> Applied | None:
        """The baseline of the workspace; None where it has none."""
        return self._judging.baseline

    @property
    def shows_old(self) -> str:
        """How old violations are shown, where somebody looks at them who wants them shown otherwise than the
        policy says: "lower", "same", "off"; "" as it says."""
        return self._judging.shows_old

    @shows_old.setter
    def shows_old(self, how: str) -> None:
        self._judging.shows_old = how

    def empty_baseline(self) -> Applied:
        """What is to become the baseline of the workspace, read anew where there is one."""
        return self._judging.empty_baseline()

    def take_baseline(self, data: bytes) -> None:
        """Go by a baseline with this content, whatever is on the disk."""
        self._judging.take_baseline(data)

    def problems(self, *, with_consequences: bool = False) -> Iterator[Problem]:
        """What is wrong with the configuration files that were met, and with the baseline; secrets in them
        are not repeated. With their consequences the last of a file's says what holds in spite of them."""
        for mistake in () if self._judging.baseline is None else self._judging.baseline.mistakes():
            yield Problem(Place(files.BASELINE, mistake.line, 0, mistake.length), mistake.message)
        consequences = self.resolver.consequences() if with_consequences else {}
        masks: dict[str, Callable[[str], str]] = {}
        for problem in self.resolver.problems():
            place = problem.place
            mask = masks.get(place.file)
            if mask is None:
                given = self.resolver.given
                data = None if given is None else given(place.file)
                further = "" if data is None else data.decode("utf-8", "replace")
                mask = masks[place.file] = self.mask_of((place.file,), further)
            masked = place._replace(key=mask(place.key))
            follows = f" ({consequences[problem]})" if problem in consequences else ""
            yield Problem(masked, mask(problem.message) + follows)

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
        return self._concealing.mask_of(files, further)

    def policy(self, path: str) -> Policy:
        """The policy of a file, by absolute path."""
        return self._policies.of(self.relative(path))

    def relative(self, path: str) -> str:
        """A path relative to the root, with forward slashes; one outside the root keeps its `..`."""
        return self._policies.relative(path)

    def excluded(self, relative: str) -> Place | None:
        """Where a policy leaves out a path relative to the root, or a folder that it lies in; None where none
        does. A folder's path ends in `/`."""
        return self._policies.excluded(relative)

    def lost(self, table: Allowance) -> str:
        """Why an `[[allow]]` table takes out nothing wherever one looks; "" where its file is checked by
        it."""
        from auto_enforcer.allowing import lost

        return lost(table, self._policies)

    def check_file(self, path: str, shown: str = "", *, observer: Observer | None = None) -> Checked:
        """Check a file of the disk, by absolute path. `shown` is its path in the report."""
        return self._checks.check_file(path, shown, observer=observer)

    def recall(self, path: str, shown: str = "") -> Checked | None:
        """What `check_file` would say of a file, where an earlier run has found it; None where it must be
        checked."""
        return self._checks.recall(path, shown)

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
        return self._checks.check_chunks(relative, chunks, again, shown=shown, observer=observer, mode=mode)

    def compare(self, word: str = "", *, guesses_old: bool = False) -> None:
        """From now on `compared` tells what stood in the base. `word` says what all files are compared with,
        "auto" or a revision; "" leaves it to their policies. `guesses_old`: what cannot be compared counts
        as old, as an editor shows it; else as new, as a gate has it."""
        from auto_enforcer.against_base import AgainstBase

        self._against = against = AgainstBase(
            self._policies, self._judging, self._checks, self.failures, word, guesses_old=guesses_old
        )
        self._checks.differs = against.differs

    def compare_no_more(self) -> None:
        """From now on nothing is old; what told it is closed."""
        if self._against is not None:
            self._against.comparing.close()
        self._against = self._checks.differs = None

    def compared(self, path: str, report: Report, data: bytes | None = None) -> Report:
        """A file's report, where old rows are told from new ones. `path` is absolute; `data` is the text
        where it is not that of the disk. What cannot be compared is a failure."""
        return report if self._against is None else self._against.compared(path, report, data)

    def look_into(self, folder: str, names: Sequence[str], folders: Sequence[str]) -> None:
        """Let the rules about the workspace look at a folder, by absolute path, and the names of the files
        and the folders in it. What they find is told by `folder_reports`."""
        if self._folders is None:
            from auto_enforcer.folder_checks import FolderChecks

            self._folders = FolderChecks(
                self._policies,
                self._preparing,
                self._judging,
                self._activation,
                self._concealing,
                self.failures,
                lambda: self._against,
            )
        self._folders.look_into(folder, names, folders)

    def folder_reports(self, shown: Callable[[str], str]) -> Iterator[Report]:
        """What was found in folders since this was last asked. `shown` gives an absolute path as reports show
        it."""
        return iter(()) if self._folders is None else self._folders.reports(shown)

    def open(
        self, path: str, language_id: str, content: str, version: int = 0, *, is_cell: bool = False
    ) -> Document:
        """Open a document, or take its text anew. `path` is absolute; of a cell it is the notebook's, which
        says nothing of the cell's language."""
        relative = self._policies.relative(path)
        held: tuple[object, Prepared] | None = None

        def prepare(head: Sequence[str]) -> Prepared:
            nonlocal held
            decisive = self._reloads, tuple(head) if is_cell else deciding(head)
            if held is None or held[0] != decisive:
                if is_cell:
                    held = decisive, self._preparing.prepare_cell(relative, language_id, head)
                    return held[1]
                marked = self._preparing.begins_marked(path)
                held = decisive, self._preparing.prepare(relative, language_id, head, marked=marked)[0]
            return held[1]

        language = known_language(language_of("" if is_cell else relative, "", language_id))
        read: Callable[[str], str] | None = None
        if is_cell and language == "python":
            from auto_enforcer.notebooks import line_of_code

            def read(line: str) -> str:
                return line_of_code(line) if held is None or held[1].language == "python" else line

        whole = None
        if files.is_notebook(relative) and not is_cell:
            from auto_enforcer.open_notebooks import OpenNotebook

            whole = OpenNotebook(
                relative,
                self._policies,
                self._preparing,
                self._activation,
                lambda content, head: self._given_of(path, language, content, content.encode(), head),
                lambda: begins_marked(path),
            )
        document = Document(path, language, content, prepare, version, read, whole)
        document.is_part = is_cell
        self._ask_files(document)
        self._documents[id(document)] = document
        return document

    def saved(self, document: Document) -> bool:
        """Let the rules about files look at a document again, which was saved. True where what they find is
        other than what is told: then it is pending."""
        return self._ask_files(document)

    def memory(self, document: Document, blob: str) -> Memory:
        """What was found in a base text, by its name in git, when a document was last compared with it."""

        def key() -> tuple[object, ...]:
            relative = self._policies.relative(document.path)
            selection = self._policies.selection(relative)
            decisive = (
                relative,
                document.language,
                self._policies.today,
                self._policies.is_generated(relative),
            )
            return blob, selection, *decisive, document.is_part

        def keep(rows: Sequence[Row]) -> None:
            if len(rows) <= MOST_HELD:
                while len(self._base_rows) >= MOST_BASES:
                    del self._base_rows[next(iter(self._base_rows))]
                self._base_rows[key()] = rows

        return Memory(lambda: self._base_rows.get(key()), keep)

    def given_in(self, document: Document, data: bytes) -> Given:
        """What the rules about files find in another text of a document's file."""
        if document.is_part:
            return Given(())
        return self._given_of(document.path, document.language, text.decode(data), data, document.head)

    def close(self, document: Document) -> None:
        """Forget a document; one that is not open is no error."""
        self._documents.pop(id(document), None)
        self._judging.forget(document)

    def known_by(self, document: Document, row: Row) -> str:
        """What an `[[allow]]` table of the policy may know a violation of a document by; "" where that cannot
        be told."""
        return self._judging.known_by(self._policies.relative(document.path), row, document.line)

    def table_of(self, path: str, row: Row) -> tuple[str, str]:
        """The configuration file and the `[[allow]]` table in it that would allow a violation of a file, by
        absolute path, once it says why; the table is "" where that cannot be told."""
        from auto_enforcer.policy_allowances import placed, written

        relative = self._policies.relative(path)
        file, prefix, inside = placed(self._policies.of(relative).file, relative)
        known_by = self._judging.known_by(relative, row)
        return file, written(row.violation.rule, inside, known_by, prefix) if known_by else ""

    def rows(self, document: Document, first: int = 0, end: int | None = None) -> list[tuple[Row, Verdict]]:
        """A document's rows on the lines [first, end) in line order, with their verdicts."""
        return self._judging.rows(document, first, end)

    def foremost(self, document: Document, most: int) -> tuple[list[tuple[Row, Verdict]], int]:
        """A document's rows that are shown, in line order, and how many are left out: where there are more
        than `most` there is room for one less, so that this can be told. New ones go before historical ones,
        then blocked ones before warnings, then the first."""
        return self._judging.foremost(document, most)

    def counted(self, document: Document) -> Counter[tuple[str, str]]:
        """How many violations of a document are shown, by severity and scope; and how many new ones are only
        observed."""
        return self._judging.counted(document)

    def reload(self) -> bool:
        """Look for changed configuration files, and whether the day is another. True where open documents
        must be looked at again: their plans are others now, and they are pending."""
        documents = tuple(self._documents.values())
        paths = {one.path for one in documents}  # a notebook's cells are many
        # What was said when all was looked at last still holds: only what is open since is to be asked for.
        before = {path: self._said.get(path) or self._said_of(path) for path in paths}
        yesterday, today = self.today, self._clock()
        self._policies.refresh(today)
        self._preparing.forget()
        self._reloads += 1
        changed = self._judging.refresh()
        self._said = {path: self._said_of(path) for path in paths}
        others = {path for path in paths if today != yesterday or self._said[path] != before[path]}
        marked = {path for path in paths if self._preparing.begins_marked(path)}
        for document in documents:
            is_marked = document.path in marked and not document.is_part
            if document.path in others or (MARK_FACT in document.facts) != is_marked:
                self._ask_files(document)
                document.prepare_anew()
                changed = True
        return changed

    def _said_of(self, path: str) -> tuple[object, ...]:
        """What policy and attributes say of a file. Selections are equal when they are the same."""
        relative = self._policies.relative(path)
        policy = self._policies.of(relative)
        is_left_out = self._policies.excluded(relative) is not None
        of_policy = policy.select(relative), policy.base, policy.historical
        return *of_policy, self._policies.is_generated(relative), is_left_out

    def _ask_files(self, document: Document) -> bool:
        """Let the rules about files look at a document as it is now. True where it is pending for that."""
        if document.look_anew():
            return True
        if document.is_part:
            return False
        content = document.text()
        given = self._given_of(document.path, document.language, content, content.encode(), document.head)
        return document.give(given)

    def _given_of(self, path: str, language: str, content: str, data: bytes, head: Sequence[str]) -> Given:
        """What the rules about files find in a text of a file that begins so."""
        relative = self._policies.relative(path)
        if self._policies.excluded(relative) is not None:
            return Given(())
        is_binary = tuple(head) == BINARY
        begun = self._preparing.begin(relative, data, self._checks.mode(relative), None, len(data), language)
        if begun is None:
            return Given(())
        kind = "" if is_binary else self._preparing.prepare(relative, language, head, marked=False)[1]
        readable = data if len(data) <= MOST_TEXT else None
        return begun.given(readable, content, few=bool(kind)) or Given(())


def scanners(cache: CacheDirectory | None = None) -> Callable[..., scanner.Scanner]:
    """Opens the scanners of the catalog's pattern sets, and of those that policies bring, compiled patterns
    kept in `cache`."""
    held = cache or CacheDirectory()

    def open_one(
        language: str | None, kind: str = catalog.COMMON, own: scanner.PatternSet | None = None
    ) -> scanner.Scanner:
        return scanner.open_scanner(own or catalog.pattern_set(language, kind)[0], held)

    return open_one
