"""Debug leftovers and logs in Java: `System.out`, put-together messages, secrets."""

from __future__ import annotations

from auto_enforcer.model import Candidate, Excuse, Fact, Line, Options
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.logging._messages import Messages, interpolated_rule, message_check
from auto_enforcer.rules.logging._secrets import Dialect, secret_rule
from auto_enforcer.rules.logging._shared import (
    ARGUMENT_PARSER,
    LOGGER,
    MAIN_GUARD,
    METHOD,
    SWITCHED,
    argument_parser,
    main_guard,
    printing_function,
    system_out_rule,
)

_LEVELS = r"(?:trace|debug|info|warn|error|fatal|log|fine|finer|finest|config|warning|severe)"

_CALL = (
    rf"(?<![\w.])(?:\w+\.)*\w*(?:{LOGGER}(?:\(\))?(?:\.at(?:Trace|Debug|Info|Warn|Error)\(\))?\.{_LEVELS}"
    r"|\w\.(?:fine|finer|finest|severe))[ \t]*\("
)
"""The levels that no other object has name a logger of the platform, whatever it is called."""


def _is_protocol_key(line: Line, candidate: Candidate, options: Options) -> bool:
    """The API keys of Kafka's protocol number its requests."""
    name = (candidate.details or {}).get("name", "").lower()
    return "protocol-key" in line.file.anywhere and name.endswith("apikey")


def _is_supplied(line: Line, candidate: Candidate, options: Options) -> bool:
    """A function makes the message, which the logger calls where it is wanted."""
    return regex(r"(?:^|[(,])[ \t]*(?:\([ \t]*\)|\w+)[ \t]*->").search(line.text[: candidate.end]) is not None


RULES = (
    system_out_rule(
        ("java",),
        r"(?<![\w.])(?P<span>System\.(?:out|err)\.(?:print(?:ln|f)?|format|append))[ \t]*\(",
        "`System.out` and `System.err` in program text; use a logger",
        (r"\bSystem\.(?:out|err)\.(?:print|format|append)",),
        excuses=(MAIN_GUARD, ARGUMENT_PARSER, SWITCHED, printing_function(METHOD)),
        facts=(
            main_guard(r"\bstatic\b[^;=\n]{0,40}\bvoid[ \t]{1,4}main[ \t]{0,4}\("),
            argument_parser(
                r"\b(?:picocli\.CommandLine|org\.apache\.commons\.cli|com\.beust\.jcommander|args4j)\b"
            ),
        ),
    ),
    interpolated_rule(
        ("java",),
        message_check(
            Messages(
                call=_CALL,
                advice="write `{}` and give the values as arguments",
                formats=r"String\.format[ \t]*\(",
            )
        ),
        (
            rf"(?i)log(?:ger|ging|s)?_?(?:\(\))?\.{_LEVELS}[ \t]*\(",
            rf"\.at(?:Trace|Debug|Info|Warn|Error)\(\)\.{_LEVELS}[ \t]*\(",
            r"\.(?:fine|finer|finest|severe)[ \t]*\(",
        ),
        excuses=(Excuse("supplied", _is_supplied),),
    ),
    secret_rule(
        ("java",),
        Dialect(
            hint=r"System\.|[lL]og|LOG",
            callee=rf"\bSystem\.(?:out|err)\.print\w*|{LOGGER}\.{_LEVELS}",
            transparent=r"\b(?:String\.valueOf|String\.format|format|toString|concat|append|StringBuilder)",
        ),
        excuses=(Excuse("protocol-key", _is_protocol_key),),
        facts=(Fact("protocol-key", r"\bimport\b[^\n]{0,80}\bApiKeys\b", anywhere=True),),
    ),
)
