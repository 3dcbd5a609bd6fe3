"""Judges what an agent writes: the text that a file will have against the one it has."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from auto_enforcer import bases, changes, files, git, reading, scope, text, weakened
from auto_enforcer.comparing import Comparing
from auto_enforcer.git import GitError
from auto_enforcer.hook import edits
from auto_enforcer.hook.events import Call, Event, Write
from auto_enforcer.model import NamedTuple, Row, Verdict
from auto_enforcer.render.items import is_historical
from auto_enforcer.session import Session
from auto_enforcer.weakened_change import Change
from auto_enforcer.weakened_hooks import holds_hooks
from auto_enforcer.workspaces import Workspaces

LARGEST_FILE = edits.LARGEST_TEXT
"""Bytes of a file that is edited; a larger one cannot be judged."""

_FAILED = "enforcer/rule-failed"
_HEAD = "HEAD"
_ANY = "enforcer.toml"
"""A path that stands for the workspace as such."""


class Found(NamedTuple):
    """What is new in a file: its path as it is shown, the row, and whether it is blocked."""

    path: str
    row: Row
    is_blocked: bool


class Judged(NamedTuple):
    """What came of a call: what is new, and why some of it could not be judged."""

    found: tuple[Found, ...] = ()
    unjudged: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What a person should know, and nobody can mend."""


class _Text(NamedTuple):
    """A file as it is and as it will be; None: there is none. `path` is relative to the session's root."""

    session: Session
    path: str
    before: bytes | None
    after: bytes | None
    is_checked: bool
    """Whether `check` would come to it."""


def judged(workspaces: Workspaces, call: Call) -> Judged:
    """What is new: in the files that a tool is about to write, in those that it wrote, or in all of them."""
    judge = {Event.BEFORE: _before, Event.AFTER: _after_write}.get(call.event, _at_stop)
    try:
        return judge(workspaces, call)
    finally:
        for session in workspaces.sessions():
            if session.comparing is not None:
                session.comparing.close()


def _before(workspaces: Workspaces, call: Call) -> Judged:
    """What the files will have that they have not now."""
    unjudged: list[str] = []
    texts = list(_texts(workspaces, call, unjudged))
    found: list[Found] = []
    by_session: dict[int, tuple[Session, list[_Text]]] = {}
    for one in texts:
        by_session.setdefault(id(one.session), (one.session, []))[1].append(one)
    for session, own in by_session.values():
        changed = [
            Change(one.path, changes.shown(one.before), changes.shown(one.after))
            for one in own
            if one.is_checked or holds_hooks(one.path)
        ]
        found += [Found(path, row, True) for path, row in weakened.found(session, changed)]
        for one in own:
            if one.after is not None and one.is_checked:
                found += new_in(session, one.path, one.before, one.after, unjudged)
        unjudged += _mistakes(session, own)
    return Judged(ordered(found), tuple(dict.fromkeys(unjudged)))


def _after_write(workspaces: Workspaces, call: Call) -> Judged:
    """What the files that were written have and their base has not."""
    unjudged: list[str] = []
    found: list[Found] = []
    for write in call.writes:
        place = None if write.removed else target(workspaces, call, write.path)
        if place is None or place[1].startswith("../") or files.is_ignored(place[0].root, place[1]):
            continue
        session, path = place
        if os.path.lexists(os.path.join(session.root, path)):
            found += _against_base(session, path, unjudged)
    return Judged(ordered(found), tuple(dict.fromkeys(unjudged)))


def _at_stop(workspaces: Workspaces, call: Call) -> Judged:
    """What all files have that differ from their base, whoever wrote them; and what of them is weaker than
    what is committed, for that somebody has decided."""
    unjudged: list[str] = []
    notes: list[str] = []
    found: list[Found] = []
    roots = dict.fromkeys(
        workspaces.of_folder(os.path.normpath(one)).root for one in (call.folder, *call.roots)
    )
    for root in roots:
        session = workspaces.of_folder(root)
        if not git.top_of(root):
            notes.append(f"what a shell wrote is not judged: `{root}` is in no git repository")
            continue
        try:
            own = _comparing(session).bases(_ANY, session.resolver.policy(_ANY).base)
            differing = list(_differing(session))
            for path in differing:
                found += _against_base(session, path, unjudged)
            if own is not None and own.commit().id:
                paths = differing if own.commit().is_own else _walked(session)
                found += _weaker_than_committed(session, paths)
        except GitError as error:
            unjudged.append(f"{root}: {error}")
        unjudged += _mistakes(session, ())
    if len(notes) < len(roots):
        notes.clear()  # The agent worked elsewhere for a while; its project was judged.
    return Judged(ordered(found), tuple(dict.fromkeys(unjudged)), tuple(notes))


