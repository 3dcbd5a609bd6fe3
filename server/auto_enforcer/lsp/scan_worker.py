"""The process that a scan runs in: walks folders as the command does, checks files, tells what was found.

A thread of the server would ask for the interpreter's one lock between any two steps of a keystroke's answer.
A process asks for nothing, its memory goes with it, and to cancel is to end it, whatever it is at.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from auto_enforcer import catalog, clock, files, history, reading, results, text
from auto_enforcer.bases import SESSION
from auto_enforcer.judging import foremost
from auto_enforcer.lsp import diagnostics
from auto_enforcer.lsp.configuration import Problems
from auto_enforcer.lsp.team import Teller
from auto_enforcer.model import NamedTuple, Report, Row, Scope, Severity, Stage, Verdict
from auto_enforcer.results import Results
from auto_enforcer.seen import FirstSeen, Seen
from auto_enforcer.session import Session, Shared, scanners

COUNTED = 0.05
"""Seconds between two words on how many files there were."""

LONGEST_LINE = 1 << 20
"""Bytes of a line that are read to convert its columns."""

Judged = tuple[Row, Verdict]


class SeenBefore(NamedTuple):
    """What is told with a job of how files were when they were first seen."""

    key: str
    """That of the hashes, in hexadecimal."""
    is_complete: bool
    """Whether all of the folder's files were seen, so that one that was not is new."""
    files: dict[str, str]
    """The hashes of files that were not told before, by absolute path, in hexadecimal."""


class Job(NamedTuple):
    """What is asked for."""

    number: int
    folder: str
    """The workspace folder, absolute."""
    targets: tuple[str, ...]
    """Files and folders in it, by path relative to it with forward slashes; "" is the whole."""
    inner: tuple[str, ...]
    """Workspace folders inside of it, relative, whose files are theirs."""
    fixes: bool = False
    """Whether safe fixes are asked for, not violations."""
    shows_old: str = ""
    """How old violations are shown, if not as the policy says."""
    seen: SeenBefore | None = None
    """What is known of how the folder's files were when they were first seen."""

    @property
    def whole(self) -> bool:
        """Whether it may take long."""
        return "" in self.targets


class Jobs:
    """The jobs that came and are still to be done. Those for single files go before whole folders."""

    def __init__(self) -> None:
        self._some = threading.Condition()
        self._whole: deque[Job] = deque()
        self._single: deque[Job] = deque()

    def put(self, job: Job) -> None:
        """Take a job in."""
        with self._some:
            (self._whole if job.whole else self._single).append(job)
            self._some.notify()

    def take(self) -> Job:
        """The next one; waits for it."""
        with self._some:
            while not (self._single or self._whole):
                self._some.wait()
            return (self._single or self._whole).popleft()

    def single(self) -> Job | None:
        """The next one for single files, if there is one."""
        with self._some:
            return self._single.popleft() if self._single else None


