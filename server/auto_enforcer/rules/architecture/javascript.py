"""What a file of JavaScript or TypeScript may import and call, and the preset for NestJS."""

from __future__ import annotations

from auto_enforcer.rules.architecture import _nest
from auto_enforcer.rules.architecture._imports import SCRIPTS
from auto_enforcer.rules.architecture._rules import call_rule, import_rules

RULES = (
    *import_rules(
        SCRIPTS,
        (r"\bfrom[ \t]*['\"`]", r"\bimport[ \t]*\(?[ \t]*['\"`]", r"\brequire(?:\.resolve)?[ \t]*\("),
    ),
    call_rule(SCRIPTS),
    *_nest.RULES,
)
