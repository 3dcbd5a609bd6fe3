"""`auto-enforcer check`: walks files, checks them in one process or several, and prints as they come."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from auto_enforcer import __version__, catalog, cli_files, files, text
from auto_enforcer.cli_exit import BLOCKED, CLEAN, FAILED, UserError
from auto_enforcer.cli_files import checked_file, found_below, left, of_folders, real_path, today, told
from auto_enforcer.cli_terminal import columns, is_capable, wants_colour
from auto_enforcer.model import Report, Row, Skipped
from auto_enforcer.render.items import CouldNotRun, Item, RuleInfo, Tally
from auto_enforcer.render.text import counted, printable, sentence
from auto_enforcer.session import Session
from auto_enforcer.workspaces import Workspaces

if TYPE_CHECKING:
    from auto_enforcer.cli_history import Past
    from auto_enforcer.cli_looked import Looked
    from auto_enforcer.history import Point
    from auto_enforcer.looks import Lookout

PAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rules")

MANY_FILES = 1_500
"""Files from which several processes are worth their start."""

MOST_JOBS = 8

BAR = 20
"""Columns of the bar that says how far a run is."""

_OF_THE_CHANGE = ("text", "jsonl", "github", "gitlab", "junit", "checkstyle", "rdjson")
"""Formats that leave out what stood in the base; the others tell it apart."""

_FOR_OTHERS = ("jsonl", "gitlab", "junit", "checkstyle", "rdjson")
"""Formats that nobody reads as they are."""

FEWEST_REUSED = 32
"""Files from which what earlier runs found is reused: to tell this code from any other takes as long as to
check five files."""


def run(options: argparse.Namespace) -> int:
    """Check what was asked for; the exit code."""
    paths = options.paths or ["."]
    if "-" in paths and len(paths) > 1:
        raise UserError("`-` stands for standard input and goes alone; give files in another run")
    if options.stdin_path is not None and paths != ["-"]:
        raise UserError("`--stdin-path` says what standard input is checked as; give `-` for the path")
    if options.stdin_path == "":
        raise UserError("`--stdin-path` is empty; give the path of the file that standard input stands for")
    if options.timings and (options.jobs or 1) > 1:
        raise UserError("`--timings` are taken in one process; leave `--jobs` out")
    output = None
    if options.output is not None:
        from auto_enforcer.cli_output import Output

        output = Output(options.output)
    is_comparing = options.new or options.base is not None or options.staged or options.commit is not None
    _refuse_contradictions(options, paths)
    workspaces = Workspaces(
        only=options.rule,
        today=today(),
        meter=time.perf_counter if options.timings else None,
        base=(options.base or "") if is_comparing else None,
    )
    if options.base is not None and not options.staged and options.commit is None and "-" not in paths:
        from auto_enforcer import cli_new

        cli_new.refuse_missing_base(workspaces, paths)
    _know(options.rule, workspaces, [options.stdin_path or "."] if paths == ["-"] else paths)
    progress = _Progress(enabled=is_capable(sys.stderr) and sys.stdout.isatty() and not options.timings)
    tally = Tally(new_only=is_comparing and options.format in _OF_THE_CHANGE)
    whole: Session | None = None
    past: Past | None = None
    if paths == ["-"]:
        items = _standard_input(workspaces, options.stdin_path)
    elif options.staged or options.commit is not None:
        items = _of_git(workspaces, options, tally)
    else:
        items = _checked(workspaces, paths, options, progress)
        if not options.rule:
            items = _accounted(items, workspaces, paths, tally)
        if is_comparing:
            from auto_enforcer import cli_new

            items = cli_new.compared(workspaces, items, tally)
        whole = None if options.rule else _whole(workspaces, paths)
        if whole is not None and options.format == "html":
            from auto_enforcer.cli_history import Past

            past = Past(whole, tally, is_comparing=is_comparing)
            items = past.watching(items)
    points = () if past is None else past.points
    chunks = _rendered(options, progress.watching(items), tally, workspaces, points)
    if output is not None:
        output.write(chunks)
    else:
        for chunk in chunks:
            progress.clear()
            sys.stdout.write(chunk)
    progress.clear()
    workspaces.close()
    if whole is not None and not is_comparing:
        from auto_enforcer import cli_history

        cli_history.keep(whole, tally)
    if workspaces.passed_over:
        sys.stderr.write(f"auto-enforcer: {printable(cli_files.not_counted(workspaces.passed_over))}\n")
    if options.timings:
        _print_timings(workspaces.timings())
    if output is not None:
        sys.stderr.write(f"{sentence(tally)}; see {printable(options.output)}\n")
    if output is not None or options.format in _FOR_OTHERS:
        # What reads the report may show only what is of lines that changed; what could not be done must not
        # be lost.
        for failure in tally.could_not_run:
            sys.stderr.write(f"error: {printable(failure.what)}: {printable(failure.why)}\n")
    if tally.failures:
        return FAILED
    return BLOCKED if tally.gates and not options.exit_zero else CLEAN


def _refuse_contradictions(options: argparse.Namespace, paths: Iterable[str]) -> None:
    """Raise UserError for options of comparing that do not go together."""
    if options.staged and options.commit is not None:
        raise UserError("`--staged` and `--commit` are two places to take files from; give one")
    if (options.staged or options.commit is not None) and "-" in paths:
        raise UserError("standard input is no file of git; leave `--staged` and `--commit` out")
    if options.base == "":
        raise UserError("`--base` is empty; give a revision, or `auto`")


def _whole(workspaces: Workspaces, paths: Iterable[str]) -> Session | None:
    """The session of the workspace that was asked for as a whole; None where it was less or more."""
    tops = {real_path(path) for path in paths}
    top = tops.pop()
    if tops or not os.path.isdir(top):
        return None
    session = workspaces.of_folder(top)
    return session if session.root == top else None


def _of_git(workspaces: Workspaces, options: argparse.Namespace, tally: Tally) -> Iterator[Item]:
    """What is found in files as git has them. Raises UserError."""
    from auto_enforcer import cli_new
    from auto_enforcer.git import GitError

    base = options.base or ""
    try:
        if options.staged:
            yield from cli_new.staged(workspaces, options.paths, base, tally)
        else:
            yield from cli_new.committed(workspaces, options.paths, base, options.commit, tally)
    except GitError as error:
        raise UserError(str(error)) from None
    for place, message in workspaces.policy_problems():
        yield CouldNotRun(place, message)


def found(options: argparse.Namespace, workspaces: Workspaces) -> Iterator[Item]:
    """What a check of some files and folders finds; how far it is, on a terminal."""
    progress = _Progress(enabled=is_capable(sys.stderr))
    yield from progress.watching(_checked(workspaces, options.paths or ["."], options, progress))
    progress.clear()


def _accounted(
    items: Iterable[Item], workspaces: Workspaces, paths: Iterable[str], tally: Tally
) -> Iterator[Item]:
    """The items; when they are used up, it is known how many entries of baselines nothing needs."""
    looked: Looked | None = None
    for item in items:
        if looked is None and workspaces.has_baseline:
            from auto_enforcer import cli_looked

            looked = cli_looked.Looked(workspaces, [real_path(path) for path in paths])
        yield item if looked is None else looked.watched(item)
    tally.unused_entries = 0 if looked is None else looked.unused()


def _know(names: Iterable[str], workspaces: Workspaces, paths: Iterable[str]) -> None:
    """Raise UserError for a name that is no rule or family."""
    if names:
        from auto_enforcer import cli_team

        cli_team.refuse_unknown(names, workspaces, paths)


def _rendered(
    options: argparse.Namespace,
    items: Iterable[Item],
    tally: Tally,
    workspaces: Workspaces,
    points: Sequence[Point],
) -> Iterator[str]:
    """The chunks of a report. `points` are the counts of other days."""
    if options.format == "jsonl":
        from auto_enforcer.render import jsonl

        return jsonl.render(items, tally)
    if options.format == "json":
        from auto_enforcer.render import json

        return json.render(items, tally, version=__version__, verbose=options.verbose)
    if options.format == "sarif":
        from auto_enforcer.render import sarif

        root = os.getcwd().replace(os.sep, "/")
        marks = _Fingerprints()
        return sarif.render(
            items, tally, version=__version__, rules=RuleInfos(workspaces), fingerprint=marks.of, root=root
        )
    if options.format != "text":
        from auto_enforcer import cli_reports

        rules = RuleInfos(workspaces)
        marks = _Fingerprints()
        return cli_reports.rendered(options.format, items, tally, workspaces, rules, marks.of, points)
    from auto_enforcer.render import text as plain

    seen = options.output is None and wants_colour(sys.stdout)
    wants = options.color == "always" or (options.color == "auto" and seen)
    return plain.render(items, tally, colour=wants, verbose=options.verbose)


def _checked(
    workspaces: Workspaces, paths: Iterable[str], options: argparse.Namespace, progress: _Progress
) -> Iterator[Item]:
    found = found_below(workspaces, paths, workspaces.look_into)
    if options.output is not None:
        found = _but_report(found, os.path.abspath(options.output))
    if options.no_cache:
        yield from _each_checked(workspaces, found, options, progress)
    else:
        found = _reusing(workspaces, found, options.rule)
        try:
            yield from _each_checked(workspaces, found, options, progress)
            _keep(workspaces)
        finally:
            if workspaces.results is not None:
                workspaces.results.close()
    yield from of_folders(workspaces)
    for place, message in workspaces.policy_problems():
        yield CouldNotRun(place, message)


def _but_report(found: Iterable[files.Found | files.Left], path: str) -> Iterator[files.Found | files.Left]:
    """The files without the one that the report is written to: it would find in it what it found before."""
    for one in found:
        yield files.Left(one.path, "report") if one.path == path else one


def _reusing(
    workspaces: Workspaces, found: Iterator[files.Found | files.Left], only: Iterable[str]
) -> Iterator[files.Found | files.Left]:
    """The files again, from the first. If they are many, what earlier runs found in them is at hand then."""
    from itertools import chain, islice

    first = list(islice(found, FEWEST_REUSED))
    if len(first) == FEWEST_REUSED:
        from auto_enforcer import results

        path = results.path_of(next(iter(workspaces.sessions())).root)
        release = results.release() if path else b""
        if release:
            workspaces.results = results.Results(release, only, path)
    return chain(first, found)


def _keep(workspaces: Workspaces) -> None:
    """Keep what was found for later runs. That this cannot be done is no failure, but said once."""
    results = workspaces.results
    if results is None:
        return
    results.save()
    if results.problem:
        why = f"what was found cannot be kept for the next run: {printable(results.problem)}"
        sys.stderr.write(f"auto-enforcer: {why}\n")


def _each_checked(
    workspaces: Workspaces,
    found: Iterator[files.Found | files.Left],
    options: argparse.Namespace,
    progress: _Progress,
) -> Iterator[Item]:
    jobs = options.jobs
    if jobs is None and not options.timings:
        found, jobs = _by_work(found, progress)
    if jobs is not None and jobs > 1:
        from auto_enforcer import cli_jobs

        yield from cli_jobs.checked(found, jobs, options.rule, workspaces)
    else:
        for one in found:
            if isinstance(one, files.Left):
                yield from left(one)
            else:
                yield from checked_file(workspaces, one)


def _by_work(
    found: Iterator[files.Found | files.Left], progress: _Progress
) -> tuple[Iterator[files.Found | files.Left], int]:
    """How many processes are worth while; the files again, from the first. Tells how many there are, where
    that is known by then."""
    from itertools import chain, islice

    cores = os.cpu_count() or 1
    if cores == 1:
        return found, 1
    first = list(islice(found, MANY_FILES))
    if len(first) < MANY_FILES:
        progress.total = len(first)
    return chain(first, found), min(cores, MOST_JOBS) if len(first) == MANY_FILES else 1


def _standard_input(workspaces: Workspaces, path: str | None) -> Iterator[Item]:
    """Check standard input, kept in a temporary file where it is longer than a block."""
    shown = path or "stdin"
    if path is None:
        sys.stderr.write(
            "auto-enforcer: checking standard input as plain text; "
            "add `--stdin-path FILE` to say which file it stands for\n"
        )
    source = sys.stdin.buffer
    first = source.read(text.BLOCK)
    rest = source.read(text.BLOCK) if len(first) == text.BLOCK else b""
    session = workspaces.of(os.path.abspath(shown))
    relative = session.relative(os.path.abspath(shown))
    workspaces.given[shown] = lambda: None if rest else first
    if not rest:
        checked = session.check_chunks(relative, [first], lambda: [first], shown=shown)
        data = first
    else:
        import tempfile

        with tempfile.TemporaryFile() as spool:
            for chunk in (first, rest):
                spool.write(chunk)
            while chunk := source.read(text.BLOCK):
                spool.write(chunk)

            def chunks() -> Iterator[bytes]:
                position = 0
                while True:
                    spool.seek(position)
                    chunk = spool.read(text.BLOCK)
                    if not chunk:
                        return
                    position += len(chunk)
                    yield chunk

            checked = session.check_chunks(relative, chunks(), chunks, shown=shown)
            data = b"" if session.comparing is None else b"".join(chunks())
            yield from _items(session, _compared(session, shown, checked.report, data), checked.skipped)
        return
    yield from _items(session, _compared(session, shown, checked.report, data), checked.skipped)


def _compared(session: Session, shown: str, report: Report | None, data: bytes) -> Report | None:
    return None if report is None else session.compared(os.path.abspath(shown), report, data)


def _items(session: Session, report: Report | None, skipped: Skipped | None) -> Iterator[Item]:
    if report is not None:
        yield report
    if skipped is not None:
        yield skipped
    for failure in session.failures:
        yield CouldNotRun(failure.path, told(failure.reason))
    for problem in session.problems(with_consequences=True):
        key = f"{problem.place.key}: " if problem.place.key else ""
        yield CouldNotRun(str(problem.place), key + problem.message)


def _print_timings(timings: Mapping[str, tuple[float, int]]) -> None:
    sys.stderr.write("    seconds    looks  rule\n")
    for rule, (seconds, looks) in sorted(timings.items(), key=lambda item: -item[1][0]):
        sys.stderr.write(f"{seconds:11.6f} {looks:8}  {rule}\n")


class RuleInfos(Mapping[str, RuleInfo]):
    """What a report says of the rules, read when asked for."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces
        self._every: Lookout | None = None

    def __getitem__(self, rule: str) -> RuleInfo:
        entry = catalog.entries().get(rule)
        if entry is None:
            return self._of_team(rule)
        from pathlib import Path

        from auto_enforcer.catalog_pages import page

        told = self._harmless(page(rule))
        url = Path(PAGES, entry.family, f"{entry.family}.md").as_uri()
        return RuleInfo(rule, rule.rpartition("/")[2].replace("-", " "), entry.severity, url, told)

    def _of_team(self, rule: str) -> RuleInfo:
        """What there is to say of the first rule of that name that a policy brings. Raises KeyError."""
        from auto_enforcer import cli_team

        for session in self._workspaces.sessions():
            for policy in session.resolver.policies():
                for own in policy.content.rules:
                    if own.id == rule:
                        page = self._harmless(cli_team.masked_page(own, session, policy))
                        mask = session.mask_of(policy.files)
                        url = own.url if mask(own.url) == own.url else ""
                        name = rule.rpartition("/")[2].replace("-", " ")
                        words = tuple(map(mask, own.words))
                        return RuleInfo(rule, name, own.severity, url, page, words)
        raise KeyError(rule)

    def _harmless(self, page: str) -> str:
        from auto_enforcer.cli_pages import harmless

        if self._every is None:
            self._every = self._workspaces.concealing()
        return harmless(page, self._every)

    def __iter__(self) -> Iterator[str]:
        return iter(catalog.entries())

    def __len__(self) -> int:
        return len(catalog.entries())


