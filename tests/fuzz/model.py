"""What must be true of the server: the texts as one string each, the folders, and what a fresh engine finds.

The model is told each message that the client sends, in order, and says what must have been published once
the server is quiet. It shares nothing with the server but the engine as `check` uses it and the reading of
policy files; it holds no state of the lexer, no records and no positions of earlier edits, save those of what
the rules about files said: they look when a document is opened or saved and when its policy changes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import unquote

from auto_enforcer import catalog, engine, files
from auto_enforcer.beside import Begun
from auto_enforcer.given import FileObserver, Found, Given
from auto_enforcer.languages import language_of
from auto_enforcer.lsp.positions import path_of
from auto_enforcer.model import File, Finding, Row, Scope, Severity, Stage, Verdict
from auto_enforcer.policy import FILE_NAMES, Policy, Resolver, load
from auto_enforcer.policy_values import InvalidPolicyError
from auto_enforcer.preparing import Preparing
from auto_enforcer.scanner import open_scanner
from auto_enforcer.session import Session, Shared, scanners
from auto_enforcer.text import blocks
from auto_enforcer.walk import Observer
from fuzz import texts
from fuzz.wire import Message
from reference import TODAY

Diagnostic = tuple[int, int, int, int, int, str, str]
"""Start and end line and character, severity, code and message."""

FAILED = "enforcer/check-failed"
MORE = "enforcer/more-violations"
INVALID = "enforcer/invalid-policy"

SEVERITIES = {"error": 1, "warning": 2, "information": 3}

METHOD_NOT_FOUND, INVALID_REQUEST, INVALID_PARAMS = -32601, -32600, -32602
NOT_INITIALIZED, CANCELLED = -32002, -32800

ABOUT = {
    "textDocument/hover": True,
    "textDocument/completion": True,
    "textDocument/documentLink": False,
    "textDocument/diagnostic": False,
}
"""Questions about a document, and whether they are about a position in it."""

LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n|$)")


class Opened:
    """A document that the client has open."""

    def __init__(self, uri: str, language: str, text: str, version: int | None) -> None:
        self.uri = uri
        self.path = real_path(uri)
        self.language = language
        self.version = version
        self.root = ""
        self.failed = False
        self.text = text
        self.kept: list[Found] = []
        """What the rules about files said when they last looked, where its lines are now."""
        self.policy: object = None
        """What decided when the policy was last asked."""
        self.expected: tuple[object, list[Diagnostic]] | None = None

    @property
    def text(self) -> str:
        """The whole text, well formed."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        self._text = well_formed(text)
        self._lines: list[str] | None = None
        self.expected = None

    @property
    def lines(self) -> list[str]:
        """The lines with their ends; the last has none."""
        if self._lines is None:
            lines = LINE.findall(self._text)
            if len(lines) > 1 and not lines[-2].endswith(("\r", "\n")):
                lines.pop()
            self._lines = lines
        return self._lines

    def offset(self, position: Mapping[str, Any], encoding: str) -> int:
        """Where a position of the client is in the text; past an end is that end."""
        number, character = position["line"], position["character"]
        lines = self.lines
        if number >= len(lines):
            return len(self._text)
        line = lines[number].rstrip("\r\n")
        return sum(map(len, lines[:number])) + code_points(line, character, encoding)

    def replace(self, text: str) -> None:
        """Another text altogether: of what was said only that about the file as such is left."""
        self.text = text
        self.kept = [(look, one) for look, one in self.kept if line_said(one) is None]

    def edit(self, first: int, last: int, text: str) -> None:
        """Put a text between two offsets. What was said of a line goes with it."""
        before, lines = self._text, self.lines
        self.text = before[:first] + well_formed(text) + before[last:]
        places = moved(lines, self.lines, line_at(lines, first), line_at(lines, last))
        kept, self.kept = self.kept, []
        for look, one in kept:
            if isinstance(one, Exception) or one.line is None:
                self.kept.append((look, one))
            elif one.line in places:
                self.kept.append((look, one._replace(line=places[one.line])))


