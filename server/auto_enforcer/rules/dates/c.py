"""Dates in C, C++ and Objective-C."""

from __future__ import annotations

from auto_enforcer.rules.dates._shared import COMMA, DAY, MONTH, YEAR, program_rules

RULES = program_rules(
    ("c", "cpp", "objective-c"),
    calls=(
        r"\b(?:year\{(?P<year>\d{4})\}) ?/ ?(?P<month>\d{1,2}) ?/ ?(?P<day>\d{1,2})\b",
        r"\byear\{(?P<year>\d{4})\}, ?(?:[a-z]{1,12}::){0,3}month\{(?P<month>\d{1,2})\}"
        r", ?(?:[a-z]{1,12}::){0,3}day\{(?P<day>\d{1,2})\}",
        rf"\b(?:QDate|gregorian::date)(?: \w{{1,40}})?[({{]{YEAR}{COMMA}{MONTH}{COMMA}{DAY}[)}}]",
    ),
    lenient_calls=(
        r"\b(?P<year>\d{4})y ?/ ?(?:[a-z]{1,12}::){0,3}"
        r"(?P<month_name>[A-Z][a-z]{2,8}) ?/ ?(?P<day>\d{1,2})d?\b",
    ),
    call_triggers=(
        r"year\{\d{4}\}",
        r"\d{4}y ?/",
        r"(?:QDate|gregorian::date)\b[^\n]{0,44}[({]\d{4}",
    ),
)
