"""Dates in C#."""

from __future__ import annotations

from auto_enforcer.rules.dates._shared import COMMA, DAY, MONTH, YEAR, program_rules

RULES = program_rules(
    ("csharp",),
    calls=(
        rf"\bnew (?:DateTime|DateOnly|DateTimeOffset|LocalDate)\({YEAR}{COMMA}{MONTH}{COMMA}{DAY}\b\)?",
        rf"\bDate(?:Only|Time|TimeOffset) \w{{1,40}} = new\({YEAR}{COMMA}{MONTH}{COMMA}{DAY}\b\)?",
    ),
    call_triggers=(r"new (?:Local)?Date(?:Time|Only|TimeOffset)?\(\d{4}", r"= new\(\d{4}"),
)
