"""Failures that vanish in Java: empty handlers, lost causes, traces sent to a client."""

from __future__ import annotations

from auto_enforcer.rules.errors._braces import Dialect, swallowing_rules
from auto_enforcer.rules.errors._causes import Thrower, lost_cause_rule
from auto_enforcer.rules.errors._traces import leaked_rule

_ANSWER = (
    r"(?:\.(?:body|entity|sendError)|\bnew ResponseEntity(?:<[^<>]*>)?|\bResponse(?:Entity)?\.\w+"
    r"|(?:getWriter\(\)|getOutputStream\(\)|\bwriter|\bout)\.(?:print|println|write|printf))[ \t]*\("
)
_TRACE = (
    r"\b\w+\.printStackTrace\([^()]*\b(?:response|resp|res)\b(?:\.getWriter\(\))?[^()]*\)"
    r"|\b(?:ExceptionUtils|Throwables)\.getStackTrace\w*\([^()]*\)|\b\w+\.getStackTrace\(\)"
)

RULES = (
    *swallowing_rules(Dialect(language=("java",), broad=("Exception", "Throwable"))),
    lost_cause_rule(("java",), Thrower(new=r"\bthrow[ \t]+new[ \t]+", trigger=r"\bthrow[ \t]+new\b")),
    leaked_rule(("java",), _TRACE, _ANSWER, triggers=(r"printStackTrace", r"getStackTrace")),
)
