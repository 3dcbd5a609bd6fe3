"""The family's rules: they are about Python alone, and stand in one module for each kind of thing."""

from __future__ import annotations

from auto_enforcer.rules.python import (
    _calls,
    _comparisons,
    _defaults,
    _flow,
    _formats,
    _imports,
    _waiting,
)

RULES = (
    *_calls.RULES,
    *_comparisons.RULES,
    *_defaults.RULES,
    *_flow.RULES,
    *_formats.RULES,
    *_imports.RULES,
    *_waiting.RULES,
)
