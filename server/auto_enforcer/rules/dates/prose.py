"""Dates in prose: a day that never was, in an otherwise well-formed date."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Excuse, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.dates import _calendar
from auto_enforcer.rules.dates._shared import (
    IMPOSSIBLE_TRIGGERS,
    MEANT,
    OTHER_NUMBER,
    OTHER_YEAR,
    SENTINEL,
    Parts,
    is_impossible,
)


def _impossible(line: Line, options: Options) -> Iterator[Candidate]:
    text = line.only(Zone.TEXT | Zone.CODE)
    for match in regex(rf"(?<!\d){_calendar.ISO}(?!\d)").finditer(text):
        parts: Parts = (int(match["year"]), int(match["month"]), int(match["day"]))
        if is_impossible(parts) and ((parts[1] <= 13 and parts[2] <= 31) or parts[2] == 99):
            value = f"whole {parts[0]} {parts[1]} {parts[2]}"
            yield Candidate(*match.span(), {"date": match.group()}, value=value)


def _is_inside_a_name(line: Line, candidate: Candidate, options: Options) -> bool:
    """Letters, digits, slashes or hyphens that go on make it an address, a file's name or another number."""
    before, after = line.text[: candidate.start], line.text[candidate.end :]
    return bool(regex(r"[\w./%=&?+-]$").search(before) or regex(r"(?!T\d\d:)[\w/%=&+-]|\.\w").match(after))


RULES = (
    Rule(
        id="dates/impossible-date",
        severity=Severity.BLOCKED,
        message="there is no day `{date}`; correct it",
        languages=("markdown", "restructuredtext"),
        zones=Zone.TEXT | Zone.CODE,
        check=_impossible,
        triggers=IMPOSSIBLE_TRIGGERS,
        excuses=(
            SENTINEL,
            OTHER_YEAR,
            Excuse("inside-a-name", _is_inside_a_name),
            OTHER_NUMBER,
            MEANT,
        ),
        before=1,
    ),
)