class Known:
    """A session: the policies that were last good, by file, and the engine that checks anew."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.held: dict[str, Policy] = {}
        self.readings: dict[str, tuple[object, object]] = {}
        """By policy file: the times of all that it was read from, and what stands for the reading that last
        held; None for none."""
        self.problems: dict[str, list[Diagnostic]] = {}


class _Given(Resolver):
    """Gives the last good policy of a file that does not hold now."""

    __slots__ = ("held",)

    def policy(self, path: str) -> Policy:
        held: dict[str, Policy] = self.held
        return held.get(self.configuration_file(path)) or super().policy(path)


class _Begun(Begun):
    """Notes what the rules about files find, or says what they found earlier."""

    __slots__ = ("_asked", "_begun")

    def __init__(self, asked: _Engine, begun: Begun | None) -> None:
        self._asked = asked
        self._begun = begun
        self.key = ""

    def reads(self, *, few: bool) -> bool:
        return self._begun is not None and self._begun.reads(few=few)

    def given(
        self, data: bytes | None, content: str | None, *, few: bool, told: FileObserver | None = None
    ) -> Given | None:
        asked = self._asked
        if self._begun is None:
            return Given(asked.kept) if asked.kept else None
        given = self._begun.given(data, content, few=few, told=told)
        looks = {look.id: look for look in asked.file_looks()}
        for rule, error in {} if given is None else given._failed.items():
            asked.found.append((looks[rule], error))
        for line, at in () if given is None else ((None, given._pinned), *given._at.items()):
            for rule, candidates in at.items():
                asked.found += ((looks[rule], Finding(line, *one[:4])) for one in candidates)
        return given


class _Engine(Session):
    """Checks as `check` does, by a name that tells the client's word of the language. The rules about files
    are told the file's own path, and the word."""

    __slots__ = ("_again", "_path", "_word", "found", "kept")

    def __init__(self, root: str, *, today: date, shared: Shared) -> None:
        super().__init__(root, today=today, shared=shared)
        self._checks._preparing = _Preparing(self)

    def file_looks(self) -> Iterable[Any]:
        """The rules about files."""
        return self._activation.file_looks(self._policies.selection(self._path))

    def check_text(
        self, opened: Opened, kept: Sequence[Found] | None = None
    ) -> tuple[Iterable[tuple[Row, Verdict]], list[Found]]:
        """The rows of a document's bytes, and what the rules about files say of it. With `kept` they do not
        look: that is what they say."""
        self._path, self._word = relative(self.root, opened.path), opened.language
        self._again, self.kept, self.found = kept is None, kept or (), list[Found]()
        data = opened.text.encode()
        name = named(self._path, opened.language, opened.lines[0].rstrip("\r\n"))
        checked = self.check_chunks(name, [data], lambda: [data])
        if checked.skipped is not None and checked.skipped.reason == "binary" and kept:
            # No rule looks at its lines, nor is anything allowed on them; what was said is told where it is.
            rows = engine.check(
                self._activation.nothing(),
                File("plaintext", TODAY),
                blocks([data]),
                given=Given(kept),
            )
            return self._judging.judged_of_file(rows, name), list(kept)
        if checked.report is None:
            assert checked.skipped is not None
            reason = checked.skipped.reason
            assert reason == "binary" or reason.startswith(files.EXCLUDED), checked.skipped
            return (), []
        return checked.report.rows, self.found


class _Preparing(Preparing):
    """Begins as the engine is asked to."""

    __slots__ = ("_asked",)

    def __init__(self, asked: _Engine) -> None:
        super().__init__(asked._activation, asked._policies)
        self._asked = asked

    def begin(
        self,
        relative: str,
        first: bytes,
        mode: int | None,
        observer: Observer | None,
        size: int,
        language_id: str = "",
    ) -> Begun | None:
        asked = self._asked
        if not asked._again:
            return _Begun(asked, None)
        path = asked._path
        begun = super().begin(path, first, asked._checks.mode(path), observer, size, asked._word)
        return None if begun is None else _Begun(asked, begun)


