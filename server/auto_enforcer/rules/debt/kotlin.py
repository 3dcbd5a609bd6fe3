"""Debt in Kotlin."""

from __future__ import annotations

from auto_enforcer.rules.debt._jvm import CODE, SKIP, SKIP_TRIGGER, TESTS
from auto_enforcer.rules.debt._shared import (
    SLASHES,
    commented_out_code,
    focused_test,
    skipped_test,
    unimplemented_body,
    unless_fact,
)

RULES = (
    focused_test(
        ("kotlin",),
        r"(?<![\w.])(?P<span>f(?:it|describe|context|test|should|feature|scenario|expect))(?=\( {0,4}\")",
        triggers=(r"\bf(?:it|describe|context|test|should|feature|scenario|expect)\( {0,4}\"",),
        excuses=(unless_fact(TESTS.name),),
        facts=(TESTS,),
    ),
    skipped_test(
        ("kotlin",),
        rf"(?P<span>{SKIP}|(?<![\w.])x(?:it|describe|context|test|should|feature|scenario"
        rf"|expect)(?=\( {{0,4}}\"))",
        triggers=(SKIP_TRIGGER, r"\bx(?:it|describe|context|test|should|feature|scenario|expect)\( {0,4}\""),
        excuses=(unless_fact(TESTS.name),),
        facts=(TESTS,),
    ),
    unimplemented_body(
        ("kotlin",),
        r"(?P<span>(?<![\w.@])TODO\([^()\n]{0,80}\)|\bthrow NotImplementedError\([^()\n]{0,80}\))",
        triggers=(r"\bTODO\(", r"NotImplementedError\("),
    ),
    commented_out_code(("kotlin",), SLASHES, CODE),
)
