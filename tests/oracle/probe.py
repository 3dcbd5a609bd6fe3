"""The zones that a check gives to every character of a text, asked by a rule that reports all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from auto_enforcer import engine, lexer, text
from auto_enforcer.looks import MARK, Action, Look, Lookout, Plan
from auto_enforcer.model import Candidate, File, Line, Options, Rule, Severity, Zone
from found import PlainScanner, loading

LETTERS = {Zone.CODE: "c", Zone.COMMENT: "#", Zone.STRING: "s", Zone.TEXT: "t"}

CUT = 300
"""Columns at a line's start that are candidates of their own where it may be a piece of a longer one: such a
piece owns only what begins behind its margin of text.MARGIN bytes."""

WHOLE = 120
"""Characters of a text that is no piece, as the last piece of a line has 512 bytes at least."""

TODAY = date(2026, 11, 22)


def _runs(line: Line, options: Options) -> Iterator[Candidate]:
    ends = [start for start, _ in line.runs[1:]] + [len(line.text)]
    for (start, zone), end in zip(line.runs, ends, strict=True):
        details = {"zone": LETTERS[Zone(zone)], "language": line.language}
        if len(line.text) > WHOLE:
            while start < min(CUT, end):
                yield Candidate(start, start + 1, details)
                start += 1
        if start < end:
            yield Candidate(start, end, details)


PROBE = Rule(
    id="oracle/zone",
    severity=Severity.WARNING,
    message="{zone}{language}",
    zones=Zone.EVERYWHERE,
    check=_runs,
    everywhere=True,
)

TRIGGER = r"[^\n]{1,400}"
"""What the probe looks at: every line that is not empty, and every piece of a long one."""


def _lookout(language: str | None) -> Lookout:
    """As a real plan has it: the marks belong to the languages, the probe to all of them."""
    if language is not None:
        marks = lexer.marks(language)
        return Lookout(PlainScanner(marks), (MARK,) * len(marks))
    look: Action = Look(PROBE.id, PROBE.severity, {}, None, loading(PROBE))
    return Lookout(PlainScanner([TRIGGER]), (look,))


PLAN = Plan(_lookout(None), _lookout, {PROBE.id: PROBE.severity}, lambda name: "")


def zones(content: str, language: str) -> list[tuple[str, str]]:
    """The zone letters of each line, and the language that it ends in; of a line longer than text.BLOCK, and
    of an empty one, blanks."""
    lines = content.split("\n")
    letters = [[" "] * len(line) for line in lines]
    languages = [language] * len(lines)
    for row in engine.check(PLAN, File(language, TODAY), text.blocks([content.encode()])):
        found = row.violation
        assert found.rule == PROBE.id, found
        letters[row.number][found.start : found.end] = found.message[0] * (found.end - found.start)
        languages[row.number] = found.message[1:]
    return [("".join(row), spoken) for row, spoken in zip(letters, languages, strict=True)]
