"""What was found in files, kept from run to run: an answer is given again only where nothing that decides it
is another.

`Decisive` lists what decides. The text itself goes into the key by its digest, never by its time of change;
what it decides in its turn (a `#!` line, a marker of generated files) needs no mention. Paths are not kept,
so a file that was moved, or whose branch was left and taken up again, is found by its text. Verdicts are not
kept either: they are passed anew on what is found, so that a stage that begins today holds today.

Nothing is kept of a file that could not be read to its end, where a rule could not run, or with more rows
than `MOST_ROWS`; nor of standard input. What is kept is what reports say, in which secrets are masked.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from auto_enforcer import __version__
from auto_enforcer.files import is_notebook, kind_of
from auto_enforcer.hashing import Hasher, begin, digest
from auto_enforcer.keeping import path_for
from auto_enforcer.languages import language_of
from auto_enforcer.model import Cell, Edit, File, Fix, NamedTuple, Row, Suppression, Violation
from auto_enforcer.policy import Selection
from auto_enforcer.policy_values import Setting
from auto_enforcer.result_file import SUFFIX, Entry, ResultFile

MOST_ROWS = 2_048
"""Rows of a file whose answer is kept, at most."""

_MOST_BEGUN = 512

_WITHHELD = b"<withheld>"
"""What the mask puts in the place of words where a rule of secrets could not run."""

_ONLY_SHOWING = ("lsp", "render")
"""Folders of this package that decide nothing of what is found: nothing that does imports them."""


class Decisive(NamedTuple):
    """All that decides what is found in a file, beside its bytes and the day."""

    release: bytes
    """The rules, the languages and the engine are code, and another Python may match another way."""
    only: tuple[str, ...]
    """The rules that `--rule` names: no other one looks."""
    selection: bytes
    """Which rules are on for the path, how severe (a blocked one wants a reason to be allowed) and with which
    options. Whatever a policy says, and whichever override or kind of path brought it, comes down to this."""
    language: str
    """The language by the file's name: it decides which rules and zones there are."""
    kind: str
    """Whether the name is that of a lock file or a minified one, which few rules look at."""
    notebook: bool
    """Whether the name is that of a notebook: then it is checked cell by cell."""
    generated: bool
    """Whether the policy or `.gitattributes` calls the file generated; then, too, few rules look."""
    beside: str
    """What the rules about files found in path, size and mode: mostly nothing, so that a file that was moved
    is found again."""


# The day decides as well where somebody asked for it, which most files give no cause for. It stands beside
# the answer, not in the key: the answer of another day is then replaced, not kept. Where a rule asked whether
# the file is as its base has it, both answers have keys of their own; what the base holds decides no further.


class Answer(NamedTuple):
    """What was found in a file: its rows in order, and the kind of file that few rules look at, or ""."""

    rows: Iterable[Row]
    kind: str


class DatedFile(File):
    """A file that knows whether anyone asked for its day."""

    asked = False

    @property
    def today(self) -> date:
        """The day that dates are compared with."""
        self.asked = True
        day: date = self[1]
        return day


