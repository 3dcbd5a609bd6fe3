"""Escapes of SQL's checkers."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import DASHES, Escape, escape_rules, everywhere

_OPENER = rf"(?:{DASHES}|/\*[ \t]*)"

RULES = escape_rules(
    ("sql",),
    (
        Escape(
            _OPENER,
            r"noqa\b",
            r"[ \t]*:[ \t]*(?:(?:dis|en)able[ \t]*=[ \t]*)?[A-Za-z][\w.]*(?:[ \t]*,[ \t]*\w[\w.]*)*",
            every=r"disable[ \t]*=[ \t]*all\b",
            advice="-- noqa: LT01",
        ),
        Escape(_OPENER, r"tsqllint-disable\b", r"[ \t]+[a-z][\w-]*", advice="tsqllint-disable select-star"),
        Escape(
            _OPENER,
            r"squawk-ignore(?:-file)?\b",
            r"[ \t]+[a-z][\w-]*",
            advice="-- squawk-ignore ban-drop-column",
        ),
        *everywhere(_OPENER),
    ),
)
