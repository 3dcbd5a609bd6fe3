"""Dates in C, C++ and Objective-C."""

from __future__ import annotations

from auto_enforcer.rules.dates._shared import program_rules

RULES = program_rules(
    ("c", "cpp", "objective-c"),
    calls=(r"\b(?:year\{(?P<year>\d{4})\})/(?P<month>\d{1,2})/(?P<day>\d{1,2})\b",),
    lenient_calls=(
        r"\b(?P<year>\d{4})y/(?:[a-z]{1,12}::){0,3}(?P<month_name>[A-Z][a-z]{2,8})/(?P<day>\d{1,2})d?\b",
    ),
    call_triggers=(r"year\{\d{4}\}/\d", r"\d{4}y/[A-Za-z]"),
)
