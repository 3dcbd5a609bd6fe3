"""Debt in Go."""

from __future__ import annotations

from auto_enforcer.model import Candidate, Excuse, Fact, Line, Options
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.debt._jvm import PLAIN
from auto_enforcer.rules.debt._shared import (
    SLASHES,
    commented_out_code,
    condition,
    focused_test,
    skipped_test,
    unimplemented_body,
)

_GINKGO = Fact("ginkgo", r"\"github\.com/onsi/ginkgo(?:/v2)?\"")
_NODES = "FIt|FDescribe|FContext|FWhen|FSpecify|FEntry|FDescribeTable|FDescribeSubtree"
_PENDING = "[PX](?:It|Describe|Context|When|Specify|Entry|DescribeTable|DescribeSubtree)"


def _is_no_node(line: Line, candidate: Candidate, options: Options) -> bool:
    """No node of Ginkgo: the file does not import it so far, and no text and function are handed over."""
    if "Skip" in line.text[candidate.start : candidate.end] or line.facts(_GINKGO.name):
        return False
    given = regex(r"\( {0,4}[\"`][^\n]{1,160}, {0,4}func\(")
    return given.match(line.text, candidate.end) is None


RULES = (
    focused_test(
        ("go",),
        rf"(?<![\w.])(?P<span>(?:ginkgo\.)?(?:{_NODES}))(?=\()",
        triggers=(rf"\b(?:{_NODES})\(",),
        excuses=(Excuse("no-test", _is_no_node),),
        facts=(_GINKGO,),
    ),
    skipped_test(
        ("go",),
        r"(?<![\w.])(?P<span>(?:t|b|tb|f)\.Skip(?:Now)?\( {0,4}(?:\" {0,4}\")? {0,4}\)"
        rf"|(?:ginkgo\.)?(?:{_PENDING})(?=\())",
        triggers=(r"\.Skip(?:Now)?\( {0,4}(?:\"|\))", rf"\b(?:{_PENDING})\("),
        excuses=(
            condition(r"\b(?:if|else|case|switch|default)\b"),
            Excuse("no-test", _is_no_node),
        ),
        facts=(_GINKGO,),
    ),
    unimplemented_body(
        ("go",),
        r"(?P<span>\bpanic\([\"`](?i:not (?:yet )?implemented|unimplemented|todo)\b[^\n]{0,80}"
        r"|\breturn (?:(?:nil|false|0|\"\"|\w{1,40}\{\}), {0,4}){0,3}(?:errors\.New|fmt\.Errorf)"
        r"\([\"`](?i:(?:not (?:yet )?implemented|unimplemented)(?: yet)?)[\"`]\))",
        triggers=(
            r"(?i)panic\([\"`](?:not (?:yet )?implemented|unimplemented|todo)",
            r"(?i)(?:errors\.New|fmt\.Errorf)\([\"`](?:not (?:yet )?implemented|unimplemented)",
        ),
    ),
    commented_out_code(
        ("go",),
        SLASHES,
        r"(?:(?:import|return|defer|go|if|for|switch|func|var|const|type)\b.*[{})]$"
        r"|[\w.\[\]]{1,80}(?:, ?[\w.]{1,40}){0,4} ?:?= ?(?:\S.*)?[)\]}\w\"]$|[\w.]{1,80}\(.*\)$|\}$"
        rf"|(?:var|const)\b.*=.*\S$|{PLAIN})",
    ),
)
