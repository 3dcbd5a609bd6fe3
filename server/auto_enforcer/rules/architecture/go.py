"""What a Go file may import and call."""

from __future__ import annotations

from auto_enforcer.rules.architecture._rules import call_rule, import_rules

_LANGUAGES = ("go",)

RULES = (
    *(
        rule
        for rule in import_rules(
            _LANGUAGES, (r"^[ \t]*(?:import[ \t]+)?(?:[\w.]+[ \t]+)?\"[^\"]+\"[ \t]*(?://.*)?$",)
        )
        # Go has no relative imports.
        if rule.id != "architecture/deep-relative-import"
    ),
    call_rule(_LANGUAGES),
)
