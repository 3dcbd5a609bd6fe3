"""Dates in shell scripts, SQL and the languages without a module of their own."""

from __future__ import annotations

from auto_enforcer.rules.dates._shared import COMMA, DAY, MONTH, YEAR, program_rules

RULES = program_rules(
    ("shellscript", "powershell", "sql", "perl", "lua", "dart", "r", "julia", "elixir", "haskell"),
    calls=(rf"~D\[{YEAR}-{MONTH}-{DAY}\]",),
    lenient_calls=(rf"\b(?:Date|DateTime)\({YEAR}{COMMA}{MONTH}{COMMA}{DAY}\b\)?",),
    call_triggers=(r"Date(?:Time)?\(\d{4} {0,4},", r"~D\[\d{4}"),
)
