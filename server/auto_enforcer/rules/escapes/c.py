"""Escapes of the checkers of C, C++ and Objective-C."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import SLASHES, Escape, escape_rules, everywhere

RULES = escape_rules(
    ("c", "cpp", "objective-c"),
    (
        Escape(
            SLASHES,
            r"NOLINT(?:NEXTLINE|BEGIN)?\b",
            r"\([^()\n]*\)",
            every=r"^\([ \t]*\*?[ \t]*\)",
            advice="NOLINT(bugprone-branch-clone)",
        ),
        Escape(
            "",
            r"#[ \t]*pragma[ \t]+(?:GCC|clang)[ \t]+diagnostic[ \t]+ignored\b",
            r"[ \t]*\"-W[\w+=-]+\"",
            every=r"\"-W(?:all|extra|everything|error)\"",
            advice='#pragma GCC diagnostic ignored "-Wunused"',
        ),
        Escape(
            "",
            r"#[ \t]*pragma[ \t]+warning[ \t]*\([ \t]*push[ \t]*,[ \t]*0[ \t]*\)",
            advice="#pragma warning(disable : 4996)",
        ),
        *everywhere(SLASHES),
    ),
)
