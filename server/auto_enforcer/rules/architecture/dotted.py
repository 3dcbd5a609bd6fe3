"""What a file may import and call in languages that import by dotted names, so that none is relative."""

from __future__ import annotations

from auto_enforcer.rules.architecture._imports import JVM
from auto_enforcer.rules.architecture._rules import call_rule, import_rules

_LANGUAGES = (*JVM, "csharp", "swift")

RULES = (
    *(
        rule
        for rule in import_rules(_LANGUAGES, (r"\bimport[ \t]", r"\busing[ \t]+\w"))
        if rule.id != "architecture/deep-relative-import"
    ),
    call_rule(_LANGUAGES),
)