class Results:
    """The answers of earlier runs, and those of this one. Not for several threads.

    Without a file it finds nothing and gathers what this process answers, for another to keep.
    """

    __slots__ = ("_begun", "_file", "_gathered", "_only", "_selections", "release")

    def __init__(self, release: bytes, only: Iterable[str] = (), path: str = "") -> None:
        """`release` is that of `release()`, `only` names rules and families, `path` is where the answers
        are kept."""
        self.release = release
        self._only = tuple(sorted(set(only)))
        self._file = ResultFile(path, release) if path else None
        self._gathered: list[Entry] = []
        self._begun: dict[tuple[int, str, str, bool, bool, str], Hasher] = {}
        self._selections: dict[int, tuple[Selection, bytes]] = {}

    @property
    def problem(self) -> str:
        """Why the answers of this run cannot be kept; "" where nothing is wrong."""
        return self._file.problem if self._file is not None else ""

    @property
    def knows_any(self) -> bool:
        """Whether there are answers of earlier runs."""
        return self._file is not None and len(self._file) > 0

    def question(
        self,
        relative: str,
        selection: Selection,
        *,
        generated: bool,
        beside: str = "",
    ) -> Question:
        """What is to be found in a file, by its path relative to the workspace, whose text is still to be
        read. `beside` is what is found without it."""
        language, kind = language_of(relative), kind_of(relative, (), (), "")
        notebook = is_notebook(relative)
        key = id(selection), language, kind, notebook, generated, beside
        begun = self._begun.get(key)
        if begun is None:
            said = self._said_of(selection)
            decisive = Decisive(self.release, self._only, said, language, kind, notebook, generated, beside)
            if len(self._begun) >= _MOST_BEGUN:
                self._begun.clear()
            begun = self._begun[key] = begin(digest(begin(repr(decisive).encode())))
        return Question(self, begun)

    def may_know(self, size: int) -> bool:
        """False where no answer is for a text of so many bytes."""
        return self._file is not None and self._file.may_have(size)

    def known(self, key: bytes, today: date) -> Answer | None:
        """The answer under a key."""
        kept = self._file.get(key, today.toordinal()) if self._file is not None else None
        if kept is None:
            return None
        if not kept:
            return Answer((), "")
        kind, rows = marshal.loads(kept)
        return Answer(map(_row, rows), kind)

    def put(self, entry: Entry) -> None:
        """Keep an answer."""
        if self._file is not None:
            self._file.put(entry)
        else:
            self._gathered.append(entry)

    def gathered(self) -> list[Entry]:
        """The answers gathered since this was last asked."""
        gathered, self._gathered = self._gathered, []
        return gathered

    def save(self) -> None:
        """Keep the answers for later runs, and be done. What goes wrong is the `problem`."""
        if self._file is None:
            return
        if self._file.changed and release() == self.release:
            self._file.save()
        else:
            # Where the code was changed meanwhile, a part of it may have answered that is not of the release.
            self._file.close()

    def close(self) -> None:
        """Be done, and keep nothing new."""
        if self._file is not None:
            self._file.close()

    def _said_of(self, selection: Selection) -> bytes:
        held = self._selections.get(id(selection))
        if held is None:
            if len(self._selections) >= _MOST_BEGUN:
                # Other selections may come to have the ids that are let go.
                self._selections.clear()
                self._begun.clear()
            hasher = begin()
            active = selection.active()
            for rule in sorted(active):
                hasher.update(repr(said_of(rule, selection.setting(rule))).encode())
            # What a suppression names is known, or it is told of, whether or not such a rule is for the file.
            hasher.update(repr([own.id for own in selection.team]).encode())
            for own in selection.team:
                # What a policy's own rule finds is the policy's word, not the release's.
                if own.id in active and own.rule is not None:
                    hasher.update(repr((own.id, own.digest)).encode())
            held = self._selections[id(selection)] = selection, digest(hasher)
        return held[1]


