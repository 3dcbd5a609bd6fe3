"""Escapes of Swift's checkers."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import SLASHES, Escape, escape_rules, everywhere

RULES = escape_rules(
    ("swift",),
    (
        Escape(
            SLASHES,
            r"swiftlint:[ \t]*disable(?::(?:next|this|previous))?\b",
            r"[ \t]+[a-z]\w*(?:[ \t]+[a-z]+_\w+)*",
            every=r"(?<![\w-])all(?![\w-])",
            advice="swiftlint:disable:next force_cast",
        ),
        *everywhere(SLASHES),
    ),
)
