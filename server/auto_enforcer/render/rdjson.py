"""Reviewdog's diagnostic format: a JSON object with a diagnostic for each violation, fixes as suggestions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from auto_enforcer.model import Edit, Fix, Report, Row, Verdict
from auto_enforcer.render.items import COULD_NOT_RUN, Item, RuleInfo, Tally, place_of, with_remark
from auto_enforcer.render.text import printable

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "information": "INFO"}

MOST_LINES = 20
"""Lines from the first edit of a fix to its last, at most, where they become one suggestion."""


def render(
    items: Iterable[Item],
    tally: Tally,
    *,
    rules: Mapping[str, RuleInfo],
    text: Callable[[str, int], str | None],
    is_harmless: Callable[[str, int], bool],
) -> Iterator[str]:
    """ASCII, a diagnostic a line. What could not run comes last, as errors.

    Columns are 1-based bytes of UTF-8, so `text` is asked for the line of a report's path and a 0-based
    number; where it gives None, ranges are whole lines and there are no suggestions. A suggestion that would
    repeat a line, because the fix has several edits, is made only where `is_harmless` lets it.
    """
    from json.encoder import encode_basestring_ascii as encode

    separator = "\n"
    urls: dict[str, str] = {}
    yield '{"source": {"name": "auto-enforcer"}, "diagnostics": ['
    for item in tally.counting(items):
        if isinstance(item, Report):
            path = encode(printable(item.path))
            columns = _Columns(item.path, text, is_harmless)
            for row, verdict in item.rows:
                if verdict.shown is not None:
                    rule = row.violation.rule
                    if rule not in urls:
                        info = rules.get(rule)
                        urls[rule] = info.url if info is not None else ""
                    yield separator + _diagnostic(path, row, verdict, columns, urls[rule])
                    separator = ",\n"
    for failure in tally.could_not_run:
        name, line, _ = place_of(failure)
        yield separator + _failure(encode(printable(name)), max(line, 1), f"{failure.what}: {failure.why}")
        separator = ",\n"
    unnamed = tally.failures - len(tally.could_not_run)
    if unnamed:
        yield separator + _failure('"."', 1, f"{unnamed} more could not run")
    yield "\n]}\n"


class _Columns:
    """Places of one file as the format has them."""

    __slots__ = ("_is_harmless", "_line", "_number", "_path", "_text")

    def __init__(
        self, path: str, text: Callable[[str, int], str | None], is_harmless: Callable[[str, int], bool]
    ) -> None:
        self._path = path
        self._text = text
        self._is_harmless = is_harmless
        self._number = -1
        self._line: str | None = None

    def line(self, number: int) -> str | None:
        """A line, to count in."""
        if number != self._number:
            self._number, self._line = number, self._text(self._path, number)
        return self._line

    def position(self, number: int, column: int) -> str | None:
        """A place given by 0-based line and code point; None where the line is not known. The one after the
        last line is."""
        line = "" if column == 0 else self.line(number)
        if line is None:
            return None
        bytes_before = len(line[:column].encode("utf-8", "replace"))
        return f'{{"line": {number + 1}, "column": {bytes_before + 1}}}'

    def between(self, start: tuple[int, int], end: tuple[int, int]) -> str | None:
        """What stands between two places; None where it is not known, too much, or must not be told."""
        first, last = start[0], end[0]
        if start == end:
            return ""
        if last - first > MOST_LINES:
            return None
        lines: list[str] = []
        for number in range(first, last + 1):
            line = "" if number == last and end[1] == 0 else self.line(number)
            if line is None or (line and not self._is_harmless(self._path, number)):
                return None
            lines.append(line)
        lines[-1] = lines[-1][: end[1]]
        lines[0] = lines[0][start[1] :]
        return "\n".join(lines)


def _diagnostic(path: str, row: Row, verdict: Verdict, columns: _Columns, url: str) -> str:
    from json.encoder import encode_basestring_ascii as encode

    violation, number = row.violation, row.number
    place = _range(columns, (number, violation.start), (number, violation.end))
    if place is None:
        place = f'{{"start": {{"line": {number + 1}}}}}'
    code = f'"value": {encode(violation.rule)}'
    if url.startswith(("https://", "http://")):
        code += f', "url": {encode(printable(url))}'
    diagnostic = (
        f'{{"message": {encode(printable(with_remark(row, verdict)))}, '
        f'"location": {{"path": {path}, "range": {place}}}, '
        f'"severity": "{_SEVERITIES[verdict.shown or "information"]}", "code": {{{code}}}'
    )
    made = (_suggestion(columns, number, fix) for fix in violation.fixes)
    suggestions = [suggestion for suggestion in made if suggestion is not None]
    if suggestions:
        diagnostic += f', "suggestions": [{", ".join(suggestions)}]'
    return diagnostic + "}"


def _suggestion(columns: _Columns, number: int, fix: Fix) -> str | None:
    """A fix as one range and its text: what stands between its edits stays. None where that cannot be."""
    from json.encoder import encode_basestring_ascii as encode

    edits = sorted(fix.edits, key=_place)
    if not edits:
        return None
    start = number + edits[0].start_line, edits[0].start
    at, pieces = start, []
    for edit in edits:
        next_at = number + edit.start_line, edit.start
        kept = columns.between(at, next_at) if next_at >= at else None
        if kept is None:
            return None
        pieces += [kept, edit.text]
        at = number + edit.end_line, edit.end
    place, text = _range(columns, start, at), "".join(pieces)
    # Half a pair of surrogates is refused, and the whole report with it.
    if place is None or any("\ud800" <= character <= "\udfff" for character in text):
        return None
    return f'{{"range": {place}, "text": {encode(text)}}}'


def _place(edit: Edit) -> tuple[int, int]:
    return edit.start_line, edit.start


def _range(columns: _Columns, start: tuple[int, int], end: tuple[int, int]) -> str | None:
    first, last = columns.position(*start), columns.position(*end)
    if first is None or last is None:
        return None
    return f'{{"start": {first}, "end": {last}}}'


def _failure(path: str, line: int, message: str) -> str:
    from json.encoder import encode_basestring_ascii as encode

    return (
        f'{{"message": {encode(printable(message))}, "location": {{"path": {path}, '
        f'"range": {{"start": {{"line": {line}}}}}}}, "severity": "ERROR", '
        f'"code": {{"value": "{COULD_NOT_RUN}"}}}}'
    )
