"""Escapes of Go's checkers."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import SLASHES, Escape, escape_rules, everywhere

RULES = escape_rules(
    ("go",),
    (
        Escape(
            SLASHES,
            r"nolint\b",
            r"[ \t]*:[ \t]*\w[\w-]*(?:[ \t]*,[ \t]*[\w-]+)*",
            every=r"(?<![\w-])all(?![\w-])",
            advice="//nolint:errcheck",
        ),
        Escape(
            SLASHES,
            r"(?:#[ \t]*)?nosec\b",
            r"[ \t]*+(?::[ \t]*+)?G\d{3}(?:[ \t]*+(?:,[ \t]*+)?G\d{3})*",
            advice="#nosec G404",
        ),
        Escape(
            SLASHES,
            r"lint:(?:file-)?ignore\b",
            r"[ \t]+[\w*][\w,*]*",
            every=r"\*",
            advice="//lint:ignore SA1019 reason",
        ),
        Escape(
            SLASHES,
            r"revive:disable(?:-next-line|-line)?\b",
            r":[\w-]+",
            advice="//revive:disable-line:exported",
        ),
        *everywhere(SLASHES),
    ),
)
