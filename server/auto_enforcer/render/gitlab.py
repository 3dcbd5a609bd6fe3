"""GitLab's code quality report: a JSON array with an object for each violation.

GitLab reads `description`, `check_name`, `fingerprint`, `severity`, `location.path` and
`location.lines.begin`, and compares the fingerprints with those of the target branch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from auto_enforcer.model import Report, Row
from auto_enforcer.render.items import COULD_NOT_RUN, CouldNotRun, Item, Tally, place_of, with_remark
from auto_enforcer.render.text import printable

_SEVERITIES = {"error": "critical", "warning": "minor", "information": "info"}


def render(
    items: Iterable[Item], tally: Tally, *, fingerprint: Callable[[Report, Row], str]
) -> Iterator[str]:
    """ASCII, an object a line. What could not run is of the highest severity, `blocker`, and comes last.

    `fingerprint` is asked once for each violation that is shown, in order, and must not depend on line
    numbers.
    """
    separator = "\n"
    yield "["
    for item in tally.counting(items):
        if isinstance(item, Report):
            for row, verdict in item.rows:
                if verdict.shown is not None:
                    severity, message = _SEVERITIES[verdict.shown], with_remark(row, verdict)
                    place = item.path, row.number + 1
                    mark = fingerprint(item, row)
                    yield separator + _object(row.violation.rule, message, severity, mark, *place)
                    separator = ",\n"
    for failure in tally.could_not_run:
        path, line, _ = place_of(failure)
        message = f"{failure.what}: {failure.why}"
        mark = _fingerprint(failure)
        yield separator + _object(COULD_NOT_RUN, message, "blocker", mark, path, max(line, 1))
        separator = ",\n"
    unnamed = tally.failures - len(tally.could_not_run)
    if unnamed:
        rest = CouldNotRun("auto-enforcer", f"{unnamed} more could not run")
        yield separator + _object(COULD_NOT_RUN, rest.why, "blocker", _fingerprint(rest), ".", 1)
    yield "\n]\n"


def _object(rule: str, message: str, severity: str, fingerprint: str, path: str, line: int) -> str:
    from json.encoder import encode_basestring_ascii as encode

    # Made printable: half a pair of surrogates is refused by readers, and a NUL by GitLab's database.
    return (
        f'{{"type": "issue", "check_name": {encode(rule)}, "description": {encode(printable(message))}, '
        f'"severity": "{severity}", "fingerprint": {encode(fingerprint)}, '
        f'"location": {{"path": {encode(printable(path))}, "lines": {{"begin": {line}}}}}}}'
    )


def _fingerprint(failure: CouldNotRun) -> str:
    from hashlib import sha256

    said = f"{COULD_NOT_RUN}\n{failure.what}\n{failure.why}"
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]
