"""Dates in Python."""

from __future__ import annotations

from auto_enforcer.rules.dates._shared import COMMA, DAY, MONTH, YEAR, program_rules

RULES = program_rules(
    ("python",),
    calls=(
        r"(?:\b(?:datetime|dt|pd|pandas|pendulum)\.|(?<![\w.]))(?:date|datetime|Timestamp)"
        rf"\((?:year=)?{YEAR}{COMMA}(?:month=)?{MONTH}{COMMA}(?:day=)?{DAY}\b\)?",
    ),
    call_triggers=(r"(?:date|datetime|Timestamp)\((?:year=)?\d{4} {0,4},",),
)