class Question:
    """What is to be found in one file: all that decides it, of which the bytes become known as they are
    read."""

    __slots__ = ("_begun", "_differs", "_file", "_keys", "_readings", "_results", "_size")

    def __init__(self, results: Results, begun: Hasher) -> None:
        self._results = results
        self._begun = begun
        self._file: DatedFile | None = None
        self._keys: set[bytes] = set()
        self._readings = 0
        self._size = 0
        self._differs: set[bool] = set()

    def hangs_on_base(self, differs: bool) -> None:
        """A rule was told whether the file is known not to be as its base has it."""
        self._differs.add(differs)

    def reading(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks as they come: whoever checks them reads them here, so that the answer is kept for the
        very bytes that it was found in."""
        self._readings += 1
        hasher, size = self._begun.copy(), 0
        for chunk in chunks:
            hasher.update(chunk)
            size += len(chunk)
            yield chunk
        self._keys.add(digest(hasher))
        self._size = size
        self._readings -= 1

    def may_be_known(self, size: int) -> bool:
        """False where no answer is for a text of so many bytes."""
        return self._results.may_know(size)

    def file(self, language: str, today: date, anywhere: Container[str]) -> File:
        """The file as the rules are to see it, so that it becomes known whether the day matters. Of one that
        is checked cell by cell, each is asked for when the one before has been checked."""
        asked = self._file is not None and self._file.asked
        self._file = DatedFile(language, today, anywhere)
        self._file.asked = asked
        return self._file

    def known(self, today: date, differs: Callable[[], bool]) -> Answer | None:
        """The answer of an earlier run for what was read. `differs` tells, where that decides, whether the
        file is known not to be as its base has it."""
        key = self._key()
        if not key:
            return None
        found = self._results.known(key, today)
        if found is not None:
            return found
        same, other = (self._results.known(_apart(key, one), today) for one in (False, True))
        if same is None and other is None:
            return None
        return other if differs() else same

    def answer(self, rows: Sequence[Row], kind: str, *, dated: bool) -> None:
        """Keep what was found in what was read: for the file's day where it is `dated` or a rule asked for
        the day, else for all days."""
        key, file = self._key(), self._file
        if not key or file is None or len(rows) > MOST_ROWS:
            return
        if self._differs:
            if len(self._differs) > 1:
                return  # It was changed meanwhile.
            key = _apart(key, True in self._differs)
        day = file.today.toordinal() if file.asked or dated else 0
        answer = marshal.dumps((kind, [_plain(row) for row in rows])) if rows or kind else b""
        if _WITHHELD not in answer:
            self._results.put(Entry(key, self._size, day, answer))

    def _key(self) -> bytes:
        """The key of what was read; b"" where a reading has not come to its end, or two have read different
        bytes."""
        return next(iter(self._keys)) if len(self._keys) == 1 and not self._readings else b""


def _apart(key: bytes, differs: bool) -> bytes:
    """The key of an answer that holds where a file is known not to be as its base has it, or where not."""
    return digest(begin(key + (b"differs" if differs else b"apart")))


def said_of(rule: str, setting: Setting) -> tuple[object, ...]:
    """What a selection says of a rule that is on. Its stage is the verdict's matter."""
    return rule, setting.severity.value, sorted(setting.options.items())


def release() -> bytes:
    """What tells this code from any other: the digest of its sources and of the Python that runs it; b""
    where the sources cannot be read one by one.

    The version alone would not do: a checkout is changed and pulled without becoming another version.
    """
    hasher = begin(repr((__version__, sys.version, sys.implementation.cache_tag)).encode())
    top = os.path.dirname(os.path.abspath(__file__))
    try:
        names = sorted(_sources(top, ""))
        if not names:
            return b""
        for name in names:
            descriptor = os.open(os.path.join(top, name), os.O_RDONLY | getattr(os, "O_BINARY", 0))
            with open(descriptor, "rb", buffering=0) as file:
                source = file.read()
            hasher.update(f"{name} {len(source)}\n".encode())
            hasher.update(source)
    except OSError:
        return b""
    return digest(hasher)


def path_of(root: str) -> str:
    """The file for a workspace, by its absolute path; "" where the user has no place for it."""
    return path_for(root, SUFFIX)


def _sources(top: str, folder: str) -> Iterator[str]:
    """The Python files below a folder of the package, relative to the package."""
    with os.scandir(os.path.join(top, folder)) as entries:
        for entry in entries:
            name = f"{folder}{entry.name}"
            if entry.name.endswith(".py"):
                yield name
            elif entry.is_dir() and name not in _ONLY_SHOWING and entry.name != "__pycache__":
                yield from _sources(top, name + "/")


def _plain(row: Row) -> tuple[Any, ...]:
    """The row of values that can be written as they are."""
    number, violation, suppression, cell, _ = row
    rule, message, start, end, fixes = violation
    plain_fixes = tuple((fix.title, fix.safe, tuple(map(tuple, fix.edits))) for fix in fixes)
    allowed = None if suppression is None else _plain_suppression(suppression, rule)
    plain = number, rule, message, start, end, plain_fixes, allowed
    return plain if cell is None else (*plain, tuple(cell))


def _plain_suppression(suppression: Suppression, rule: str) -> tuple[Any, ...]:
    """Of its names those that are this rule's: others are words of the file, and may be anything."""
    rules, reason, until, start, end, whole_file, _ = suppression
    own = tuple(name for name in rules if name in (rule, rule.partition("/")[0]))
    return own, reason, None if until is None else until.toordinal(), start, end, whole_file


def _row(plain: tuple[Any, ...]) -> Row:
    number, rule, message, start, end, plain_fixes, suppression, *cells = plain
    fixes = plain_fixes and tuple(
        Fix(title, safe, tuple(Edit(*edit) for edit in edits)) for title, safe, edits in plain_fixes
    )
    if suppression is not None:
        own, reason, until, first, last, whole_file = suppression
        day = None if until is None else date.fromordinal(until)
        suppression = Suppression(own, reason, day, first, last, whole_file)
    violation = Violation(rule, message, start, end, fixes)
    return Row(number, violation, suppression, Cell(*cells[0]) if cells else None)
