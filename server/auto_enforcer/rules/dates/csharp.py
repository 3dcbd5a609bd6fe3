"""Dates in C#."""

from __future__ import annotations

from auto_enforcer.rules.dates._shared import COMMA, DAY, MONTH, YEAR, program_rules

RULES = program_rules(
    ("csharp",),
    calls=(rf"\bnew (?:DateTime|DateOnly|DateTimeOffset)\({YEAR}{COMMA}{MONTH}{COMMA}{DAY}\b\)?",),
    call_triggers=(r"new Date(?:Time|Only|TimeOffset)\(\d{4}",),
)