class Model:
    """The client's side of the truth."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.encoding = "utf-16"
        self.most = 500
        self.begun = self.over = False
        self.watches = False
        self.folders: dict[str, str] = {}
        self.open: dict[str, Opened] = {}
        self.failed_opens: set[str] = set()
        self.sessions: dict[str, Known] = {}
        self.lowered: dict[str, set[int]] = {}
        self.written: dict[str, tuple[Opened, list[set[Diagnostic]]]] = {}
        """By path of a policy that is being written: the document, and what may be said to be wrong with it.
        Where another file or folder came just after an edit it may be read without it or with it."""
        self.asked: dict[str, list[set[int | None]]] = {}
        """Requests without an answer by JSON of their id, each with the error codes that it may have."""
        self.epoch = 0
        """Of the files on disk."""
        self.earlier = 0
        """How often what the rules about files said earlier was other than what they would say then."""
        self._versions: dict[str, int] = {}
        self._shared = _shared("")
        self._engines: dict[str, tuple[object, _Engine]] = {}

    def plain(self) -> None:
        """Find things with the scanner that does without the library from here on."""
        self._shared = _shared("plain")
        self._engines.clear()

    # -- What the client says

    def said(self, message: Message) -> None:
        """Take a message of a client that keeps to JSON-RPC, whatever is in its params."""
        method, params = message["method"], message.get("params")
        if "id" in message:
            self._requested(message["id"], method, params)
        elif method == "exit" or not self.begun or self.over or not isinstance(params, dict):
            return
        elif method == "$/cancelRequest":
            for codes in self.asked.get(key(params.get("id")), ()):
                codes.add(CANCELLED)
        elif method == "workspace/didChangeWorkspaceFolders":
            self._move(params)
        elif method.startswith("textDocument/did"):
            document = params.get("textDocument")
            uri = document.get("uri") if isinstance(document, dict) else None
            if not isinstance(uri, str):
                return
            if method == "textDocument/didOpen":
                self._open(uri, document)
            elif method == "textDocument/didChange":
                self._change(uri, document, params.get("contentChanges"))
            elif method == "textDocument/didSave" and uri in self.open:
                self.written.pop(self.open[uri].path, None)
                self._look(self.open[uri])
            elif method == "textDocument/didClose":
                self._close(uri)

    def _requested(self, number: Any, method: str, params: Any) -> None:
        codes: set[int | None]
        if self.over:
            codes = {INVALID_REQUEST}
        elif method == "initialize":
            codes = {INVALID_REQUEST} if self.begun else self._begin(params)
        elif not self.begun:
            codes = {NOT_INITIALIZED}
        elif method == "shutdown":
            codes, self.over = {None}, True
            for others in self.asked.values():
                for other in others:
                    other.add(CANCELLED)
        elif method == "workspace/executeCommand":
            codes = {INVALID_PARAMS}
        elif method == "textDocument/codeAction":
            codes = {None} if is_code_action(params) else {INVALID_PARAMS}
        elif method in ABOUT:
            sound = isinstance(params, dict) and isinstance(params.get("textDocument"), dict)
            sound = sound and isinstance(params["textDocument"].get("uri"), str)
            if ABOUT[method]:
                sound = sound and is_position(params.get("position"))
            codes = {None} if sound else {INVALID_PARAMS}
        else:
            codes = {METHOD_NOT_FOUND}
        self.asked.setdefault(key(number), []).append(codes)

    def _begin(self, params: Any) -> set[int | None]:
        if not isinstance(params, dict):
            return {INVALID_PARAMS}
        self.begun = True
        offered = params["capabilities"].get("general", {}).get("positionEncodings", ())
        self.encoding = next((one for one in ("utf-8", "utf-16", "utf-32") if one in offered), "utf-16")
        self.most = (params.get("initializationOptions") or {}).get("maximumDiagnostics", 500)
        self.watches = "didChangeWatchedFiles" in params["capabilities"].get("workspace", {})
        for folder in params.get("workspaceFolders") or ():
            self.folders[folder["uri"]] = real_path(folder["uri"])
        return {None}

    def _open(self, uri: str, document: Mapping[str, Any]) -> None:
        self._close(uri)
        if not isinstance(document.get("text"), str):
            self.failed_opens.add(uri)
            return
        language = document.get("languageId")
        opened = Opened(
            uri, language if isinstance(language, str) else "", document["text"], self._version(uri, document)
        )
        self.open[uri] = opened
        self._place(opened)

    def _version(self, uri: str, document: Mapping[str, Any]) -> int | None:
        version = document.get("version")
        if isinstance(version, bool) or not isinstance(version, int):
            return None
        if version < self._versions.get(uri, version):
            self.lowered.setdefault(uri, set()).add(version)
        self._versions[uri] = version
        return version

    def _change(self, uri: str, document: Mapping[str, Any], changes: Any) -> None:
        opened = self.open.get(uri)
        if opened is None:
            return
        opened.version = self._version(uri, document)
        if not is_changes(changes):
            opened.failed = True
            return
        for change in changes:
            span = change.get("range")
            if span is None:
                opened.replace(change["text"])
                continue
            first, last = (opened.offset(span[end], self.encoding) for end in ("start", "end"))
            opened.edit(first, max(first, last), change["text"])
        if not opened.failed and os.path.basename(opened.path) in FILE_NAMES:
            self.written[opened.path] = opened, [self._tried(opened)]

    def _close(self, uri: str) -> None:
        self.failed_opens.discard(uri)
        if (closed := self.open.pop(uri, None)) is not None:
            self.written.pop(closed.path, None)
            self._end_unused()

    def _move(self, params: Mapping[str, Any]) -> None:
        event = params.get("event")
        if not isinstance(event, dict):
            return
        for uri in uris_of(event.get("removed")):
            self.folders.pop(uri, None)
        for uri in uris_of(event.get("added")):
            self.folders[uri] = real_path(uri)
        for opened in list(self.open.values()):
            if self._owner(opened.path) != opened.root:
                self._place(opened)
        self._try_again()
        self._end_unused()

    # -- Sessions and policy

    def _owner(self, path: str) -> str:
        around = [
            root for root in self.folders.values() if path == root or path.startswith(root.rstrip("/") + "/")
        ]
        return max(around, key=len, default=path)

    def _place(self, opened: Opened) -> None:
        opened.root = root = self._owner(opened.path)
        session = self.sessions.get(root)
        if session is None:
            session = self.sessions[root] = Known(os.path.dirname(root) if root == opened.path else root)
        self._meet(session, opened.path)
        opened.policy = self._policy(session, opened)
        self._look(opened)

    def _look(self, opened: Opened) -> None:
        """The rules about files look at a document."""
        opened.kept = self._engine(self.sessions[opened.root]).check_text(opened)[1]
        opened.expected = None

    def _policy(self, session: Known, opened: Opened) -> object:
        """What policy and attributes say of a file: what is read again is other than it was."""
        fresh, path = self._engine(session), relative(session.root, opened.path)
        reading = session.readings.get(fresh.resolver.configuration_file(path), (None, None))[1]
        return reading, fresh._policies.is_generated(path), fresh.excluded(path) is not None

    def _end_unused(self) -> None:
        used = {*self.folders.values(), *(opened.root for opened in self.open.values())}
        for root in self.sessions.keys() - used:
            del self.sessions[root]

    def _meet(self, session: Known, path: str) -> None:
        path = relative(session.root, path)
        # Those above may leave out a folder that it lies in.
        for folder in (path[: slash.end()] for slash in re.finditer("/", path)):
            if self._met(session, folder).excluded(folder):
                break
        self._met(session, path)

    def _met(self, session: Known, path: str) -> Policy:
        file = Resolver(session.root, catalog.entries()).configuration_file(path)
        if file and file not in session.held:
            session.held[file] = self._shared.policy
            self._read(session, file)
        return session.held.get(file, self._shared.policy)

    def _read(self, session: Known, file: str) -> None:
        """Take a policy over if it holds, and what is wrong with it if not."""
        absolute = os.path.normpath(os.path.join(session.root, file))
        session.problems.pop(absolute, None)
        for other in [
            name for name in session.problems if session.problems[name] and name.startswith(absolute + "\0")
        ]:
            del session.problems[other]
        times, reading = session.readings.get(file, (None, None))
        try:
            policy = session.held[file] = load(session.root, file, catalog.entries())
            now = times_of(session.root, (file, *policy.files))
            session.readings[file] = now, reading if now == times else object()
        except InvalidPolicyError as invalid:
            session.readings[file] = times_of(session.root, (file, *invalid.files)), reading
            fresh = Session(session.root, today=TODAY, shared=self._shared)
            fresh.policy(absolute)
            for problem in fresh.problems():
                place = problem.place
                path = os.path.normpath(os.path.join(session.root, place.file))
                name = absolute if path == absolute else f"{absolute}\0{path}"
                line = line_of(path, place.line)
                start, end = units(line, place.column, self.encoding), units(line, place.end, self.encoding)
                found = (place.line, start, place.line, end, 1, INVALID, problem.message)
                session.problems.setdefault(name, []).append(found)

    def files_changed(self) -> None:
        """The files on disk are others, and every session was told so."""
        self._files_changed()
        self._try_again()

    def _files_changed(self) -> None:
        self.epoch += 1
        for root, session in self.sessions.items():
            for file in list(session.held):
                resolver = Resolver(session.root, catalog.entries())
                if resolver.configuration_file(file) == file:
                    self._read(session, file)
                else:
                    del session.held[file], session.readings[file]
                    absolute = os.path.normpath(os.path.join(session.root, file))
                    session.problems = {
                        name: found
                        for name, found in session.problems.items()
                        if name != absolute and not name.startswith(absolute + "\0")
                    }
            for opened in self.open.values():
                if opened.root == root:
                    self._meet(session, opened.path)
                    before, opened.policy = opened.policy, self._policy(session, opened)
                    if opened.policy != before:
                        self._look(opened)

    def _tried(self, opened: Opened) -> set[Diagnostic]:
        """What is wrong with a policy as a document holds it."""
        found = set()
        for problem in self._engine(self.sessions[opened.root]).tried(opened.path, opened.text):
            number, lines = problem.place.line, opened.lines
            line = lines[number].rstrip("\r\n") if number < len(lines) else ""
            start, end = (units(line, at, self.encoding) for at in (problem.place.column, problem.place.end))
            found.add((number, start, number, end, 1, INVALID, problem.message))
        return found

    def _try_again(self) -> None:
        for opened, found in self.written.values():
            found.append(self._tried(opened))

    def problems(self) -> dict[str, set[Diagnostic]]:
        """What is wrong with configuration files on disk, by path."""
        found: dict[str, set[Diagnostic]] = {}
        for session in self.sessions.values():
            for name, problems in session.problems.items():
                found.setdefault(name.rpartition("\0")[2], set()).update(problems)
        return found

    # -- What must have been published

    def expected(self, opened: Opened) -> list[Diagnostic]:
        """What a fresh engine finds in a document's bytes under the policy in force, together with what the
        rules about files last said of it, as it is to be shown."""
        session = self.sessions[opened.root]
        state = self.epoch, opened.root, id(session)
        if opened.expected is None or opened.expected[0] != state:
            opened.expected = state, list(self._checked(session, opened))
        return opened.expected[1]

    def _checked(self, session: Known, opened: Opened) -> Iterator[Diagnostic]:
        fresh = self._engine(session)
        found, said = fresh.check_text(opened)
        if comparable(said) != comparable(opened.kept):
            self.earlier += 1
            found, _ = fresh.check_text(opened, opened.kept)
        rows = [(row, verdict) for row, verdict in found if verdict.shown is not None]
        left_out = 0
        if len(rows) > self.most:
            ranked = sorted(rows, key=lambda pair: rank(pair[1]))
            left_out, rows = len(rows) - self.most + 1, ranked[: self.most - 1]
        lines = opened.lines
        for row, verdict in rows:
            line = lines[row.number].rstrip("\r\n") if row.number < len(lines) else ""
            yield diagnostic(row, verdict, line, self.encoding)
        if left_out:
            yield 0, 0, 0, 0, 3, MORE, str(left_out)

    def _engine(self, session: Known) -> _Engine:
        state = self.epoch, session, tuple(session.held.items())
        known = self._engines.get(session.root)
        if known is None or known[0] != state:
            fresh = _Engine(session.root, today=TODAY, shared=self._shared)
            given = _Given(session.root, catalog.entries(), default=self._shared.policy)
            given.held = session.held
            fresh._policies.resolver = given
            known = self._engines[session.root] = state, fresh
        return known[1]


@cache
def _shared(kind: str) -> Shared:
    """Scanners and plans, kept for all models of a run. Without a folder for caches scanners stay plain."""
    if kind == "plain":
        return Shared(lambda *names: open_scanner(catalog.pattern_set(*names)[0], None))
    return Shared(scanners())


def real_path(uri: str) -> str:
    """The absolute path behind a URI."""
    if uri.startswith("file:///"):
        return os.path.normpath(unquote(uri.removeprefix("file://")))
    return path_of(uri)


def relative(root: str, path: str) -> str:
    """A path relative to a root."""
    return os.path.relpath(path, root)


def named(name: str, language: str, first_line: str) -> str:
    """A path by which `check`, which is told no language, takes the file for what it is with the client's
    word."""
    known = language_of(name, first_line, language)
    return name if language_of(name, first_line) == known else texts.renamed(name, known)


def times_of(root: str, names: Iterable[str]) -> dict[str, int]:
    """When files were last changed, by name; those that are there."""
    paths = {name: os.path.join(root, name) for name in names}
    return {name: os.stat(path).st_mtime_ns for name, path in paths.items() if os.path.exists(path)}


def line_said(found: Finding | Exception) -> int | None:
    """The line that a finding is about; None for the file as such."""
    return None if isinstance(found, Exception) else found.line


def comparable(said: Iterable[Found]) -> list[str]:
    """What the rules about files said, in one order."""
    return sorted(f"{look.id} {look.severity} {one!r}" for look, one in said)


def line_at(lines: Sequence[str], offset: int) -> int:
    """The number of the line that an offset is in; one right behind a line end is in the next."""
    for number, line in enumerate(lines):
        if offset < len(line):
            return number
        offset -= len(line)
    return len(lines) - 1


def moved(before: Sequence[str], after: Sequence[str], first: int, last: int) -> dict[int, int]:
    """Where the lines are after an edit from line `first` to line `last`, by where they were; those that it
    edited are missing. At its borders a line that is what it was is not edited: the last one counts as pushed
    down, the first one, if there is another on both sides, as left where it is."""
    delta = len(after) - len(before)
    while first and before[first - 1] != after[first - 1]:
        first -= 1  # What came behind its `\r` is a `\n`.
    places = {number: number if number < first else number + delta for number in range(len(before))}
    edited = set(range(first, last + 1))
    if before[last] == after[last + delta]:
        edited.discard(last)
    if first < last and first < last + delta and before[first] == after[first]:
        edited.discard(first)
        places[first] = first
    return {number: place for number, place in places.items() if number not in edited}


def rank(verdict: Verdict) -> int:
    """New before old, blocked before warning."""
    return 2 * (verdict.scope is Scope.HISTORICAL) + (verdict.severity is Severity.WARNING)


def diagnostic(row: Row, verdict: Verdict, line: str, encoding: str) -> Diagnostic:
    """A row as it is to be shown."""
    violation = row.violation
    start, end = units(line, violation.start, encoding), units(line, violation.end, encoding)
    severity = SEVERITIES[verdict.shown or ""]
    held_back = verdict.severity is Severity.BLOCKED and verdict.stage is not Stage.BLOCK
    message = violation.message + (" (would be blocked at stage `block`)" if held_back else "")
    return row.number, start, row.number, end, severity, violation.rule, message


def units(line: str, column: int, encoding: str) -> int:
    """A column in code points in the client's units."""
    head = line[:column]
    if encoding == "utf-32":
        return len(head)
    return len(head.encode()) if encoding == "utf-8" else len(head.encode("utf-16-le")) // 2


