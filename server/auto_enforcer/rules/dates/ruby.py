"""Dates in Ruby."""

from __future__ import annotations

from auto_enforcer.rules.dates._shared import COMMA, DAY, MONTH, YEAR, program_rules

RULES = program_rules(
    ("ruby",),
    calls=(
        rf"\b(?:Date|DateTime)\.(?:new|civil)[( ]{YEAR}{COMMA}{MONTH}{COMMA}{DAY}\b\)?",
        rf"\b(?:Time|Time\.zone)\.(?:new|utc|gm|local|mktime)[( ]{YEAR}{COMMA}{MONTH}{COMMA}{DAY}\b\)?",
    ),
    call_triggers=(r"(?:Date|Time|zone)\.(?:new|civil|utc|gm|local|mktime)[( ]\d{4}",),
)
