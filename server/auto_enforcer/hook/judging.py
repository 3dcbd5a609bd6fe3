"""Judges what an agent writes: the text that a file will have against the one it has."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from auto_enforcer import files, reading, scope, text, weakened
from auto_enforcer.hook import edits
from auto_enforcer.hook.events import Call, Write
from auto_enforcer.model import NamedTuple, Row, Verdict
from auto_enforcer.session import Session
from auto_enforcer.weakened import Change
from auto_enforcer.workspaces import Workspaces

LARGEST_FILE = edits.LARGEST_TEXT
"""Bytes of a file that is edited; a larger one cannot be judged."""

_FAILED = "enforcer/rule-failed"


class Found(NamedTuple):
    """What is new in a file: its path as it is shown, the row, and whether it is blocked."""

    path: str
    row: Row
    is_blocked: bool


class Judged(NamedTuple):
    """What came of a call: what is new, and why some of it could not be judged."""

    found: tuple[Found, ...] = ()
    unjudged: tuple[str, ...] = ()


class _Text(NamedTuple):
    """A file as it is and as it will be; None: there is none. `path` is relative to the session's root."""

    session: Session
    path: str
    before: bytes | None
    after: bytes | None
    is_checked: bool
    """Whether `check` would come to it."""


def judged(workspaces: Workspaces, call: Call) -> Judged:
    """What is new in the files that a tool is about to write."""
    unjudged: list[str] = []
    texts = list(_texts(workspaces, call, unjudged))
    found: list[Found] = []
    by_session: dict[int, tuple[Session, list[_Text]]] = {}
    for one in texts:
        by_session.setdefault(id(one.session), (one.session, []))[1].append(one)
    for session, own in by_session.values():
        changes = [
            Change(one.path, _shown(one.before), _shown(one.after))
            for one in own
            if one.is_checked or weakened.holds_hooks(one.path)
        ]
        found += [Found(path, row, True) for path, row in weakened.found(session, changes)]
        for one in own:
            if one.after is not None and one.is_checked:
                found += new_in(session, one.path, one.before, one.after, unjudged)
        unjudged += _mistakes(session, own)
    return Judged(ordered(found), tuple(dict.fromkeys(unjudged)))


def ordered(found: Sequence[Found]) -> tuple[Found, ...]:
    """What is blocked first, then by path, line and column."""

    def key(one: Found) -> tuple[bool, str, int, int, str]:
        violation = one.row.violation
        return not one.is_blocked, one.path, one.row.number, violation.start, violation.rule

    return tuple(sorted(found, key=key))


def new_in(
    session: Session, path: str, before: bytes | None, after: bytes, unjudged: list[str]
) -> Iterator[Found]:
    """What is found in a text and was not in the one before it; what could not run is added to `unjudged`."""
    rows, failures = _rows(session, path, after)
    if not rows and not failures:
        return
    old, failed_before = ([], []) if before is None else _rows(session, path, before)
    unjudged += [failure for failure in failures if failure not in failed_before]
    base = scope.Base([] if before is None else _lines(before), [row for row, _ in old])
    marked = scope.marked(base, _lines(after), [row for row, _ in rows])
    for row, (_, verdict) in zip(marked, rows, strict=True):
        # What could not run is told as such, where it could before.
        if row.base is None and verdict.shown is not None and row.violation.rule != _FAILED:
            yield Found(path, row, verdict.gates)


def _rows(session: Session, path: str, data: bytes) -> tuple[list[tuple[Row, Verdict]], list[str]]:
    """A text's rows, and what could not run."""
    failed = len(session.failures)
    checked = session.check_chunks(path, [data], lambda: [data])
    rows = [] if checked.report is None else list(checked.report.rows)
    return rows, [f"{failure.path}: {failure.reason}" for failure in session.failures[failed:]]


def _shown(data: bytes | None) -> str | None:
    """A text as the engine has it: `\\n` line ends, no byte order mark."""
    if data is None:
        return None
    shown = data.decode(text.encoding_of(data), "replace").removeprefix("\ufeff")
    return shown.replace("\r\n", "\n").replace("\r", "\n")


