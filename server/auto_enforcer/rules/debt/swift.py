"""Debt in Swift."""

from __future__ import annotations

from auto_enforcer.model import Fact
from auto_enforcer.rules.debt._shared import (
    SLASHES,
    commented_out_code,
    condition,
    focused_test,
    skipped_test,
    unimplemented_body,
    unless_fact,
)

_QUICK = Fact("quick", r"^\s*import (?:Quick|Nimble)\b")
_TESTS = Fact("swift-tests", r"^\s*(?:@testable )?import (?:Quick|Nimble|XCTest|Testing)\b")

RULES = (
    focused_test(
        ("swift",),
        r"(?<![\w.])(?P<span>f(?:it|describe|context))(?=\( {0,4}\")",
        triggers=(r"\bf(?:it|describe|context)\( {0,4}\"",),
        excuses=(unless_fact(_QUICK.name),),
        facts=(_QUICK,),
    ),
    skipped_test(
        ("swift",),
        r"(?P<span>\bXCTSkip\( {0,4}(?:\"\")? {0,4}\)|(?<=[(,] |.[(,])\.disabled\( {0,4}(?:\"\")? {0,4}\)"
        r"|(?<![\w.])x(?:it|describe|context)(?=\( {0,4}\"))",
        triggers=(r"XCTSkip\(", r"\.disabled\(", r"\bx(?:it|describe|context)\( {0,4}\""),
        excuses=(unless_fact(_TESTS.name), condition(r"\b(?:if|else|guard|case|catch)\b|#(?:if|unless)")),
        facts=(_TESTS,),
    ),
    unimplemented_body(
        ("swift",),
        r"(?P<span>\b(?:fatalError|preconditionFailure)\(\"(?i:not (?:yet )?implemented|unimplemented"
        r"|todo)\b[^\n]{0,80})",
        triggers=(
            r"(?i)(?:fatalError|preconditionFailure)\(\"(?:not (?:yet )?implemented|unimplemented|todo)",
        ),
    ),
    commented_out_code(
        ("swift",),
        SLASHES,
        r"(?:(?:import|return|throw|if|guard|for|while|switch|func|let|var|class|struct|override"
        r"|private|public)\b.*[{})\w\]]$"
        r"|[\w.\[\]]{1,80} ?[-+*/|&]?= ?\S.{0,120}[)\]\w\"]$|[\w.]{1,80}\(.*\)(?: ?\{.*\})?$|\}\)?$)",
    ),
)
