"""Secrets in the logs of C, C++ and Objective-C."""

from __future__ import annotations

from auto_enforcer.rules.logging._secrets import Dialect, secret_rule

_LEVELS = r"(?:trace|debug|info|warn|warning|error|critical|fatal)"

RULES = (
    secret_rule(
        ("c", "cpp", "objective-c"),
        Dialect(
            hint=r"[lL]og|LOG|\bcerr\b|\bg_|\bq[DIWC]",
            callee=rf"(?<![\w.>:])(?:syslog|NSLog|g_(?:print|message|warning|debug)"
            rf"|q(?:Debug|Info|Warning|Critical))|\bspdlog::{_LEVELS}"
            rf"|\bSPDLOG_[A-Z]+|\bLOG_(?:DEBUG|INFO|WARN|WARNING|ERROR)|\b_?log(?:ger)?_?(?:\.|->){_LEVELS}",
            command=r"\b(?:cerr|clog|LOG\(\w{1,12}\)|q(?:Debug|Info|Warning|Critical)\(\))"
            r"[ \t]*<<(?:[^;>]|->)*$",
            transparent=r"\b(?:std::string|string|QString|std::to_string|fmt::format|std::format|quoted)",
            labels=False,
        ),
    ),
)
