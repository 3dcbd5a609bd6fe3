"""Debt in Kotlin."""

from __future__ import annotations

from auto_enforcer.rules.debt._jvm import CODE, PLAIN, SKIP, SKIP_TRIGGER, TESTS
from auto_enforcer.rules.debt._shared import (
    SLASHES,
    commented_out_code,
    focused_test,
    skipped_test,
    unimplemented_body,
    unless_fact,
)

_GROUPS = "it|describe|context|test|should|feature|scenario|expect"

RULES = (
    focused_test(
        ("kotlin",),
        rf"(?<![\w.])(?P<span>f(?:{_GROUPS})(?=\( {{0,4}}\")|(?:{_GROUPS})\( {{0,4}}\"f:[^\"\n]{{0,80}}\")",
        triggers=(rf"\bf(?:{_GROUPS})\( {{0,4}}\"", rf"\b(?:{_GROUPS})\( {{0,4}}\"f:"),
        excuses=(unless_fact(TESTS.name),),
        facts=(TESTS,),
    ),
    skipped_test(
        ("kotlin",),
        rf"(?P<span>{SKIP}|(?<![\w.])x(?:{_GROUPS})(?=\( {{0,4}}\")"
        rf"|(?<![\w.])(?:{_GROUPS})\( {{0,4}}\"![^\"\n]{{0,80}}\")",
        triggers=(
            SKIP_TRIGGER,
            rf"\bx(?:{_GROUPS})\( {{0,4}}\"",
            rf"\b(?:{_GROUPS})\( {{0,4}}\"!",
        ),
        excuses=(unless_fact(TESTS.name),),
        facts=(TESTS,),
    ),
    unimplemented_body(
        ("kotlin",),
        r"(?P<span>(?<![\w.@])TODO\([^()\n]{0,80}\)|\bthrow NotImplementedError\([^()\n]{0,80}\))",
        triggers=(r"\bTODO\(", r"NotImplementedError\("),
    ),
    commented_out_code(("kotlin",), SLASHES, rf"(?:{CODE}|{PLAIN})"),
)
