"""Reads dates of several notations out of text, and writes another date in the same notation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from auto_enforcer.model import NamedTuple
from auto_enforcer.rules._common import regex

ISO = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

_NAMED = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    "|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)

NOTATIONS = (
    ISO,
    r"(?P<year>\d{4})/(?P<month>\d\d?)/(?P<day>\d\d?)",
    r"(?P<year>\d{4})\.(?P<month>\d\d)\.(?P<day>\d\d)",
    r"(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>\d{4})",
    r"(?P<first>\d\d?)/(?P<second>\d\d?)/(?P<year>\d{4})",
    rf"(?P<name>(?i:{_NAMED}))\b\.? (?P<day>\d\d?)(?P<suffix>st|nd|rd|th)?,? (?P<year>\d{{4}})",
    rf"(?P<day>\d\d?)(?P<suffix>st|nd|rd|th)?[ -](?P<name>(?i:{_NAMED}))\b\.?,?[ -](?P<year>\d{{4}})",
    rf"(?P<name>(?i:{_NAMED}))\b\.?,? (?P<year>\d{{4}})",
    r"(?P<year>\d{4})-(?P<month>\d\d)",
)


class Written(NamedTuple):
    """A date as it stands in a text: the latest day that it can mean, its length, how to write another."""

    day: date
    length: int
    pieces: tuple[tuple[str, str], ...]
    """(what, as written): `year`, `month`, … or "" for what stands between them; empty when its order is not
    certain."""

    def rewritten(self, other: date) -> str:
        """Another date in the same notation."""
        return "".join(_piece(what, written, other) for what, written in self.pieces)


def read(text: str, at: int) -> Written | None:
    """The date that begins at a column, if one does; None also for one that never was."""
    for notation in NOTATIONS:
        match = regex(notation + r"(?![\d-])").match(text, at)
        if match is None:
            continue
        groups = {name: value for name, value in match.groupdict().items() if value}
        readings = []
        for order in _ORDERS if "first" in groups else ({},):
            day = _day({order.get(name, name): value for name, value in groups.items()})
            if day is not None:
                readings.append((day, order))
        if not readings:
            return None
        latest, order = max(readings, key=lambda reading: reading[0])
        if len({day for day, _ in readings}) > 1:
            return Written(latest, match.end() - at, ())
        spans = sorted((*match.span(name), order.get(name, name)) for name in groups)
        return Written(latest, match.end() - at, tuple(_pieces(match.group(), at, spans)))
    return None


def real(year: int, month: int, day: int) -> date | None:
    """The date, None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


_ORDERS: tuple[Mapping[str, str], ...] = (
    {"first": "month", "second": "day"},
    {"first": "day", "second": "month"},
)
"""How a date of two numbers and a year, with slashes between, can be meant."""


def _day(groups: dict[str, str]) -> date | None:
    year = int(groups["year"])
    if name := groups.get("name"):
        month = next(at for at, full in enumerate(MONTHS, 1) if full.startswith(name.lower()[:3]))
    else:
        month = int(groups.get("month") or 0)
    if "day" in groups:
        return real(year, month, int(groups["day"] or 0))
    return next((last for day in (31, 30, 29, 28) if (last := real(year, month, day))), None)


def _pieces(text: str, offset: int, spans: list[tuple[int, int, str]]) -> Iterator[tuple[str, str]]:
    at = 0
    for start, end, name in spans:
        yield "", text[at : start - offset]
        yield name, text[start - offset : end - offset]
        at = end - offset
    yield "", text[at:]


def _piece(what: str, written: str, day: date) -> str:
    if what == "year":
        return f"{day.year:04}"
    if what in ("month", "day"):
        number = day.month if what == "month" else day.day
        return f"{number:02}" if len(written) == 2 else str(number)
    if what == "suffix":
        return "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    if what == "name":
        name = MONTHS[day.month - 1]
        if written.lower() not in MONTHS:
            name = name[:3]
        if written.isupper():
            return name.upper()
        return name.capitalize() if written[0].isupper() else name
    return written
