"""Dates in Rust."""

from __future__ import annotations

from auto_enforcer.rules.dates._shared import COMMA, DAY, MONTH, YEAR, program_rules

RULES = program_rules(
    ("rust",),
    calls=(
        rf"(?:\bNaiveDate::from_ymd(?:_opt)?|\.with_ymd_and_hms|\.ymd(?:_opt)?)\({YEAR}{COMMA}{MONTH}{COMMA}{DAY}\b\)?",
        rf"\bDate::from_calendar_date\({YEAR}{COMMA}(?:Month::)?(?P<month_name>[A-Z][a-z]{{2,8}}){COMMA}{DAY}\b\)?",
        rf"\b(?:date|datetime)!\( {{0,4}}{YEAR}-{MONTH}-{DAY}\b",
        rf"(?:\bcivil::|(?<![\w.:]))date\({YEAR}{COMMA}{MONTH}{COMMA}{DAY}\)",
    ),
    call_triggers=(r"ymd(?:_opt|_and_hms)?\(\d{4}", r"calendar_date\(\d{4}", r"date(?:time)?!?\( {0,4}\d{4}"),
)
