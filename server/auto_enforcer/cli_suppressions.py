"""`auto-enforcer suppressions`: every suppression, what it allows, why, until when, whether it is used."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from auto_enforcer import __version__, allowing, files, reading, standing, suppressions, text
from auto_enforcer.authors import Authors, Written
from auto_enforcer.cli_exit import CLEAN, FAILED
from auto_enforcer.cli_files import checked_file, found_below, left, real_path, shown_path, today, told
from auto_enforcer.looks import Look
from auto_enforcer.model import Candidate, Cell, Line, NamedTuple, Report, Row, Suppression
from auto_enforcer.policy_values import Allowance, Place
from auto_enforcer.render.items import CouldNotRun
from auto_enforcer.render.text import counted, printable
from auto_enforcer.session import Session
from auto_enforcer.suppressions import Directive
from auto_enforcer.walk import Hearing
from auto_enforcer.workspaces import Workspaces

MOST_LISTED = 10_000
"""Suppressions of one file that are listed, at most."""

_EXPIRED, _REASONLESS = allowing.EXPIRED, allowing.REASONLESS
_ABOUT = frozenset((standing.UNUSED, standing.EXPIRING, _EXPIRED, _REASONLESS, "enforcer/unknown-rule"))
"""What may be wrong with a suppression that is one."""


class Listed(NamedTuple):
    """A suppression of a file. Lines and columns are 0-based, columns are code points of the file's line."""

    path: str
    line: int
    start: int
    end: int
    cell: Cell | None
    scope: str
    """`line`, `below` or `file`: what it speaks of; `policy`: it is an `[[allow]]` table."""
    rules: tuple[str, ...]
    """Those of its names that are a rule or a family."""
    unknown: int
    """How many others it names. They are words of the file, and may be anything."""
    reason: str
    until: date | None
    takes_out: int
    """Violations that it takes out."""
    unused: tuple[str, ...]
    """Names in it that took nothing out."""
    problems: tuple[str, ...]
    """The enforcer's own rules that found something wrong with it."""
    is_told: bool
    """Whether it would be told if it were unused."""
    written: Written | None
    """By whom, and when; None where nobody can tell."""

    @property
    def used(self) -> bool | None:
        """None where nobody can tell: not all of its rules looked at its lines."""
        if self.takes_out:
            return True
        not_heard = {standing.UNUSED, _EXPIRED, _REASONLESS}
        return False if not_heard.intersection(self.problems) else None

    def is_expired(self, day: date) -> bool:
        """Whether it takes nothing out any more."""
        return self.until is not None and self.until < day


def run(options: argparse.Namespace) -> int:
    """List the suppressions of files and folders; the exit code."""
    workspaces = Workspaces(today=today())
    failures: list[CouldNotRun] = []
    authors = Authors()
    listed = _all(workspaces, options.paths or ["."], authors, failures)
    day = today() or date.today()
    write = _as_json if options.format == "json" else _as_text
    try:
        for chunk in write(listed, day, failures):
            sys.stdout.write(chunk)
    finally:
        authors.close()
    if authors.problem:
        sys.stderr.write(f"auto-enforcer: not all authors are told: {printable(authors.problem)}\n")
    if options.format != "json":
        for failure in failures:
            sys.stderr.write(f"error: {printable(failure.what)}: {printable(failure.why)}\n")
    return FAILED if failures else CLEAN


def _all(
    workspaces: Workspaces, paths: Iterable[str], authors: Authors, failures: list[CouldNotRun]
) -> Iterator[Listed]:
    """The suppressions of the files below some paths, by file and line. What could not be done is added to
    the failures."""
    told_of: set[tuple[str, int]] = set()
    for one in found_below(workspaces, paths, workspaces.look_into):
        if isinstance(one, files.Left):
            failures += [item for item in left(one) if isinstance(item, CouldNotRun)]
            continue
        try:
            speaks = _speaks(one.path)
        except OSError as error:
            failures.append(CouldNotRun(shown_path(one.path), told(f"unreadable: {error.strerror or error}")))
            continue
        session = workspaces.of(one.path)
        if speaks or session.policy(one.path).allowances(session.relative(one.path)):
            for listed in _of_file(workspaces, one, authors, failures):
                if listed.scope == "policy":
                    told_of.add((listed.path, listed.line))
                yield listed
    for session in workspaces.sessions():
        yield from _of_rest(session, [real_path(path) for path in paths], told_of, authors)
    failures += [CouldNotRun(place, message) for place, message in workspaces.policy_problems()]