def _lines(data: bytes) -> list[str]:
    return (_shown(data) or "").split("\n")


def _mistakes(session: Session, own: Sequence[_Text]) -> Iterator[str]:
    """What is wrong with the policy, save in the files that are being written: they are judged as they will
    be."""
    written = {one.path for one in own}
    for problem in session.problems():
        if problem.place.file not in written:
            yield f"the policy has a mistake at {problem.place}"


def _texts(workspaces: Workspaces, call: Call, unjudged: list[str]) -> Iterator[_Text]:
    """The files of the call, those outside of the workspace left out."""
    known: dict[str, bytes | None] = {}
    for write in call.writes:
        place = target(workspaces, call, write.path)
        if place is None:
            continue
        session, path = place
        absolute = os.path.join(session.root, path)
        try:
            before = known[absolute] if absolute in known else _read(absolute)
            source = before
            if write.from_path:
                moved = target(workspaces, call, write.from_path)
                source = None if moved is None else _read(os.path.join(moved[0].root, moved[1]))
            after = _after(path, source, write)
        except (edits.UnclearError, OSError) as error:
            reason = getattr(error, "strerror", "") or str(error)
            unjudged.append(f"{path}: {reason}")
            continue
        if after is None and not write.removed:
            continue  # The agent's own tool will refuse it.
        known[absolute] = after
        if write.cell is not None and before is not None:
            before = edits.rewritten(text.decode(before)).encode("utf-8", "replace")
        is_checked = not path.startswith("../") and not files.is_ignored(session.root, path)
        yield _Text(session, path, before, after, is_checked)


def _after(path: str, before: bytes | None, write: Write) -> bytes | None:
    """The bytes that a file will have; None where there will be none, or the edit does not fit."""
    if write.content is not None and write.line is None:
        return text.well_formed(write.content).encode()
    shown = None if before is None else _decoded(before)
    after = edits.applied(shown, write)
    return None if after is None else after.encode("utf-8", "surrogateescape" if shown else "replace")


def _decoded(data: bytes) -> str:
    encoding = text.encoding_of(data)
    errors = "surrogateescape" if encoding == "utf-8" else "replace"
    return data.decode(encoding, errors).removeprefix("\ufeff").replace("\r\n", "\n")


def _read(path: str) -> bytes | None:
    """A file's bytes; None where there is no file. Raises OSError, and UnclearError for one too large."""
    try:
        with reading.open_regular(path) as file:
            data = reading.read_block(file, LARGEST_FILE + 1)
    except FileNotFoundError:
        return None
    if len(data) > LARGEST_FILE:
        raise edits.UnclearError("the file is too large to be judged")
    return data


def target(workspaces: Workspaces, call: Call, path: str) -> tuple[Session, str] | None:
    """The session and the relative path of a file that an agent names; None where it lies outside of where
    the agent works. A link is followed where it leads into the workspace: what is written, is written there.
    Files with an agent's own settings are looked at wherever they are: their path then begins with `../`."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return None
    if not path or "\0" in path:
        return None
    folder = call.folder or os.getcwd()
    absolute = os.path.normpath(os.path.join(folder, path))
    for root in dict.fromkeys((folder, *call.roots)):
        session = workspaces.of_folder(os.path.normpath(root))
        for candidate in (os.path.realpath(absolute), absolute):
            for top in (session.root, os.path.realpath(session.root)):
                inner = os.path.relpath(candidate, top) if _same_drive(candidate, top) else ""
                if inner and inner != "." and not inner.startswith(".."):
                    # A repository inside of another has its own policy.
                    own = workspaces.of(os.path.join(session.root, inner))
                    return own, own.relative(os.path.join(session.root, inner))
    if weakened.holds_hooks(absolute.replace(os.sep, "/")):
        session = workspaces.of_folder(os.path.normpath(folder))
        if _same_drive(absolute, session.root):
            return session, os.path.relpath(absolute, session.root).replace(os.sep, "/")
    return None


def _same_drive(path: str, other: str) -> bool:
    return os.path.splitdrive(path)[0] == os.path.splitdrive(other)[0]
