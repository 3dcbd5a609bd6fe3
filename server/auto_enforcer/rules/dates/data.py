"""Dates in data and settings, where a field may hold a day that never was."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import DATA, regex
from auto_enforcer.rules.dates import _calendar
from auto_enforcer.rules.dates._shared import (
    IMPOSSIBLE_TRIGGERS,
    MEANT,
    OTHER_NUMBER,
    OTHER_YEAR,
    PART_OF_TEXT,
    SENTINEL,
    Parts,
    is_impossible,
)

_VALUE = r"(?:^|[:=,>\[(])[ \t]{0,20}[\"']?$"
_AFTER = r"(?:[T ]\d\d:\d\d[0-9:.,+Z -]{0,30})?[\"']?[ \t]{0,20}(?:$|[,\]}<;)])"


def _impossible(line: Line, options: Options) -> Iterator[Candidate]:
    text = line.only(Zone.CODE | Zone.STRING | Zone.TEXT)
    for match in regex(rf"(?<![\w.-]){_calendar.ISO}(?!\d)").finditer(text):
        parts: Parts = (int(match["year"]), int(match["month"]), int(match["day"]))
        if is_impossible(parts):
            before = text[max(match.start() - 24, 0) : match.start()]
            is_value = (regex(_VALUE).search(before) or not before.strip(" -\t\"'")) and regex(_AFTER).match(
                text, match.end()
            )
            kind = "whole" if is_value else "part"
            value = f"{kind} {parts[0]} {parts[1]} {parts[2]}"
            yield Candidate(*match.span(), {"date": match.group()}, value=value)


RULES = (
    Rule(
        id="dates/impossible-date",
        severity=Severity.BLOCKED,
        message="there is no day `{date}`; correct it",
        languages=DATA,
        zones=Zone.CODE | Zone.STRING | Zone.TEXT,
        check=_impossible,
        triggers=IMPOSSIBLE_TRIGGERS,
        excuses=(SENTINEL, OTHER_YEAR, PART_OF_TEXT, OTHER_NUMBER, MEANT),
        before=1,
    ),
)