class _Fingerprints:
    """What stays the same of a violation while lines move: the rule, the path, the message, and which of
    those that are alike it is."""

    def __init__(self) -> None:
        self._path = ""
        self._seen: dict[str, int] = {}

    def of(self, report: Report, row: Row) -> str:
        """The fingerprint, in hexadecimal."""
        import hashlib

        if report.path != self._path:
            self._path, self._seen = report.path, {}
        key = f"{row.violation.rule}\n{report.path}\n{row.violation.message}"
        ordinal = self._seen[key] = self._seen.get(key, 0) + 1
        return hashlib.sha256(f"{key}\n{ordinal}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


class _Progress:
    """A line on a terminal's standard error that says how many files were checked, with a bar where it is
    known of how many."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._drawn = False
        self._next = time.monotonic() + 0.5
        self._count = 0
        self._last = ""
        self.total = 0
        """Files that there are; 0 while nobody knows."""

    def watching(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items, counted as they pass."""
        for item in items:
            if self._enabled and isinstance(item, (Report, Skipped)) and item.path != self._last:
                self._last = item.path
                self._count += 1
                now = time.monotonic()
                if now >= self._next:
                    self._next = now + 0.1
                    self._drawn = True
                    width = columns(sys.stderr)
                    sys.stderr.write(f"\r\x1b[K{progress_line(self._count, item.path, width, self.total)}")
                    sys.stderr.flush()
            yield item

    def clear(self) -> None:
        """Take the line away, before something else is written."""
        if self._drawn:
            sys.stdout.flush()
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._drawn = False


def progress_line(count: int, path: str, width: int, total: int = 0) -> str:
    """How far a run is, on one line of a terminal so many columns wide; `total` is 0 where it is unknown."""
    said = f"checked {counted(count, 'file')}"
    if total:
        count = min(count, total)
        said = f"checked {count} of {counted(total, 'file')}"
        if width > len(said) + BAR + 4:
            done = BAR * count // total
            said = f"[{'#' * done}{'-' * (BAR - done)}] {said}"
    room = width - len(said) - len(", at ") - 1
    # Other letters may take two columns.
    if room < 10 or not (path.isascii() and path.isprintable()):
        return said[: max(0, width - 1)]
    return f"{said}, at {path if len(path) <= room else '…' + path[1 - room :]}"
