"""What a Python file may import and call."""

from __future__ import annotations

from auto_enforcer.rules.architecture._rules import call_rule, import_rules

_LANGUAGES = ("python",)

RULES = (
    *import_rules(
        _LANGUAGES,
        (r"\bimport\b", r"\bimport_module[ \t]*\("),
    ),
    call_rule(_LANGUAGES),
)
