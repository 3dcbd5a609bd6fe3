"""Escapes of Kotlin's checkers."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import SLASHES, Escape, escape_rules, everywhere

RULES = escape_rules(
    ("kotlin",),
    (
        Escape(
            "",
            r"@(?:file:)?Suppress(?:Warnings|Lint)?\b",
            r"[ \t]*\([ \t]*(?:value[ \t]*=[ \t]*)?\[?[ \t]*(?:\"[^()\n]*\)|$)",
            every=r"\"(?i:all|detekt[:.]all|detekt|ktlint)\"",
            advice='@Suppress("UNCHECKED_CAST")',
        ),
        Escape(
            SLASHES, r"ktlint-disable\b", r"[ \t]+[a-z][\w:-]*", advice="ktlint-disable no-wildcard-imports"
        ),
        Escape(SLASHES, r"noinspection[ \t]+(?i:all)\b", advice="noinspection UnusedDeclaration"),
        *everywhere(SLASHES),
    ),
)
