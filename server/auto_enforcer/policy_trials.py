"""The tests that a team's rule brings: it runs over each text as it would over a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from auto_enforcer import engine, text
from auto_enforcer.looks import MARK, BlockScanner, Lookout, Plan
from auto_enforcer.model import File, Row
from auto_enforcer.plain_scanner import PlainScanner
from auto_enforcer.policy_lookouts import EveryLine, lookouts
from auto_enforcer.policy_values import Problem, TeamRule, TeamTest
from auto_enforcer.policy_words import short
from auto_enforcer.scanner import PatternSet

TODAY = date(2026, 1, 1)
"""The day of a test that names none: the real one would make it fail one day."""


def failures(rule: TeamRule) -> Iterator[Problem]:
    """The tests that the rule fails, each at its place."""
    if not rule.tests:
        return
    plan = _plan(rule)
    for test in rule.tests:
        failure = _failure(plan, test)
        if failure:
            yield Problem(test.place, f"{failure}; until it is mended, `{rule.id}` does not run")


def _failure(plan: Plan, test: TeamTest) -> str:
    """Why a test fails, "" where it does not."""
    rows, failed = _found(plan, test)
    if failed:
        return "this test fails: the rule could not run"
    places = [_place(row) for row in rows]
    if not test.finds:
        return f"this test fails: something is found at {places[0]}" if rows else ""
    if not rows:
        return "this test fails: nothing is found"
    if test.range and test.range not in places:
        return f"this test fails: what is found is at {places[0]}, not at {test.range}"
    if test.fixed is not None:
        fixed = _fixed(test.text, rows)
        if fixed is None:
            return "this test fails: the rule has no fix"
        if fixed != test.fixed:
            return f"this test fails: fixed, the text is `{short(fixed, 200)}`"
    return ""


def _plan(rule: TeamRule) -> Plan:
    severities = {rule.id: rule.severity}
    blind = _plainly(PatternSet("team", "", (), (), ()))

    def make(language: str | None) -> Lookout:
        mine, facts = lookouts((rule,), language, severities, _plainly)
        if language is None:
            return Lookout(blind, (), mine, facts)
        # A text is short: instead of knowing what turns the state in its language, each line is read.
        return Lookout(EveryLine(1), (MARK,), mine, facts)

    return Plan(make(None), make, severities, lambda name: "")


def _plainly(patterns: PatternSet) -> BlockScanner:
    return _Plain(patterns)


class _Plain:
    __slots__ = ("scan",)

    def __init__(self, patterns: PatternSet) -> None:
        self.scan = PlainScanner(patterns.patterns, patterns.needles, patterns.numbers).find


def _found(plan: Plan, test: TeamTest) -> tuple[list[Row], bool]:
    """What is found in a test's text, and whether the rule could not run."""
    data = text.encode(text.well_formed(test.text))
    holding = engine.anywhere(plan, test.language, text.blocks([data]))
    file = File(test.language, test.today or TODAY, holding)
    failed: list[bool] = []
    rows = list(
        engine.check(plan, file, text.blocks([data]), walked=lambda walk: failed.append(bool(walk.failed)))
    )
    rows.sort(key=lambda row: (row.number, row.violation.start))
    return rows, any(failed)


def _place(row: Row) -> str:
    """As a test's `range` has it."""
    return f"{row.number + 1}:{row.violation.start + 1}-{row.violation.end}"


def _fixed(content: str, rows: Sequence[Row]) -> str | None:
    """The text after the first fix of each row; None where one has none."""
    lines = text.split_lines(content)
    for row in reversed(rows):
        if not row.violation.fixes:
            return None
        for edit in reversed(row.violation.fixes[0].edits):
            line = lines[row.number]
            lines[row.number] = line[: edit.start] + edit.text + line[edit.end :]
    return "".join(lines)
