"""Dates in Go."""

from __future__ import annotations

from auto_enforcer.rules.dates._shared import COMMA, DAY, MONTH, YEAR, program_rules

RULES = program_rules(
    ("go",),
    calls=(
        rf"\btime\.Date\({YEAR}{COMMA}(?:{MONTH}|(?:time\.)?(?P<month_name>[A-Z][a-z]{{2,8}})){COMMA}{DAY}\b",
    ),
    call_triggers=(r"time\.Date\(\d{4}",),
    layouts=frozenset({(2006, 1, 2)}),
)
