"""Dates in Swift."""

from __future__ import annotations

from auto_enforcer.rules.dates._shared import COMMA, program_rules

RULES = program_rules(
    ("swift",),
    lenient_calls=(
        r"\bDateComponents\((?:[a-zA-Z]{1,20}: {0,4}[\w.() ]{1,60},[^\n\d]{1,4}){0,3}year: (?P<year>\d{4})"
        rf"{COMMA}month: (?P<month>\d{{1,2}})(?:{COMMA}day: (?P<day>\d{{1,2}}))?",
    ),
    call_triggers=(r"year: \d{4} {0,4},",),
)
