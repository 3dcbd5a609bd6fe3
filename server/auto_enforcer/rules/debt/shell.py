"""Debt in shell scripts: the tests of Bats."""

from __future__ import annotations

from auto_enforcer.model import Zone
from auto_enforcer.rules.debt._shared import COMMANDS, HASH, commented_out_code, focused_test

_NO_SENTENCE = (
    r"(?!.{0,120}(?<![\w./$-])(?:the|an?|is|are|was|were|to|of|and|it|this|that|these|be|not|so|we|you|only|all|sure|with|from"
    r"|when|into|as|or|can|will|should|must)\b(?![=/.-]))"
)

RULES = (
    focused_test(
        ("shellscript",),
        r"^\s{0,80}#\s{0,8}bats (?:file|test)_tags=(?:[\w:-]{1,40},){0,8}(?P<span>bats:focus)\b",
        triggers=(r"bats:focus",),
        zones=Zone.COMMENT,
    ),
    commented_out_code(
        ("shellscript",),
        HASH,
        r"(?:(?:export |local |readonly )?[A-Za-z_]\w{0,60}=[\"'$\w/(].{0,120}$|(?:if|for|while"
        r"|case)\b.{1,120}(?:then|do|in)$|(?:if|for|while|until)\b.{1,120}; ?(?:then|do)\b.{0,80}$"
        rf"|(?:fi|done|esac)$|{_NO_SENTENCE}(?:(?:set|source|exec|sudo|curl|cd|rm|cp|mv|mkdir|echo|apt-get|npm"
        r"|pip|docker|git) [-$/\"'.\w].{0,120}$"
        rf"|(?:{COMMANDS}) (?=.{{0,120}}(?:(?:^| )--?\w|[$/*|>=]|\"\"|&&|\w\.\w)).{{0,120}}$))",
    ),
)