def _walked(session: Session) -> Iterator[str]:
    """The files that `check` would come to, by relative path."""
    resolver = session.resolver

    def excluded(relative: str) -> bool:
        return resolver.policy(relative).excluded(relative) is not None

    for one in files.walk(session.root, session.root, excluded):
        if isinstance(one, files.Found):
            yield session.relative(one.path)


def _differing(session: Session) -> Iterator[str]:
    """The files that are not as their base has them, or that cannot be compared: that is told when they
    are."""
    comparing = _comparing(session)
    for path in _walked(session):
        if not _is_same(session, comparing, path, session.resolver.policy(path).base):
            yield path


def _is_same(session: Session, comparing: Comparing, path: str, word: str) -> bool:
    data, own_id = changes.held(session, path)
    try:
        stood = comparing.stood(path, word, data, own_id)
    except GitError:
        return False
    return stood is not None and stood.is_same


def _comparing(session: Session) -> Comparing:
    if session.comparing is None:
        # An editor's session knows what it saw first; here it is what is committed.
        session.compare(_HEAD if session.resolver.policy(_ANY).base == bases.SESSION else "")
    assert session.comparing is not None
    return session.comparing


def _against_base(session: Session, path: str, unjudged: list[str]) -> Iterator[Found]:
    """What a file of the disk has and its base has not."""
    _comparing(session)
    failed = len(session.failures)
    absolute = os.path.join(session.root, path)
    checked = session.check_file(absolute, path)
    if checked.report is not None:
        for row, verdict in session.compared(absolute, checked.report).rows:
            if verdict.shown is not None and not is_historical(verdict) and row.violation.rule != _FAILED:
                yield Found(path, row, verdict.gates)
    unjudged += [f"{failure.path}: {failure.reason}" for failure in session.failures[failed:]]
    del session.failures[failed:]


def _weaker_than_committed(session: Session, paths: Iterable[str]) -> Iterator[Found]:
    committed = Comparing(session.root, _HEAD)
    try:
        changed = list(changes.since(session, committed, paths))
    finally:
        committed.close()
    for path, row in weakened.found(session, changed):
        yield Found(path, row, True)


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
        is_old = row.base is not None or verdict.baselined
        if not is_old and verdict.shown is not None and row.violation.rule != _FAILED:
            yield Found(path, row, verdict.gates)


def _rows(session: Session, path: str, data: bytes) -> tuple[list[tuple[Row, Verdict]], list[str]]:
    """A text's rows, and what could not run."""
    failed = len(session.failures)
    checked = session.check_chunks(path, [data], lambda: [data])
    rows = [] if checked.report is None else list(checked.report.rows)
    return rows, [f"{failure.path}: {failure.reason}" for failure in session.failures[failed:]]


def _lines(data: bytes) -> list[str]:
    return (changes.shown(data) or "").split("\n")


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
            if write.from_path:
                # What moves with its file was there before.
                moved = target(workspaces, call, write.from_path)
                before = None if moved is None else _read(os.path.join(moved[0].root, moved[1]))
            after = _after(before, write)
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


def _after(before: bytes | None, write: Write) -> bytes | None:
    """The bytes that a file will have; None where there will be none, or the edit does not fit."""
    if write.content is not None and write.line is None:
        return text.well_formed(write.content).encode()
    after = edits.applied(_as_agents_read(before), write)
    return None if after is None else text.well_formed(after).encode()


def _as_agents_read(data: bytes | None) -> str | None:
    """A text as it is edited: what is not valid in it is replaced, and a line ends with `\\n`."""
    if data is None:
        return None
    return data.decode(text.encoding_of(data), "replace").removeprefix("\ufeff").replace("\r\n", "\n")


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
            inner = _below(session.root, candidate)
            if inner:
                # A repository inside of another has its own policy.
                own = workspaces.of(os.path.join(session.root, inner))
                return own, own.relative(os.path.join(session.root, inner))
    if holds_hooks(absolute.replace(os.sep, "/")):
        session = workspaces.of_folder(os.path.normpath(folder))
        if _same_drive(absolute, session.root):
            return session, os.path.relpath(absolute, session.root).replace(os.sep, "/")
    return None


def _below(root: str, path: str) -> str:
    """A path relative to a folder that it lies in; "" where it does not. Folders are the same where the
    system says so: by a link, or where case does not count, one has several names."""
    if path.startswith(root.rstrip(os.sep) + os.sep):
        return path[len(root.rstrip(os.sep)) + 1 :]
    inside = os.path.dirname(path)
    while True:
        try:
            if os.path.samefile(inside, root):
                return os.path.relpath(path, inside)
        except OSError:
            pass  # It is not there yet.
        above = os.path.dirname(inside)
        if above == inside:
            return ""
        inside = above


def _same_drive(path: str, other: str) -> bool:
    return os.path.splitdrive(path)[0] == os.path.splitdrive(other)[0]
