"""Debt in C, C++ and Objective-C."""

from __future__ import annotations

from auto_enforcer.rules.debt._jvm import CODE
from auto_enforcer.rules.debt._shared import SLASHES, commented_out_code, condition, skipped_test

_LANGUAGES = ("c", "cpp", "objective-c")

RULES = (
    skipped_test(
        _LANGUAGES,
        r"(?P<span>\b(?:TYPED_)?TEST(?:_F|_P)?\( {0,4}\w{1,80} {0,4}, {0,4}DISABLED_\w{1,80}"
        r"|\bGTEST_SKIP\(\)(?= {0,4};)|(?<=\*)(?: ?doctest::)skip\((?:true)?\))",
        triggers=(r"\bDISABLED_", r"GTEST_SKIP\(\)", r"doctest::skip\("),
        excuses=(
            condition(r"\b(?:if|else|case|default)\b|^\s{0,40}#\s{0,8}(?:if|ifdef|ifndef|else|elif)\b"),
        ),
    ),
    commented_out_code(_LANGUAGES, SLASHES, CODE),
)
