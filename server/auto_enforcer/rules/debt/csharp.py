"""Debt in C#."""

from __future__ import annotations

from auto_enforcer.model import Fact
from auto_enforcer.rules.debt._jvm import CODE
from auto_enforcer.rules.debt._shared import (
    SLASHES,
    commented_out_code,
    condition,
    skipped_test,
    unimplemented_body,
    unless_fact,
)

_TESTS = Fact(
    "csharp-tests",
    r"^\s*(?:global )?using (?:NUnit|Xunit|Microsoft\.VisualStudio\.TestTools|TUnit)\b"
    r"|^\s*\[(?:TestFixture|TestClass|TestMethod|TestCase|Test|Fact|Theory)\b",
)

RULES = (
    skipped_test(
        ("csharp",),
        r"(?P<span>(?:(?<=[\[,])|(?<=[\[,] ))(?:(?:Ignore|Explicit"
        r"|Skip)(?:Attribute)?(?:\( {0,4}(?:\"\")? {0,4}\))?"
        r"|(?:Fact|Theory)\( {0,4}Skip {0,4}= {0,4}\" {0,4}\" {0,4}\))(?= {0,4}[\],])"
        r"|\bAssert\.(?:Ignore|Inconclusive)\( {0,4}(?:\" {0,4}\")? {0,4}\))",
        triggers=(
            r"[\[,] {0,4}(?:Ignore|Explicit|Skip)",
            r"(?:Fact|Theory)\( {0,4}Skip",
            r"\bAssert\.(?:Ignore|Inconclusive)\(",
        ),
        excuses=(
            unless_fact(_TESTS.name),
            condition(r"\b(?:if|else|case|switch|catch|default)\b|^\s{0,40}#\s{0,8}(?:if|elif|else)\b"),
        ),
        facts=(_TESTS,),
    ),
    unimplemented_body(
        ("csharp",),
        r"(?P<span>\bthrow new (?:System\.)?NotImplementedException\([^\n]{0,80})",
        triggers=(r"new (?:System\.)?NotImplementedException\(",),
    ),
    commented_out_code(("csharp",), SLASHES, CODE),
)
