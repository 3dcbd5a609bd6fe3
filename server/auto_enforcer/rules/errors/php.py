"""Failures that vanish in PHP: empty handlers, the silence operator, lost causes, traces sent to a client."""

from __future__ import annotations

from auto_enforcer.rules.errors._braces import Dialect, swallowing_rules
from auto_enforcer.rules.errors._causes import Thrower, lost_cause_rule
from auto_enforcer.rules.errors._traces import leaked_rule
from auto_enforcer.rules.errors._unchecked import unchecked_rule

_ANSWER = (
    r"(?:(?:\becho|\bprint|<\?=)\b[ \t(]*(?:nl2br[ \t]*\()?|(?:\bresponse\([^()]*\)->\w+"
    r"|->(?:json|withJson|setContent|setData|write|end|send)"
    r"|\bnew[ \t]+\\?(?:\w+\\)*\w*Response|\b(?:response|die|exit|abort))[ \t]*\()"
)
_TRACE = (
    r"\$\w+->(?:getTraceAsString|getTrace)\(\)"
    r"|\(string\)[ \t]*\$(?:e|ex|exc|exception|throwable)\b(?!->|\[)"
    r"|\.[ \t]*\$(?:e|ex|exception|throwable)\b(?!->|\[)"
)

_SILENCED = r"^[ \t]*(@\\?(?!trigger_error\b)(?:\$?\w+(?:::|->))*\w+)[ \t]*\("

RULES = (
    *swallowing_rules(Dialect(language=("php",), broad=("Exception", "Throwable"), hashes=True)),
    lost_cause_rule(
        ("php",),
        Thrower(new=r"\bthrow[ \t]+new[ \t]+", trigger=r"\bthrow[ \t]+new\b", name=r"\$\w+(?=[ \t]*$)"),
    ),
    leaked_rule(("php",), _TRACE, _ANSWER, triggers=(r"getTrace", r"\$(?:e|ex|exc|exception|throwable)\b")),
    unchecked_rule(("php",), _SILENCED, (r"^[ \t]*@\\?[$A-Za-z_]",)),
)
