"""Dates in Java, Scala and Groovy."""

from __future__ import annotations

from auto_enforcer.rules.dates._shared import COMMA, DAY, MONTH, YEAR, program_rules

RULES = program_rules(
    ("java", "scala", "groovy"),
    calls=(
        r"\b(?:LocalDate|LocalDateTime|ZonedDateTime|OffsetDateTime)\.of"
        rf"\({YEAR}{COMMA}(?:{MONTH}|(?:Month\.)?(?P<month_name>[A-Z]{{3,9}})){COMMA}{DAY}\b\)?",
    ),
    lenient_calls=(
        rf"\bnew GregorianCalendar\({YEAR}{COMMA}(?:(?P<month_from_zero>\d{{1,2}})|Calendar\."
        rf"(?P<month_name>[A-Z]{{3,9}})){COMMA}{DAY}\b\)?",
    ),
    call_triggers=(r"Time\.of\(\d{4}", r"LocalDate\.of\(\d{4}", r"GregorianCalendar\(\d{4}"),
)
