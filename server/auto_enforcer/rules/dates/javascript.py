"""Dates in JavaScript, TypeScript and the scripts of Vue and Svelte."""

from __future__ import annotations

from auto_enforcer.rules.dates._shared import COMMA, DAY, MONTH, YEAR, program_rules

RULES = program_rules(
    ("javascript", "typescript", "javascriptreact", "typescriptreact", "vue", "svelte"),
    calls=(rf"\bDateTime\.(?:local|utc)\({YEAR}{COMMA}{MONTH}{COMMA}{DAY}\b",),
    lenient_calls=(
        rf"\b(?:new Date|Date\.UTC)\({YEAR}{COMMA}(?P<month_from_zero>\d{{1,2}}){COMMA}{DAY}\b",
        r"\b(?:new Date|Date\.parse)\((?P<quote>[\"'`])(?!\d{4}-\d\d-\d\d)[^\"'`]{0,40}\b(?:19|20)\d\d\b"
        r"[^\"'`]{0,40}(?P=quote)\)",
    ),
    call_triggers=(
        r"(?:new Date|Date\.UTC|DateTime\.(?:local|utc))\(\d{4} {0,4},",
        r"(?:new Date|Date\.parse)\([\"'`]",
    ),
)