class Worker:
    """Does jobs. `tell` is given what is to be written: values, and a body that is text already."""

    def __init__(
        self, options: Mapping[str, Any], jobs: Jobs, tell: Callable[[dict[str, Any], str], None]
    ) -> None:
        self._encoding: str = options["encoding"]
        self._most: int = options["most"]
        self._relates: bool = options["relates"]
        self._jobs = jobs
        self._tell = tell
        self._shared = Shared(scanners())
        self._sessions: dict[str, Session] = {}
        self._seen: Seen | None = None
        self._release: bytes | None = None

    def run(self) -> None:
        """Do the jobs as they come, for ever."""
        while True:
            self.do(self._jobs.take())

    def do(self, job: Job) -> None:
        """Do one job. Between two files of a whole folder, those for single files are done."""
        session = self._sessions.get(job.folder)
        if session is None:
            session = Session(job.folder, today=clock.fixed_day(), shared=self._shared)
            self._sessions[job.folder] = session
        else:
            session.reload()
        session.shows_old = job.shows_old
        if session.comparing is not None:  # that of the job in whose midst this one is done
            self._do(job, session)
            return
        session.compare(guesses_old=True)
        if session.comparing is not None and job.seen is not None:
            session.comparing.first_seen = self._first_seen(job, job.seen)
        kept, before = None, self._shared.results
        if job.whole and not job.fixes:
            kept = self._shared.results = self._kept(session)
        try:
            self._do(job, session)
            if kept is not None:
                kept.save()
        finally:
            self._shared.results = before
            if kept is not None:
                kept.close()
            # A process of git a scan, not for as long as the server lives.
            session.compare_no_more()

    def _first_seen(self, job: Job, told: SeenBefore) -> FirstSeen:
        """What knows how files were when they were first seen; of those that were not, it tells it."""
        if self._seen is None:
            self._seen = Seen(bytes.fromhex(told.key))
        for path, hashes in told.files.items():
            self._seen.put(path, bytes.fromhex(hashes), first=True)

        def tell(path: str, hashes: bytes) -> None:
            self._tell({"kind": "seen", "job": job.number, "path": path}, hashes.hex())

        return FirstSeen(self._seen, tell, is_complete=told.is_complete)

    def _kept(self, session: Session) -> Results | None:
        """What earlier runs found in the files of a workspace, those of the command too; None where it cannot
        be told by which code."""
        path = results.path_of(session.root)
        if self._release is None:
            # Once: what is loaded by now was read before the code may have been changed.
            self._release = results.release()
        return results.Results(self._release, (), path) if path and self._release else None

    def _do(self, job: Job, session: Session) -> None:
        scope = _Scope(job, session)
        counts = Counts()
        count = unread = 0
        told = time.monotonic()
        for one in files.walk(job.folder, job.folder, scope.leaves_out, scope.listed):
            if job.whole and (single := self._jobs.single()) is not None:
                self.do(single)
            if isinstance(one, files.Left):
                unread += one.reason.startswith("unreadable")
            elif scope.covers(session.relative(one.path)):
                if job.fixes:
                    unread += self._mend(job, session, one.path)
                else:
                    unread += self._check(job, session, one.path, counts)
                count += 1
            if time.monotonic() - told >= COUNTED:
                self._tell({"kind": "count", "job": job.number, "files": count}, "")
                told = time.monotonic()
        if job.fixes:
            self._tell({"kind": "end", "job": job.number, "files": count, "unread": unread}, "")
            return
        for path, reports in _by_path(session.folder_reports(lambda path: path)).items():
            rows = [row for report in reports for row in report.rows]
            self._say("folder", job, session, path, counts.counting(rows))
        counts.take(session)
        if self._say_problems(job, session):
            counts.is_whole = False
        if job.whole and not job.inner:
            counts.keep(session)
        # Whether all files were seen as they are first compared with.
        sees = session.policy(os.path.join(job.folder, "any")).base == SESSION
        self._tell({"kind": "end", "job": job.number, "files": count, "unread": unread, "sees": sees}, "")

    def _check(self, job: Job, session: Session, path: str, counts: Counts) -> bool:
        """Check a file and tell what was found. True if it could not be read."""
        try:
            checked = session.check_file(path)
            if checked.report is not None:
                rows = session.compared(path, checked.report).rows
                self._say("file", job, session, path, counts.counting(rows))
        except Exception as error:  # noqa: BLE001 - a fault with one file must not end the scan; it is told there
            counts.is_whole = False
            failure = diagnostics.failure(type(error).__name__)
            self._tell({"kind": "file", "job": job.number, "path": path, "shown": 1, "found": 1}, failure)
            return False
        finally:
            counts.take(session)
        return checked.skipped is not None and checked.skipped.reason.startswith("unreadable")

    def _mend(self, job: Job, session: Session, path: str) -> bool:
        """Tell the safe fixes of a file. True if it could not be read."""
        try:
            report = session.check_file(path).report
            safe = report is not None and [
                row
                for row, verdict in report.rows
                if verdict.shown is not None
                and (
                    row.violation.rule.startswith("enforcer/") or any(fix.safe for fix in row.violation.fixes)
                )
            ]
            if safe:
                from auto_enforcer.lsp import workspace_fixes  # it brings the protocol

                found = workspace_fixes.of_file(session, path, self._encoding)
                if found is not None:
                    head = {"kind": "fixes", "job": job.number, "path": path, "found": found.number}
                    self._tell(head, json.dumps(found.edits))
        except OSError:
            return True
        except Exception:  # noqa: BLE001 - a fault with one file must not end the scan; it is left as it is
            return True
        finally:
            session.failures.clear()
        return False

    def _say(self, kind: str, job: Job, session: Session, path: str, rows: Iterable[Judged]) -> None:
        shown, left_out = foremost(rows, self._most)
        if not shown:
            return
        lines = _Lines(path, {row.number for row, _ in shown})
        teller = Teller(_Asked(session, path), related=self._relates)
        texts = diagnostics.Encoder(self._encoding, _tags, teller).encode(shown, left_out, lines)
        head = {"kind": kind, "job": job.number, "path": path, "shown": len(texts)}
        self._tell({**head, "found": len(shown) + left_out}, ",".join(texts))

    def _say_problems(self, job: Job, session: Session) -> bool:
        """Tell what is wrong with the policies that were met; whether anything is."""
        problems = Problems()
        paths = sorted(problems.update(session))
        for path in paths:
            texts = problems.of(path, self._encoding)
            head = {"kind": "policy", "job": job.number, "path": path, "shown": len(texts)}
            self._tell({**head, "found": len(texts)}, ",".join(texts))
        return bool(paths)


