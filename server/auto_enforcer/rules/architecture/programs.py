"""What a file of Rust, PHP, Ruby or the C family may import and call."""

from __future__ import annotations

from auto_enforcer.rules.architecture._imports import C
from auto_enforcer.rules.architecture._rules import call_rule, import_rules

_LANGUAGES = ("rust", "php", "ruby", *C)

_TRIGGERS = (
    r"\b(?:require|include)(?:_relative|_once)?\b",
    r"\bload[ \t(]+['\"]",
    r"\buse[ \t]+[\w:\\]",
    r"\bextern[ \t]+crate[ \t]",
    r"#[ \t]*(?:include|import)\b",
)

RULES = (*import_rules(_LANGUAGES, _TRIGGERS), call_rule(_LANGUAGES))
