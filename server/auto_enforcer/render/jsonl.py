"""One JSON object a line and violation, for programs that read while we write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from auto_enforcer.model import Report, Row, Stage, Verdict
from auto_enforcer.render.items import Item, Tally, is_historical


def render(items: Iterable[Item], tally: Tally) -> Iterator[str]:
    """Lines of ASCII with their ends, one for each violation that is shown, and nothing else."""
    for item in tally.counting(items):
        if isinstance(item, Report):
            for line in objects(item):
                yield line + "\n"


def objects(report: Report) -> Iterator[str]:
    """The report's violations that are shown, each as a JSON object without a line end. Lines and columns
    are 1-based, columns are code points, the end is the one past the last. In a notebook they are those of
    its file; `cell` is the number of the cell, and `cell_line` the line of its source, if it is there."""
    from json.encoder import encode_basestring_ascii as encode

    path = encode(report.path)
    for row, verdict in report.rows:
        if verdict.shown is not None:
            yield _object(path, row, verdict, encode)


def _object(path: str, row: Row, verdict: Verdict, encode: Callable[[str], str]) -> str:
    # Put together by hand: a `json.dumps` of each violation takes four times as long.
    violation, line = row.violation, row.number + 1
    scope = "historical" if is_historical(verdict) else "new"
    stage = "" if verdict.stage is Stage.BLOCK else f'"stage": "{verdict.stage.value}", '
    cell = ""
    if row.cell is not None:
        cell = f'"cell": {row.cell.number}, '
        cell += "" if row.cell.line is None else f'"cell_line": {row.cell.line + 1}, '
    return (
        f'{{"path": {path}, "line": {line}, "column": {violation.start + 1}, '
        f'"end_line": {line}, "end_column": {violation.end + 1}, {cell}"rule": {encode(violation.rule)}, '
        f'"severity": "{verdict.severity.value}", "scope": "{scope}", {stage}'
        f'"message": {encode(violation.message)}}}'
    )
