"""Failures that vanish in shell scripts: exit codes that are made true."""

from __future__ import annotations

from auto_enforcer.model import Rule, Severity
from auto_enforcer.rules.errors._unchecked import CLEAN_UP_SHELL, COMMENT

RULES = (
    Rule(
        id="errors/ignored-exit-status",
        severity=Severity.WARNING,
        message="`{made_true}` makes every failure of the command vanish; test for the one that is meant",
        languages=("shellscript",),
        pattern=(
            r"(?P<span>(?P<made_true>\|\|[ \t]*(?:(?:/usr)?/bin/true|true|:)))"
            r"(?=[ \t]*(?:$|[;&|)}#]|fi\b|done\b))"
        ),
        excuses=(COMMENT, CLEAN_UP_SHELL),
        before=1,
        optional=True,
    ),
)