def _speaks(path: str) -> bool:
    """Whether a file may hold a suppression. Raises OSError."""
    with reading.open_regular(path) as file:
        first = reading.read_block(file, text.BLOCK)
        if files.is_binary(first):
            return False

        def chunks() -> Iterator[bytes]:
            yield first
            while chunk := reading.read_block(file, text.BLOCK):
                yield chunk

        return any(suppressions.MARK in block.data for block in text.blocks(chunks()))


def _of_file(
    workspaces: Workspaces, one: files.Found, authors: Authors, failures: list[CouldNotRun]
) -> Iterator[Listed]:
    """The suppressions of one file, which is checked for that as any other is."""
    heard: dict[tuple[int, int], tuple[Directive, Cell | None]] = {}
    left_out = 0

    def hear(number: int, directive: Directive, cell: Cell | None) -> None:
        nonlocal left_out
        if directive.suppression is not None and len(heard) < MOST_LISTED:
            heard.setdefault((number, directive.start), (directive, cell))
        elif directive.suppression is not None and (number, directive.start) not in heard:
            left_out += 1

    wrong: dict[int, list[Row]] = {}
    took: dict[int, int] = {}
    above: dict[tuple[tuple[str, ...], int], int] = {}
    by_policy: dict[str, int] = {}
    session = workspaces.of(one.path)
    observer = Hearing(_not_listening, hear)
    for item in checked_file(workspaces, one, observer=observer):
        if isinstance(item, CouldNotRun):
            failures.append(item)
        elif isinstance(item, Report):
            for row, _ in item.rows:
                allowed = row.suppression
                if allowed is None:
                    if row.violation.rule in _ABOUT and (row.number in wrong or len(wrong) < MOST_LISTED):
                        wrong.setdefault(row.number, []).append(row)
                elif allowed.source:
                    by_policy[allowed.source] = by_policy.get(allowed.source, 0) + 1
                elif allowed.whole_file:
                    key = allowed.rules, allowed.start
                    above[key] = above.get(key, 0) + 1
                else:
                    took[id(allowed)] = took.get(id(allowed), 0) + 1
    known = _known(session, one.path)
    if left_out:
        failures.append(CouldNotRun(shown_path(one.path), f"{left_out} more suppressions are not listed"))
    selection = session.policy(one.path).select(session.relative(one.path))
    is_told = selection.setting(standing.UNUSED).on
    written = _written(authors, session, one.path, {line for line, _ in heard}) if heard else {}
    for (line, start), (directive, cell) in sorted(heard.items(), key=lambda item: item[0]):
        said = directive.suppression
        assert said is not None
        # What is for the whole file is read beforehand too: the first of two that are alike is the one heard.
        taken = above.pop((said.rules, said.start), 0) if said.whole_file else took.get(id(said), 0)
        own = [row for row in wrong.get(line, ()) if start <= row.violation.start <= directive.end]
        yield Listed(
            shown_path(one.path),
            line,
            start,
            directive.end,
            cell,
            _scope(directive, said),
            tuple([name for name in said.rules if name in known]),
            sum(name not in known for name in said.rules),
            said.reason,
            said.until,
            taken,
            tuple([name for row in own if row.violation.rule == standing.UNUSED for name in _named(row)]),
            tuple(sorted({row.violation.rule for row in own})),
            is_told,
            written.get(line),
        )
    yield from _of_policy(session, one.path, by_policy, authors, is_told=is_told)


def _of_policy(
    session: Session, path: str, taken: Mapping[str, int], authors: Authors, *, is_told: bool
) -> Iterator[Listed]:
    """What the policy's `[[allow]]` tables say of a file. `taken`: how many violations each takes out."""
    for said in session.policy(path).allowances(session.relative(path)):
        if not allowing.is_of_folders(said.rule):
            yield _of_table(session, said, taken.get(str(said.place), 0), authors, is_told=is_told)


