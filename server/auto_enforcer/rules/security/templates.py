"""Text that a page's template writes as markup."""

from __future__ import annotations

from auto_enforcer.model import Zone
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._markup import TRIGGERS, unescaped
from auto_enforcer.rules.security._shared import CONSTANT, rule

RULES = (
    rule(
        "raw-html",
        ("html",),
        unescaped,
        TRIGGERS,
        (CONSTANT, said("escaped"), said("layout")),
        zones=Zone.CODE | Zone.STRING | Zone.TEXT,
    ),
)