class Counts:
    """What a scan of a whole workspace comes to, for the history: counted as the command does it, which
    compares with nothing but the baseline there."""

    def __init__(self) -> None:
        self.is_whole = True
        """Whether all was looked at by all rules."""
        self._blocked = self._warnings = self._historical = 0
        self._failed = Counter[str]()

    def counting(self, rows: Iterable[Judged]) -> Iterator[Judged]:
        """The same rows, counted as they pass."""
        for row, verdict in rows:
            in_base = verdict.scope is Scope.HISTORICAL and not verdict.baselined
            counts = in_base and not verdict.suppressed and verdict.stage is not Stage.OBSERVE
            if counts or verdict.shown is not None:
                is_blocked = verdict.severity is Severity.BLOCKED
                self._blocked += is_blocked
                self._warnings += not is_blocked
                self._historical += verdict.baselined
            yield row, verdict

    def take(self, session: Session) -> None:
        """Take over what could not run, of which the session need not know any more."""
        for failure in session.failures:
            rule = history.rule_of(failure.reason)
            if rule in catalog.entries():
                self.is_whole = False
                self._failed[rule] += 1
        session.failures.clear()

    def keep(self, session: Session) -> None:
        """Keep what it came to, if that can be done."""
        found = (self._blocked, self._warnings, self._historical) if self.is_whole else None
        history.note(history.path_of(session.root), str(session.today), found, self._failed)


class _Asked(NamedTuple):
    """A closed file, as a teller knows documents."""

    session: Session
    path: str


class _Scope:
    """Which of a folder's files a job is about. A walk goes down to them and past what is beside them."""

    def __init__(self, job: Job, session: Session) -> None:
        self._job = job
        self._session = session
        self._whole = job.whole
        self._targets = frozenset(job.targets)
        self._inner = frozenset(job.inner)
        self._above = {""}
        for target in job.targets:
            while target:
                target = target.rpartition("/")[0]
                self._above.add(target)

    def covers(self, relative: str) -> bool:
        """Whether a path is asked about, or lies below one that is."""
        if self._whole:
            return True
        while relative not in self._targets:
            relative = relative.rpartition("/")[0]
            if not relative:
                return False
        return True

    def leaves_out(self, relative: str) -> bool:
        """Whether the walk passes a path, a folder's with `/` at its end, as if it were excluded."""
        path = relative.rstrip("/")
        if path in self._inner and path != relative:
            return True
        if not self.covers(path) and path.rpartition("/")[0] not in self._above:
            return True
        return self._session.resolver.policy(relative).excluded(relative) is not None

    def listed(self, folder: str, names: list[str], folders: list[str]) -> None:
        """A folder that is left: the rules about folders look at it where its names are all there."""
        relative = "" if folder == self._job.folder else self._session.relative(folder)
        if relative in self._above or self.covers(relative):
            self._session.look_into(folder, names, folders)


class _Lines:
    """Some lines of a file on disk."""

    __slots__ = ("_lines", "line_count")

    def __init__(self, path: str, wanted: set[int]) -> None:
        self.line_count = max(wanted) + 1
        self._lines: dict[int, str] = {}
        try:
            with reading.open_regular(path) as file:
                self._read(file, wanted)
        except OSError:
            pass

    def line(self, number: int) -> str:
        """A line without its end; "" where it is not known."""
        return self._lines.get(number, "")

    def _read(self, file: BinaryIO, wanted: set[int]) -> None:
        number, long = 0, b""
        for block in text.blocks(iter(lambda: reading.read_block(file, text.BLOCK), b"")):
            if number >= self.line_count:
                return
            if block.offset < 0:
                lines = block.data.split(b"\n")
                for index, data in enumerate(lines):
                    if number + index in wanted:
                        self._lines[number + index] = text.decode(data)
                number += len(lines) - 1
            else:
                if len(long) < LONGEST_LINE:
                    long += block.data if block.last else block.data[: text.SEGMENT]
                if block.last:
                    if number in wanted:
                        self._lines[number] = text.decode(long)
                    number, long = number + 1, b""


def _by_path(reports: Iterator[Report]) -> dict[str, list[Report]]:
    found: dict[str, list[Report]] = {}
    for report in reports:
        found.setdefault(report.path, []).append(report)
    return found


def _tags(rule: str) -> tuple[str, ...]:
    entry = catalog.entries().get(rule)
    return tuple(entry.tags) if entry is not None else ()


def main(options: str) -> None:
    """Read jobs from standard input, one a line, until it ends. Each answer is a line of JSON and a body of
    the `size` that it tells."""
    output = os.dup(1)
    os.dup2(2, 1)
    if hasattr(os, "nice"):
        os.nice(5)
    jobs = Jobs()

    def tell(head: dict[str, Any], body: str) -> None:
        data = body.encode("ascii")
        view = memoryview(json.dumps({**head, "size": len(data)}).encode("ascii") + b"\n" + data)
        try:
            while view:
                view = view[os.write(output, view) :]
        except OSError:
            os._exit(0)  # nobody hears it

    def listen() -> None:
        for line in sys.stdin.buffer:
            number, folder, targets, inner, fixes, shows_old, seen = json.loads(line)
            jobs.put(Job(number, folder, tuple(targets), tuple(inner), fixes, shows_old, SeenBefore(*seen)))
        os._exit(0)

    threading.Thread(target=listen, name="jobs", daemon=True).start()
    Worker(json.loads(options), jobs, tell).run()
