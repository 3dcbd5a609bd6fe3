"""Escapes of the shell's checkers."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import HASH, Escape, escape_rules, everywhere

RULES = escape_rules(
    ("shellscript",),
    (
        Escape(
            HASH,
            r"shellcheck[ \t]+disable\b",
            r"[ \t]*=[ \t]*[\w-]+(?:,[\w-]+)*",
            every=r"(?<![\w-])all(?![\w-])",
            advice="# shellcheck disable=SC2086",
        ),
        *everywhere(HASH),
    ),
)
