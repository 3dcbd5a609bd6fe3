"""Text that a template in a file of its own writes as markup."""

from __future__ import annotations

from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._markup import TEMPLATE_TRIGGERS, TEMPLATES, unescaped
from auto_enforcer.rules.security._shared import CONSTANT, rule

RULES = (
    rule(
        "raw-html",
        tuple(TEMPLATES),
        unescaped,
        TEMPLATE_TRIGGERS,
        (CONSTANT, said("escaped"), said("layout"), said("no-page")),
    ),
)
