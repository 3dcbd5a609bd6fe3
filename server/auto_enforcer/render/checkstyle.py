"""Checkstyle's XML, which many tools read: a `file` for each file, an `error` for each violation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auto_enforcer.model import Report, Row, Verdict
from auto_enforcer.render.items import COULD_NOT_RUN, Item, Tally, place_of, with_remark
from auto_enforcer.render.markup import escaped

_SEVERITIES = {"error": "error", "warning": "warning", "information": "info"}


def render(items: Iterable[Item], tally: Tally, *, version: str) -> Iterator[str]:
    """ASCII. Lines and columns are 1-based, columns are code points. What could not run comes last, as an
    error of the file that it speaks of."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="{escaped(version)}">\n'
    for item in tally.counting(items):
        if isinstance(item, Report):
            begun = False
            for row, verdict in item.rows:
                if verdict.shown is not None:
                    if not begun:
                        yield f'<file name="{escaped(item.path)}">\n'
                        begun = True
                    yield _error(row, verdict, _SEVERITIES[verdict.shown])
            if begun:
                yield "</file>\n"
    for failure in tally.could_not_run:
        path, line, column = place_of(failure)
        yield _failure(path, line, column, f"{failure.what}: {failure.why}")
    unnamed = tally.failures - len(tally.could_not_run)
    if unnamed:
        yield _failure("auto-enforcer", 0, 0, f"{unnamed} more could not run")
    yield "</checkstyle>\n"


def _error(row: Row, verdict: Verdict, severity: str) -> str:
    return (
        f'<error line="{row.number + 1}" column="{row.violation.start + 1}" severity="{severity}" '
        f'message="{escaped(with_remark(row, verdict))}" source="{escaped(row.violation.rule)}"/>\n'
    )


def _failure(path: str, line: int, column: int, message: str) -> str:
    at = f' column="{column}"' if column else ""
    return (
        f'<file name="{escaped(path)}">\n<error line="{max(line, 1)}"{at} severity="error" '
        f'message="{escaped(message)}" source="{COULD_NOT_RUN}"/>\n</file>\n'
    )
