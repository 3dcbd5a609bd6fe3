"""Escapes of Ruby's checkers."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import HASH, Escape, escape_rules, everywhere

RULES = escape_rules(
    ("ruby",),
    (
        Escape(
            HASH,
            r"(?:rubocop|standard)[ \t]*:[ \t]*(?:disable|todo)\b",
            r"[ \t]+[A-Za-z][\w/]*(?:[ \t]*,[ \t]*[A-Z][\w/]*)*",
            every=r"(?<![\w-])all(?![\w-])",
            advice="# rubocop:disable Style/For",
        ),
        Escape(HASH, r"typed:[ \t]*ignore\b", words_do=True),
        Escape(HASH, r"steep:ignore\b", r"[ \t]+Ruby::\w+", advice="# steep:ignore Ruby::NoMethod"),
        *everywhere(HASH),
    ),
)
