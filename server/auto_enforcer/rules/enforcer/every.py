"""The enforcer's own rules. The engine finds them itself: these values say how severe they are."""

from __future__ import annotations

from auto_enforcer.model import Rule, Severity, Zone

_TRIGGERS = (r"enforcer:[ \t]*allow",)

RULES = (
    Rule(
        id="enforcer/rule-failed",
        severity=Severity.BLOCKED,
        message="a rule could not run here; this line is unchecked by it",
        zones=Zone.EVERYWHERE,
        triggers=_TRIGGERS,
        everywhere=True,
    ),
    Rule(
        id="enforcer/malformed-suppression",
        severity=Severity.WARNING,
        message="this is no suppression; write `enforcer: allow[family/rule]: reason`",
        zones=Zone.COMMENT,
        triggers=_TRIGGERS,
        everywhere=True,
    ),
    Rule(
        id="enforcer/unknown-rule",
        severity=Severity.WARNING,
        message="there is no such rule",
        zones=Zone.COMMENT,
        triggers=_TRIGGERS,
        everywhere=True,
    ),
    Rule(
        id="enforcer/expired-suppression",
        severity=Severity.WARNING,
        message="this suppression expired; mend what it allows or give it a new date",
        zones=Zone.COMMENT,
        triggers=_TRIGGERS,
        everywhere=True,
    ),
    Rule(
        id="enforcer/missing-reason",
        severity=Severity.BLOCKED,
        message="a blocked rule is allowed only with a reason; write it after a colon",
        zones=Zone.COMMENT,
        triggers=_TRIGGERS,
        everywhere=True,
    ),
    Rule(
        id="enforcer/unused-suppression",
        severity=Severity.WARNING,
        message="this suppression took nothing out; remove it",
        zones=Zone.COMMENT,
        triggers=_TRIGGERS,
        everywhere=True,
    ),
)
