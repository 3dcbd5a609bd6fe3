"""Failures that vanish in C#: empty handlers, lost causes, traces sent to a client."""

from __future__ import annotations

from auto_enforcer.rules.errors._braces import Dialect, swallowing_rules
from auto_enforcer.rules.errors._causes import Thrower, lost_cause_rule
from auto_enforcer.rules.errors._traces import leaked_rule

_ANSWER = (
    r"\b(?:StatusCode|BadRequest|Problem|Ok|Content|Json|NotFound|Conflict|UnprocessableEntity|ObjectResult"
    r"|JsonResult|WriteAsync|WriteAsJsonAsync|Response\.Write|ContentResult)[ \t]*\("
)
_TRACE = (
    r"\b\w+(?:\?|!)?\.StackTrace\b|\b(?:e|ex|err|error|exception)\.ToString\(\)|\bEnvironment\.StackTrace\b"
)

RULES = (
    *swallowing_rules(Dialect(language=("csharp",), broad=("", "Exception"))),
    lost_cause_rule(("csharp",), Thrower(new=r"\bthrow[ \t]+new[ \t]+", trigger=r"\bthrow[ \t]+new\b")),
    leaked_rule(("csharp",), _TRACE, _ANSWER, triggers=(r"StackTrace", r"\.ToString\(")),
)
