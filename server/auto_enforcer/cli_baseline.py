"""`auto-enforcer baseline`: writes what a check finds now into the baseline, or drops what nothing needs any
more."""

from __future__ import annotations

import argparse
import os
import stat
import sys
from collections import Counter
from collections.abc import Sequence

from auto_enforcer import baseline, cli_check
from auto_enforcer.baseline import Baseline, Digests, Entry, Identity
from auto_enforcer.baseline_rows import LEFT_OUT, Ahead, Applied, chunks_of, identity
from auto_enforcer.cli_exit import CLEAN, FAILED, UserError
from auto_enforcer.cli_files import real_path, shown_path, today
from auto_enforcer.cli_looked import Looked
from auto_enforcer.files import BASELINE
from auto_enforcer.model import Report
from auto_enforcer.policy_words import failing
from auto_enforcer.render.items import CouldNotRun
from auto_enforcer.render.text import counted, printable
from auto_enforcer.session import Session
from auto_enforcer.workspaces import Workspaces


def run(options: argparse.Namespace) -> int:
    """Write the baseline of each workspace that the paths lie in; the exit code."""
    tops = [real_path(path) for path in options.paths or ["."]]
    workspaces = Workspaces(today=today())
    for top in tops:
        _refuse_broken(workspaces.of_folder(top if os.path.isdir(top) else os.path.dirname(top)))
    looked = Looked(workspaces, tops)
    writers: dict[Session, Writer] = {}
    failures: list[CouldNotRun] = []
    for item in looked.watching(cli_check.found(options, workspaces)):
        if isinstance(item, Report):
            session, relative = looked.place(item.path)
            if session not in writers:
                _refuse_broken(session)
                writers[session] = Writer(session)
            writers[session].take(relative, item)
        elif isinstance(item, CouldNotRun):
            failures.append(item)
    for failure in failures:
        sys.stderr.write(f"error: {printable(failure.what)}: {printable(failure.why)}\n")
    problems = [problem for session in workspaces.sessions() for problem in session.problems()]
    if any(problem.message != LEFT_OUT for problem in problems):
        sys.stderr.write("auto-enforcer: nothing was written; mend what is wrong with the policy first\n")
        return FAILED
    for session in workspaces.sessions():
        writer = writers.get(session) or Writer(session)
        sys.stdout.write(writer.finish(looked, prune=options.prune, dry=options.dry_run))
        if writer.left_out:
            sys.stderr.write(f"error: {LEFT_OUT}\n")
    return FAILED if failures or any(writer.left_out for writer in writers.values()) else CLEAN


def _refuse_broken(session: Session) -> None:
    """Raise UserError where the baseline has bad lines, which would be lost."""
    held = session.baseline
    for mistake in held.mistakes() if held is not None else ():
        if mistake.message == LEFT_OUT:
            continue
        place = f"{shown_path(os.path.join(session.root, BASELINE))}:{mistake.line + 1}"
        raise UserError(f"{place}: {mistake.message}; nothing was written")


class Writer:
    """Gathers the violations of one workspace, and writes its baseline."""

    __slots__ = ("_applied", "_digests", "_found", "_path", "_salts", "_session")

    def __init__(self, session: Session) -> None:
        self._session = session
        self._path = os.path.join(session.root, BASELINE)
        self._applied: Applied = session.baseline or session.empty_baseline()
        self._salts: Sequence[bytes] = self._applied.baseline.salts or (os.urandom(baseline.SALT),)
        self._digests = self._applied.digests if self._applied.baseline.salts else Digests(self._salts)
        self._found: dict[str, list[Identity]] = {}

    @property
    def left_out(self) -> bool:
        """Whether there were secrets too many: they are not taken in."""
        return self._digests.left_out

    def take(self, relative: str, report: Report) -> None:
        """Take the violations of a file that a check shows, or that the baseline has already."""
        line_of = Ahead(chunks_of(os.path.join(self._session.root, relative)))
        for row, verdict in report.rows:
            if verdict.suppressed or not (verdict.shown or verdict.baselined):
                continue
            known = identity(row, line_of, self._applied.every, self._digests)
            if known is not None:
                self._found.setdefault(relative, []).append(known)

    def finish(self, looked: Looked, *, prune: bool, dry: bool) -> str:
        """Write the baseline; what to say of it, a line with its end. Raises UserError."""
        before = self._applied.baseline
        entries, kept = self._entries(before, looked, prune=prune)
        if not entries and not before.count:
            return (
                f"nothing {'to drop: there is no entry' if prune else 'is found that a baseline takes in'}\n"
            )
        salts = self._salts if kept else self._salts[:1]
        data = baseline.written(before if before.salts else None, salts, entries)
        old, new = (
            Counter((one.path, one.rule, one.digest) for one in some)
            for some in ([one for path in before.paths() for one in before.entries(path)], entries)
        )
        changes = f"{(new - old).total():,} added, {(old - new).total():,} dropped"
        said = f"{shown_path(self._path)}: {_entries(len(entries))} ({changes})"
        if data == before.data:
            return printable(f"unchanged {said}") + "\n"
        if not dry:
            _put(self._path, data)
        secrets = sum(one.rule.startswith("secrets/") for one in entries)
        more = f"; {counted(secrets, 'secret')} still readable in the files: revoke them" if secrets else ""
        return printable(f"{'would write' if dry else 'wrote'} {said}{more}") + "\n"

    def _entries(self, before: Baseline, looked: Looked, *, prune: bool) -> tuple[list[Entry], bool]:
        """What the baseline is to hold, and whether some of it may be of a salt other than the first."""
        entries: list[Entry] = []
        kept = prune
        for path in {*before.paths(), *self._found}:
            old, found = before.entries(path), self._found.get(path, [])
            if old and looked.is_gone(self._session, path):
                continue
            if looked.has(self._session, path) or not old:
                left = [one for one in baseline.unused(old, found) if looked.asks(self._session, one.rule)]
            else:
                left = []
            if prune:
                entries += [one for one in old if one not in left]
                continue
            made = baseline.entries_of(path, found)
            # What cannot be seen from here stays.
            unseen = [one for one in baseline.unused(old, found) if one not in left]
            kept |= bool(unseen)
            entries += {*made, *unseen}
        return entries, kept


def _entries(count: int) -> str:
    return f"{count:,} {'entry' if count == 1 else 'entries'}"


def _put(path: str, data: bytes) -> None:
    """Put a file in the place of what is there, whole. Raises UserError."""
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        try:
            with open(beside, "xb") as file:
                file.write(data)
            if os.path.exists(path):
                os.chmod(beside, stat.S_IMODE(os.stat(path).st_mode))
            os.replace(beside, path)
        except BaseException:
            if os.path.lexists(beside):
                os.unlink(beside)
            raise
    except OSError as error:
        raise UserError(f"{shown_path(path)}: cannot be written: {failing(error)}") from None
