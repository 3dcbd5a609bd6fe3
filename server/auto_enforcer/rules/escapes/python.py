"""Escapes of Python's checkers."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import HASH, Escape, escape_rules, everywhere

_CODES = r"[ \t]*:[ \t]*[A-Z]{1,8}[0-9]{0,5}\b(?:[ \t]*,[ \t]*[A-Z]+[0-9]*)*"
_BRACKETS = r"[ \t]*\[[ \t]*[\w-][^\]\n]*\]"

RULES = escape_rules(
    ("python",),
    (
        Escape(
            HASH,
            r"type:[ \t]*ignore\b(?!-)",
            _BRACKETS,
            advice="# type: ignore[code]",
            trigger=r"type:[ \t]*ignore",
        ),
        Escape(HASH, r"(?:ruff|flake8)[ \t]*:[ \t]*(?i:noqa)\b", _CODES, advice="# ruff: noqa: F401"),
        Escape(HASH, r"(?i:noqa)\b", _CODES, advice="# noqa: F401"),
        Escape(HASH, r"pyright:[ \t]*ignore\b", _BRACKETS, advice="# pyright: ignore[rule]"),
        Escape(HASH, r"mypy:[ \t]*ignore-errors\b", advice='# mypy: disable-error-code="code"'),
        Escape(HASH, r"pyre-(?:ignore-all-errors|ignore|fixme)\b", _BRACKETS, advice="# pyre-ignore[16]"),
        Escape(HASH, r"(?:ty|pyrefly):[ \t]*ignore\b", _BRACKETS, advice="# ty: ignore[rule]"),
        Escape(HASH, r"pylint:[ \t]*skip-file\b", advice="# pylint: disable=rule"),
        Escape(
            HASH,
            r"pylint:[ \t]*disable(?:-next|-all)?\b",
            r"[ \t]*=[ \t]*[\w-]+(?:[ \t]*,[ \t]*[\w-]+)*",
            every=r"(?<![\w-])all(?![\w-])",
            advice="# pylint: disable=rule",
        ),
        Escape(HASH, r"pytype:[ \t]*skip-file\b", advice="# pytype: disable=rule"),
        Escape(
            HASH,
            r"nosec\b",
            r"[ \t]*+(?::[ \t]*+)?(?:B\d{3}|[a-z]+_\w+)\b(?:[ \t]*+(?:,[ \t]*+)?(?:B\d{3}|[a-z]+_\w+)\b)*",
            advice="# nosec B602",
        ),
        *everywhere(HASH),
    ),
)