def code_points(line: str, column: int, encoding: str) -> int:
    """A column in the client's units in code points; past the end is the end, within a letter its start."""
    if line.isascii():
        return min(column, len(line))
    at = 0
    for index, letter in enumerate(line):
        at += units(letter, 1, encoding)
        if at > column:
            return index
    return len(line)


def well_formed(text: str) -> str:
    """The text with each lone surrogate replaced."""
    if text.isascii():
        return text
    return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)


def line_of(path: str, number: int) -> str:
    """A line of a file."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return ""
    text = data.decode("utf-8", "replace")
    lines = re.split("\r\n|\r|\n", text)
    return lines[number] if number < len(lines) else ""


def is_changes(changes: Any) -> bool:
    """Whether these are content changes."""
    return isinstance(changes, list) and all(is_change(change) for change in changes)


def is_change(change: Any) -> bool:
    """Whether this is one content change."""
    if not isinstance(change, dict) or not isinstance(change.get("text"), str):
        return False
    return change.get("range") is None or is_range(change["range"])


def is_range(span: Any) -> bool:
    """Whether this is a range."""
    return isinstance(span, dict) and is_position(span.get("start")) and is_position(span.get("end"))


def is_position(position: Any) -> bool:
    """Whether this is a position."""
    return isinstance(position, dict) and all(
        isinstance(position.get(name), int) and position[name] >= 0 for name in ("line", "character")
    )


def is_code_action(params: Any) -> bool:
    """Whether these are params of a code action, as far as they are made wrong here."""
    return (
        isinstance(params, dict)
        and isinstance(params.get("textDocument"), dict)
        and isinstance(params["textDocument"].get("uri"), str)
        and is_range(params.get("range"))
        and isinstance(params.get("context"), dict)
        and isinstance(params["context"].get("diagnostics"), list)
    )


def uris_of(folders: Any) -> Iterable[str]:
    """The URIs of workspace folders."""
    if not isinstance(folders, list):
        return ()
    return [one["uri"] for one in folders if isinstance(one, dict) and isinstance(one.get("uri"), str)]


def key(number: Any) -> str:
    """An id as a key: 1 and "1" are two."""
    return repr(number)
