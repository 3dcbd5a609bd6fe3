"""Escapes of Rust's checkers."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import SLASHES, Escape, escape_rules, everywhere

RULES = escape_rules(
    ("rust",),
    (
        Escape(
            "",
            r"#!?\[[ \t]*(?:cfg_attr[ \t]*\([^\n\]]{1,120}?,[ \t]*)?(?:allow|expect)",
            r"[ \t]*\([^()\n]+\)",
            every=r"[( ,](?:warnings|clippy::all)[ \t]*[,)]",
            advice="#[allow(dead_code)]",
            words_do=True,
        ),
        *everywhere(SLASHES),
    ),
)
