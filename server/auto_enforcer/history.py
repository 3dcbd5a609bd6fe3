"""What runs over a whole workspace found, day by day, and which rules could not run: kept between runs beside
the answers, so that a report can show where things are going. Whatever is wrong with the file, it is as if
there were none.

A first line with the digest of the rest, then a line a day and a line a rule. There are counts, days and the
names of our rules in it, and nothing of the workspace.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping

from auto_enforcer import pattern_compiler, reading
from auto_enforcer.hashing import begin, digest
from auto_enforcer.keeping import path_for, sweep
from auto_enforcer.model import NamedTuple
from auto_enforcer.pattern_cache import Turn, is_ours

SUFFIX = ".history"

MOST_DAYS = 366
"""Days that are kept, at most: the last ones."""

MOST_RULES = 64
"""Rules that could not run, at most: those of which that was met last."""

MOST_FILES = 200
"""Histories that a user has, at most: one a workspace. Those not written for longest are removed."""

LARGEST = 64 << 10
"""Bytes of a history, at most."""

_FIRST = "auto-enforcer history 1"
_COULD_NOT = " could not run"


class Point(NamedTuple):
    """A day, written as 2026-01-31, and what the last run on it found."""

    day: str
    blocked: int
    warnings: int
    historical: int
    """A part of both before."""


class Failed(NamedTuple):
    """A rule that could not run: the last day on which that was so, and in how many files."""

    rule: str
    day: str
    files: int


class History(NamedTuple):
    """What is kept of a workspace: days in their order, rules by name."""

    points: tuple[Point, ...] = ()
    failed: tuple[Failed, ...] = ()


def path_of(root: str) -> str:
    """The file for a workspace, by its absolute path; "" where the user has no place for it."""
    return path_for(root, SUFFIX)


def rule_of(reason: str) -> str:
    """The rule that a failure's reason says could not run; "" for another failure."""
    _, _, rest = reason.partition("`")
    rule, _, said = rest.partition("`")
    return rule if reason.startswith("`") and said.startswith(_COULD_NOT) else ""


def read(path: str) -> History:
    """The history in a file; an empty one where there is none, or it is damaged, of another version, or could
    be someone else's."""
    try:
        with reading.open_regular(path) as file:
            content = file.read(LARGEST + 1) if is_ours(os.fstat(file.fileno())) else b""
        return _parsed(content.decode("ascii"))
    except (OSError, ValueError):
        return History()


def note(path: str, day: str, counts: tuple[int, int, int] | None, failed: Mapping[str, int]) -> str:
    """Keep what a run over the whole workspace has come to: what was blocked, warned of and historical, None
    where that is not known; and by rule in how many files it could not run. Waits for other processes that do
    the same. Why it cannot be kept; "" where nothing is wrong."""
    if not path or (counts is None and not failed):
        return ""

    def noted(history: History) -> History:
        points = {point.day: point for point in history.points}
        if counts is not None:
            points[day] = Point(day, *counts)
        rules = {one.rule: one for one in history.failed}
        for rule, files in failed.items():
            rules[rule] = Failed(rule, day, files)
        last = sorted(rules.values(), key=lambda one: (one.day, one.rule))[-MOST_RULES:]
        return History(
            tuple(points[one] for one in sorted(points)[-MOST_DAYS:]),
            tuple(sorted(last, key=lambda one: one.rule)),
        )

    return _changed(path, noted)


def forget(paths: Iterable[str]) -> list[str]:
    """Remove files that are kept for a workspace; those that there were. Raises OSError."""
    gone = []
    for path in paths:
        if not os.path.lexists(path):
            continue
        with Turn(f"{path}.lock"):
            try:
                os.unlink(path)
            except FileNotFoundError:  # another process was faster
                continue
        gone.append(path)
    return gone


def _changed(path: str, change: Callable[[History], History]) -> str:
    """Put a changed history in the place of what is kept. Why that cannot be done, "" for nothing."""
    with Turn(f"{path}.lock"):
        try:
            before = read(path)
            after = change(before)
            if after != before:
                pattern_compiler.write(path, _written(after))
                sweep(path, SUFFIX, MOST_FILES)
        except OSError as error:
            return error.strerror or str(error)
    return ""


def _written(history: History) -> bytes:
    lines = [
        f"found {point.day} {point.blocked} {point.warnings} {point.historical}\n" for point in history.points
    ]
    lines += [f"failed {one.day} {one.files} {one.rule}\n" for one in history.failed]
    body = "".join(lines)
    return f"{_FIRST} {_digest(body)}\n{body}".encode("ascii")


def _parsed(content: str) -> History:
    """Raises ValueError for what was not written so."""
    first, _, body = content.partition("\n")
    if len(content) > LARGEST or first != f"{_FIRST} {_digest(body)}":
        raise ValueError
    points, failed = [], []
    for line in body.splitlines():
        kind, day, *rest = line.split(" ")
        if kind == "found":
            points.append(Point(day, *map(int, rest)))
        else:
            files, rule = rest
            failed.append(Failed(rule, day, int(files)))
    return History(tuple(points), tuple(failed))


def _digest(body: str) -> str:
    return digest(begin(body.encode("ascii"))).hex()
