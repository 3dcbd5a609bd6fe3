"""Workflow commands of GitHub Actions: each violation is an annotation at its line of a pull request.

A command is one line, `::error file=…,line=…::message`. GitHub shows ten annotations of each kind a step; the
log of the step has them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auto_enforcer.model import Report, Row, Verdict
from auto_enforcer.render.items import CouldNotRun, Item, Tally, place_of, with_remark
from auto_enforcer.render.text import printable, sentence

_COMMANDS = {"error": "error", "warning": "warning", "information": "notice"}


def render(items: Iterable[Item], tally: Tally) -> Iterator[str]:
    """One command a violation and one for all that could not run, as they come; then what it adds up to.

    No other line holds text that the runner could take for a command. Columns are
    1-based code points, the end is the one past the last.
    """
    for item in tally.counting(items):
        if isinstance(item, Report):
            file = _property(item.path)
            for row, verdict in item.rows:
                if verdict.shown is not None:
                    yield _command(file, row, verdict, _COMMANDS[verdict.shown])
        elif isinstance(item, CouldNotRun):
            yield _failure(item)
    # A revision's name is in it.
    yield f"auto-enforcer: {sentence(tally).replace('##[', '## [')}\n"


def _command(file: str, row: Row, verdict: Verdict, command: str) -> str:
    violation, line = row.violation, row.number + 1
    end = max(violation.end, violation.start) + 1
    return (
        f"::{command} file={file},line={line},endLine={line},col={violation.start + 1},endColumn={end},"
        f"title={_property(violation.rule)}::{_data(with_remark(row, verdict))}\n"
    )


def _failure(failure: CouldNotRun) -> str:
    path, line, column = place_of(failure)
    place = f"file={_property(path)},line={line}," if line else ""
    place += f"col={column}," if column else ""
    message = _data(f"{failure.what}: {failure.why}")
    return f"::error {place}title=auto-enforcer could not run::{message}\n"


def _data(text: str) -> str:
    """A message. Line ends are no line ends in it, and what moves a terminal's cursor is escaped."""
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    """A value before the message, where colons and commas end it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
