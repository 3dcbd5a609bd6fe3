"""The enforcer's own rules. The engine finds them itself: these values say how severe they are."""

from __future__ import annotations

from auto_enforcer.model import Option, Rule, Severity, Zone


def _rule(
    name: str,
    severity: Severity,
    message: str,
    zones: Zone = Zone.COMMENT,
    options: tuple[Option, ...] = (),
) -> Rule:
    """One of them: they differ in little, and what they look at is what a suppression looks like."""
    return Rule(
        id=f"enforcer/{name}",
        severity=severity,
        message=message,
        zones=zones,
        triggers=(
            r"enforcer:[ \t]*(?:allow|[A-Za-z-]{1,32}[ \t]?\[|(?:ignore|disable|suppress|skip|off)\b)",
        ),
        options=options,
        everywhere=True,
    )


RULES = (
    _rule(
        "rule-failed",
        Severity.BLOCKED,
        "a rule could not run here; this line is unchecked by it",
        Zone.EVERYWHERE,
    ),
    _rule(
        "malformed-suppression",
        Severity.WARNING,
        "this is no suppression; write `enforcer: allow[family/rule]: reason`",
    ),
    _rule("unknown-rule", Severity.WARNING, "there is no such rule"),
    _rule(
        "expired-suppression",
        Severity.WARNING,
        "this suppression expired; mend what it allows or give it a new date",
    ),
    _rule(
        "expiring-suppression",
        Severity.WARNING,
        "this suppression expires soon; mend what it allows by then",
        options=(Option("days", 14, "days before its last one from which a suppression is told of"),),
    ),
    _rule(
        "missing-reason",
        Severity.BLOCKED,
        "a blocked rule is allowed only with a reason; write it after a colon",
    ),
    _rule("unused-suppression", Severity.WARNING, "this suppression took nothing out; remove it"),
    _rule(
        "weakened-policy",
        Severity.WARNING,
        "this change enforces less than before; mend what it would hide, or let a person decide",
    ),
)
