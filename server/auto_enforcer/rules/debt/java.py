"""Debt in Java and Groovy."""

from __future__ import annotations

from auto_enforcer.rules.debt._jvm import CODE, SKIP, SKIP_TRIGGER, TESTS
from auto_enforcer.rules.debt._shared import (
    SLASHES,
    commented_out_code,
    skipped_test,
    unimplemented_body,
    unless_fact,
)

_LANGUAGES = ("java", "groovy")

RULES = (
    skipped_test(
        _LANGUAGES,
        rf"(?P<span>{SKIP}|@Test\([^()\n]{{0,80}}\benabled {{0,4}}= {{0,4}}false[^()\n]{{0,80}}\))",
        triggers=(SKIP_TRIGGER, r"\benabled {0,4}= {0,4}false\b"),
        excuses=(unless_fact(TESTS.name),),
        facts=(TESTS,),
    ),
    unimplemented_body(
        _LANGUAGES,
        r"(?P<span>\bthrow new (?:NotImplemented(?:Exception|Error)\(|(?:UnsupportedOperation|Runtime"
        r"|IllegalState)Exception"
        r"\(\"(?i:not (?:yet )?implemented|unimplemented|todo)\b)[^\n]{0,80})",
        triggers=(
            r"NotImplemented(?:Exception|Error)\(",
            r"(?i)Exception\(\"(?:not (?:yet )?implemented|unimplemented|todo)",
        ),
    ),
    commented_out_code(_LANGUAGES, SLASHES, CODE),
)
