"""Debt in shell scripts: the tests of Bats."""

from __future__ import annotations

from auto_enforcer.model import Zone
from auto_enforcer.rules.debt._shared import HASH, commented_out_code, focused_test

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
        r"|case)\b.{1,120}(?:then|do|in)$"
        r"|(?:fi|done|esac)$|(?:set|source|exec|sudo|curl|cd|rm|cp|mv|mkdir|echo|apt-get|npm|pip|docker"
        r"|git) [-$/\"'.\w].{0,120}$)",
    ),
)
