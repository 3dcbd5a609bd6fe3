"""Escapes of PHP's checkers."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import Escape, escape_rules, everywhere

_OPENER = r"(?:/[/*]|#|\*|^)[ \t]*"

RULES = escape_rules(
    ("php",),
    (
        Escape(
            _OPENER,
            r"@?phpcs:[ \t]*(?:ignoreFile|ignore|disable)\b",
            r"[ \t]+[A-Z]\w*(?:\.\w+)*(?:[ \t]*,[ \t]*[A-Z][\w.]*)*",
            advice="phpcs:ignore Generic.Files.LineLength",
        ),
        Escape(_OPENER, r"@codingStandardsIgnore(?:Line|Start|File)\b", words_do=True),
        Escape(
            _OPENER, r"@phpstan-ignore-(?:next-)?line\b", advice="@phpstan-ignore identifier", words_do=True
        ),
        Escape(
            _OPENER,
            r"@psalm-suppress\b",
            r"[ \t]+[\w*]+",
            every=r"\ball\b|\*",
            advice="@psalm-suppress MixedAssignment",
        ),
        Escape(
            _OPENER,
            r"@SuppressWarnings\b",
            r"[ \t]*\([ \t]*[\"']?PHPMD[^()\n]*\)",
            every=r"\([ \t]*[\"']?PHPMD[\"']?[ \t]*\)",
            advice="@SuppressWarnings(PHPMD.UnusedLocalVariable)",
        ),
        Escape(_OPENER, r"noinspection[ \t]+(?i:all)\b", advice="noinspection PhpUnused"),
        *everywhere(_OPENER),
    ),
)
