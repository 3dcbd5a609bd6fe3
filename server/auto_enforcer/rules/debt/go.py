"""Debt in Go."""

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

_GINKGO = Fact("ginkgo", r"\"github\.com/onsi/ginkgo(?:/v2)?\"")
_NODES = "FIt|FDescribe|FContext|FWhen|FSpecify|FEntry|FDescribeTable|FDescribeSubtree"

RULES = (
    focused_test(
        ("go",),
        rf"(?<![\w.])(?P<span>(?:ginkgo\.)?(?:{_NODES}))(?=\()",
        triggers=(rf"\b(?:{_NODES})\(",),
        excuses=(unless_fact(_GINKGO.name),),
        facts=(_GINKGO,),
    ),
    skipped_test(
        ("go",),
        r"(?<![\w.])(?P<span>(?:t|b|tb|f)\.Skip(?:Now)?\(\))",
        triggers=(r"\.Skip(?:Now)?\(\)",),
        excuses=(condition(r"\b(?:if|else|case|switch|default)\b"),),
    ),
    unimplemented_body(
        ("go",),
        r"(?P<span>\bpanic\([\"`](?i:not (?:yet )?implemented|unimplemented|todo)\b[^\n]{0,80})",
        triggers=(r"(?i)panic\([\"`](?:not (?:yet )?implemented|unimplemented|todo)",),
    ),
    commented_out_code(
        ("go",),
        SLASHES,
        r"(?:(?:import|return|defer|go|if|for|switch|func|var|const|type)\b.*[{})]$"
        r"|[\w.\[\]]{1,80}(?:, ?[\w.]{1,40}){0,4} ?:?= ?\S.*[)\]}\w\"]$|[\w.]{1,80}\(.*\)$|\}$)",
    ),
)