def _of_rest(
    session: Session, paths: Sequence[str], told_of: Collection[tuple[str, int]], authors: Authors
) -> Iterator[Listed]:
    """The `[[allow]]` tables that speak of no file which is checked by them, of the configuration files below
    some paths but those of which it is told already; and those for what is found in folders."""
    taken: dict[str, int] = {}
    idle: set[Place] = set()
    for report in session.folder_reports(str):
        said_here = session.policy(report.path).allowances(session.relative(report.path))
        for row, _ in report.rows:
            table = allowing.table_of(row, said_here)
            if row.suppression is not None:
                taken[row.suppression.source] = taken.get(row.suppression.source, 0) + 1
            elif table is not None:
                idle.add(table.place)
    places = set()
    for policy in list(session.resolver.policies()):
        for said in policy.content.allowances:
            file = os.path.join(session.root, *said.place.file.split("/"))
            is_asked = any(file == path or file.startswith(os.path.join(path, "")) for path in paths)
            if not is_asked or said.place in places or (shown_path(file), said.place.line) in told_of:
                continue
            is_lost = bool(session.lost(said))
            if is_lost or allowing.is_of_folders(said.rule):
                places.add(said.place)
                is_told = policy.select(said.place.file).setting(standing.UNUSED).on
                listed = _of_table(session, said, taken.get(str(said.place), 0), authors, is_told=is_told)
                is_known = is_lost or said.place in idle or listed.problems != (standing.UNUSED,)
                yield listed if is_known else listed._replace(problems=())


def _of_table(session: Session, said: Allowance, count: int, authors: Authors, *, is_told: bool) -> Listed:
    """An `[[allow]]` table that takes out so many violations."""
    policy_file = os.path.join(session.root, *said.place.file.split("/"))
    line = said.place.line
    if not said.reason:
        problem = _REASONLESS
    else:
        problem = _EXPIRED if said.until is not None and said.until < session.today else standing.UNUSED
    return Listed(
        shown_path(policy_file),
        line,
        said.place.column,
        said.place.end,
        None,
        "policy",
        (said.rule,),
        0,
        session.mask_of(())(said.reason),
        said.until,
        count,
        () if count else (said.rule,),
        () if count else (problem,),
        is_told,
        _written(authors, session, policy_file, {line}).get(line),
    )


def _written(authors: Authors, session: Session, path: str, lines: Collection[int]) -> Mapping[int, Written]:
    """Who wrote some lines of a file. A name of an author is words of others, too."""
    mask = session.mask_of(())
    found = authors.of(path, lines)
    return {line: one._replace(author=mask(one.author)) for line, one in found.items()}


def _not_listening(look: Look, line: Line, candidate: Candidate | None, outcome: str, column: int) -> None:
    del look, line, candidate, outcome, column


def _known(session: Session, path: str) -> frozenset[str]:
    """The rules that there are for a file, and their families."""
    ids = frozenset(session.policy(path).entries)
    return ids | {rule.partition("/")[0] for rule in ids}


def _named(row: Row) -> tuple[str, ...]:
    return standing.named_unused(row.violation)


def _scope(directive: Directive, said: Suppression) -> str:
    if said.whole_file:
        return "file"
    return "below" if directive.alone else "line"


def _as_text(listed: Iterable[Listed], day: date, failures: Sequence[CouldNotRun]) -> Iterator[str]:
    tally = _Tally()
    for one in listed:
        tally.count(one, day)
        names = ", ".join(one.rules) or "nothing that there is"
        if one.unknown and one.rules:
            names += f" and {counted(one.unknown, 'unknown name')}"
        reason = one.reason or "no reason given"
        yield f"{printable(one.path)}:{one.line + 1}:{one.start + 1}: {names}: {printable(reason)}\n"
        yield f"    {'; '.join(_facts(one, day))}\n"
    if tally.all or not failures:
        yield f"{tally.words()}\n"


def _facts(one: Listed, day: date) -> Iterator[str]:
    """What there is to say of a suppression, in short."""
    if one.is_expired(day):
        assert one.until is not None
        yield f"expired on {one.until}, {_ago(one.until, day)}"
    elif one.until is not None:
        rest = (one.until - day).days
        yield f"until {one.until}, {counted(rest, 'day')} left" if rest else f"until {one.until}, today"
    if one.takes_out:
        yield f"takes out {one.takes_out}"
    elif not one.is_expired(day):
        yield _why_idle(one)
    if one.takes_out and one.unused:
        yield f"nothing of {', '.join(one.unused)}"
    if one.scope == "file":
        yield "for the whole file"
    elif one.scope == "policy":
        yield "for one violation"
    written = one.written
    if written is not None and not written.author:
        yield "not committed"
    elif written is not None:
        age = f" on {written.day}, {_ago(written.day, day)}" if written.day is not None else ""
        yield f"by {printable(written.author)}{age}"


