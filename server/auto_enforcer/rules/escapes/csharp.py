"""Escapes of C#'s checkers."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import SLASHES, Escape, escape_rules, everywhere

RULES = escape_rules(
    ("csharp",),
    (
        Escape(
            "",
            r"#[ \t]*pragma[ \t]+warning[ \t]+disable\b",
            r"[ \t]+\"?\w+\"?(?:[ \t]*,[ \t]*\"?\w+\"?)*",
            advice="#pragma warning disable CS0618",
        ),
        Escape(
            SLASHES,
            r"ReSharper[ \t]+disable\b(?:[ \t]+once\b)?",
            r"[ \t]+[A-Z][\w.]*",
            every=r"\bAll\b",
            advice="ReSharper disable once UnusedMember.Global",
        ),
        *everywhere(SLASHES),
    ),
)
