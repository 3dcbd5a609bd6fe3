"""JUnit's XML, which every CI server reads: a suite for each file with violations, a case for each violation.

What is shown as an error is a failure; other violations are skipped cases, so that only what blocks turns a
build red. What could not run is an error of the last suite, which has one case that passes where all ran.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auto_enforcer.model import Report, Row, Verdict
from auto_enforcer.render.items import Item, Tally, remark
from auto_enforcer.render.markup import escaped
from auto_enforcer.render.text import sentence

MOST_CASES = 500
"""Cases of a suite, which says before the first how many there are; a file with more has several suites."""

_OWN = "auto-enforcer"


def render(items: Iterable[Item], tally: Tally, *, version: str, at: str) -> Iterator[str]:
    """ASCII. `at` is when the run began, as `2026-11-22T10:00:00`. Suppressed violations are skipped cases
    with the reason; those that are not shown for another reason are left out."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    number = 0
    for item in tally.counting(items):
        if isinstance(item, Report):
            cases: list[str] = []
            failures = 0
            classname = escaped(item.path)
            for row, verdict in item.rows:
                if verdict.shown is None and row.suppression is None:
                    continue
                if len(cases) == MOST_CASES:
                    yield _suite(classname, at, number, cases, failures=failures)
                    number, cases, failures = number + 1, [], 0
                failures += verdict.shown == "error"
                cases.append(_case(classname, row, verdict))
            if cases:
                yield _suite(classname, at, number, cases, failures=failures)
                number += 1
    yield _own_suite(tally, version, at, number)
    yield "</testsuites>\n"


def _case(classname: str, row: Row, verdict: Verdict) -> str:
    violation = row.violation
    place = f"{row.number + 1}:{violation.start + 1}"
    message, word = escaped(violation.message), verdict.severity.value
    if verdict.shown is None:
        reason = row.suppression.reason if row.suppression is not None else ""
        outcome = f'<skipped message="{escaped(f"suppressed: {reason}" if reason else "suppressed")}"/>'
    elif verdict.shown == "error":
        body = f"{classname}:{place}: {word}: {message}"
        outcome = f'<failure type="{word}" message="{message}">{body}</failure>'
    else:
        said = remark(verdict)
        outcome = f'<skipped message="{word}{escaped(f", {said}" if said else "")}: {message}"/>'
    name = f"{escaped(violation.rule)} at {place}"
    return f'<testcase classname="{classname}" name="{name}" time="0">{outcome}</testcase>\n'


def _own_suite(tally: Tally, version: str, at: str, number: int) -> str:
    """What could not run, or that all did; and the counts."""
    cases = [
        f'<testcase classname="{_OWN}" name="{escaped(failure.what)}" time="0">'
        f'<error type="could-not-run" message="{escaped(failure.why)}"/></testcase>\n'
        for failure in tally.could_not_run
    ]
    unnamed = tally.failures - len(tally.could_not_run)
    if unnamed:
        cases.append(
            f'<testcase classname="{_OWN}" name="others" time="0">'
            f'<error type="could-not-run" message="{unnamed} more could not run"/></testcase>\n'
        )
    errors = len(cases)
    if not cases:
        cases.append(f'<testcase classname="{_OWN}" name="everything ran" time="0"/>\n')
    counts = {
        "version": version,
        "files": tally.files,
        "blocked": tally.blocked,
        "warnings": tally.warnings,
        "historical": tally.historical,
        "suppressed": tally.suppressed,
        "observed": tally.observed,
        "would-block": tally.would_block,
    }
    said = "".join(
        f'<property name="{name}" value="{escaped(str(value))}"/>' for name, value in counts.items()
    )
    return _suite(_OWN, at, number, cases, errors=errors, properties=said, out=escaped(sentence(tally)))


def _suite(
    name: str,
    at: str,
    number: int,
    cases: list[str],
    *,
    failures: int = 0,
    errors: int = 0,
    properties: str = "",
    out: str = "",
) -> str:
    skipped = sum("<skipped " in case for case in cases)
    return (
        f'<testsuite name="{name}" package="" id="{number}" hostname="localhost" timestamp="{at}" time="0" '
        f'tests="{len(cases)}" failures="{failures}" errors="{errors}" skipped="{skipped}">\n'
        f"<properties>{properties}</properties>\n{''.join(cases)}"
        f"<system-out>{out}</system-out>\n<system-err/>\n</testsuite>\n"
    )
