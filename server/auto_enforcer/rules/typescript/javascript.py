"""JavaScript, and the templates of Vue and Svelte."""

from __future__ import annotations

from auto_enforcer.rules.typescript._shared import (
    dialog_rule,
    equality_rule,
    executor_rule,
    kind_rule,
    nan_rule,
    nocheck_rule,
    promise_rule,
    relation_rule,
    require_rule,
    target_rule,
    timer_rule,
    variable_rule,
)

_SCRIPTS = ("javascript", "javascriptreact")
_TEMPLATES = ("vue", "svelte")

RULES = (
    nocheck_rule(_SCRIPTS),
    equality_rule((*_SCRIPTS, *_TEMPLATES)),
    variable_rule(_SCRIPTS, old=True),
    require_rule(_SCRIPTS),
    promise_rule(_SCRIPTS),
    dialog_rule(_SCRIPTS),
    timer_rule(_SCRIPTS),
    target_rule((*_SCRIPTS, *_TEMPLATES)),
    nan_rule((*_SCRIPTS, *_TEMPLATES)),
    kind_rule((*_SCRIPTS, *_TEMPLATES)),
    relation_rule((*_SCRIPTS, *_TEMPLATES)),
    executor_rule(_SCRIPTS),
)