def _ago(then: date, day: date) -> str:
    days = (day - then).days
    return f"{counted(days, 'day')} ago" if days > 0 else "today"


def _why_idle(one: Listed) -> str:
    """Why a suppression takes nothing out."""
    if standing.UNUSED in one.problems:
        return "unused"
    if _REASONLESS in one.problems:
        return (
            "not heard: it wants a reason"
            if one.scope == "policy"
            else "not heard: a blocked rule wants a reason"
        )
    if one.is_told and one.rules:
        return "takes nothing out: not all of its rules look here"
    return "takes nothing out"


class _Tally:
    """What a listing adds up to."""

    __slots__ = ("all", "expired", "expiring", "files", "last", "unknown", "unused", "used")

    def __init__(self) -> None:
        self.all = self.files = self.used = self.unused = self.unknown = 0
        self.expired = self.expiring = 0
        self.last = ""

    def count(self, one: Listed, day: date) -> None:
        """Add one."""
        self.all += 1
        self.files += one.path != self.last
        self.last = one.path
        self.used += one.used is True
        self.expired += one.is_expired(day)
        self.expiring += standing.EXPIRING in one.problems
        self.unused += one.used is False and not one.is_expired(day)
        self.unknown += one.used is None

    def words(self) -> str:
        """For people."""
        if not self.all:
            return "no suppressions"
        parts = [
            f"{self.used} used",
            f"{self.unused} not used" if self.unused else "",
            f"{self.expired} expired" if self.expired else "",
            f"{self.expiring} to expire soon" if self.expiring else "",
            f"{self.unknown} of which nobody can tell" if self.unknown else "",
        ]
        where = f"{counted(self.all, 'suppression')} in {counted(self.files, 'file')}"
        return f"{where}: {', '.join(filter(None, parts))}"


def _as_json(listed: Iterable[Listed], day: date, failures: Sequence[CouldNotRun]) -> Iterator[str]:
    import json

    tally = _Tally()
    yield f'{{\n"version": {json.dumps(__version__)},\n"day": "{day}",\n"suppressions": ['
    separator = "\n"
    for one in listed:
        tally.count(one, day)
        yield separator + json.dumps(_object(one, day))
        separator = ",\n"
    summary = {
        "suppressions": tally.all,
        "files": tally.files,
        "used": tally.used,
        "unused": tally.unused,
        "expired": tally.expired,
        "expiring": tally.expiring,
        "unknown": tally.unknown,
        "could_not_run": [{"what": failure.what, "why": failure.why} for failure in failures],
    }
    yield f'\n],\n"summary": {json.dumps(summary)}\n}}\n'


def _object(one: Listed, day: date) -> dict[str, Any]:
    """A suppression as JSON has it: lines and columns from 1, the end one past the last."""
    cell = {} if one.cell is None else {"cell": one.cell.number}
    if one.cell is not None and one.cell.line is not None:
        cell["cell_line"] = one.cell.line + 1
    return {
        "path": one.path,
        "line": one.line + 1,
        "column": one.start + 1,
        "end_column": one.end + 1,
        **cell,
        "scope": one.scope,
        "rules": list(one.rules),
        "unknown_rules": one.unknown,
        "reason": one.reason,
        "until": None if one.until is None else one.until.isoformat(),
        "days_left": None if one.until is None else (one.until - day).days,
        "expired": one.is_expired(day),
        "used": one.used,
        "takes_out": one.takes_out,
        "unused_rules": list(one.unused),
        "problems": list(one.problems),
        **_written_object(one.written, day),
    }


def _written_object(written: Written | None, day: date) -> dict[str, Any]:
    """Who wrote it, as JSON has it: all null where nobody can tell, and `committed` false for a line of no
    commit."""
    then = written.day if written is not None else None
    return {
        "committed": None if written is None else bool(written.author),
        "author": written.author or None if written is not None else None,
        "authored": None if then is None else then.isoformat(),
        "age_days": None if then is None else (day - then).days,
    }
