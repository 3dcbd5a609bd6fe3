"""Escapes of the checkers of Java, Groovy and Scala."""

from __future__ import annotations

from auto_enforcer.rules.escapes._shared import SLASHES, Escape, escape_rules, everywhere

RULES = escape_rules(
    ("java", "groovy", "scala"),
    (
        Escape(
            "",
            r"@(?:java\.lang\.)?SuppressWarnings\b",
            r"[ \t]*\([ \t]*(?:value[ \t]*=[ \t]*)?[\[{(]?[ \t]*(?:\"[^()\n]*\)|$)",
            every=r"(?i:\"all\")|\"PMD\"",
            advice='@SuppressWarnings("unchecked")',
            words_do=True,
        ),
        Escape(
            "",
            r"@SuppressFBWarnings\b",
            r"[ \t]*\((?:[ \t]*(?:value[ \t]*=)?[^()\n]*\w[^()\n]*\)|[ \t]*$)",
            advice='@SuppressFBWarnings("NP_NULL")',
        ),
        Escape(SLASHES, r"NOPMD\b", words_do=True),
        Escape(
            SLASHES,
            r"CHECKSTYLE[:.][ \t]*(?i:off)\b",
            r"[ \t]*:[ \t]*\w+",
            advice="CHECKSTYLE:OFF: name",
            words_do=True,
        ),
        Escape(SLASHES, r"noinspection[ \t]+(?i:all)\b", advice="noinspection UnusedDeclaration"),
        Escape(
            SLASHES, r"scala(?:style|fix):[ \t]*off\b", r"[ \t]+[A-Za-z][\w.]*", advice="scalastyle:off name"
        ),
        *everywhere(SLASHES),
    ),
)
