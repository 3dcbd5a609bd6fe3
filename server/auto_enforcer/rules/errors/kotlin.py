"""Failures that vanish in Kotlin: empty handlers, lost causes, traces sent to a client."""

from __future__ import annotations

from auto_enforcer.rules.errors._braces import Dialect, swallowing_rules
from auto_enforcer.rules.errors._causes import Thrower, lost_cause_rule
from auto_enforcer.rules.errors._traces import leaked_rule

_ANSWER = (
    r"(?:\bcall\.respond\w*|\.(?:body|entity|sendError|send|end)|\b[rR]esp(?:onse)?\.\w*[wW]riter\.(?:write|print|println)|\bResponse(?:Entity)?(?:<[^<>]*>)?(?:\.\w+)?"
    r"|\bServerResponse\.\w+)[ \t]*\("
)
_TRACE = (
    r"\b\w+\.(?:stackTraceToString\(\)|stackTrace\b|getStackTrace\(\))"
    r"|\b\w+\.printStackTrace\([^()]*\b(?:response|resp|res)\b[^()]*\)"
)

RULES = (
    *swallowing_rules(Dialect(language=("kotlin",), broad=("Exception", "Throwable"), name_first=True)),
    lost_cause_rule(
        ("kotlin",),
        Thrower(
            new=r"\bthrow[ \t]+(?=[A-Z])",
            trigger=r"\bthrow[ \t]+[A-Z]",
            call="throw {exception}",
            name_first=True,
        ),
    ),
    leaked_rule(("kotlin",), _TRACE, _ANSWER, triggers=(r"stackTrace", r"getStackTrace", r"printStackTrace")),
)
