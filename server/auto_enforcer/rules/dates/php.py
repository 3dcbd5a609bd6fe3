"""Dates in PHP."""

from __future__ import annotations

from auto_enforcer.rules.dates._shared import COMMA, DAY, MONTH, YEAR, program_rules

RULES = program_rules(
    ("php",),
    lenient_calls=(
        rf"\bmktime\((?:\d{{1,2}}{COMMA}){{3}}{MONTH}{COMMA}{DAY}{COMMA}{YEAR}\b\)?",
        rf"->setDate\({YEAR}{COMMA}{MONTH}{COMMA}{DAY}\)",
        rf"\bCarbon(?:Immutable)?::create(?:FromDate|Safe)?\({YEAR}{COMMA}{MONTH}{COMMA}{DAY}\b\)?",
    ),
    call_triggers=(r"mktime\(\d", r"setDate\(\d{4}", r"::create(?:FromDate|Safe)?\(\d{4}"),
)
