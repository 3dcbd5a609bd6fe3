"""Debug leftovers and logs in Ruby: prints, forgotten debuggers, put-together debug messages, secrets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Line, Options, Zone
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.logging._messages import interpolated_rule
from auto_enforcer.rules.logging._secrets import Dialect, secret_rule
from auto_enforcer.rules.logging._shared import (
    ARGUMENT_PARSER,
    FUNCTION,
    LOGGER,
    LOGGER_TRIGGER,
    MAIN_GUARD,
    MOST_CALLS,
    SHEBANG,
    SWITCHED,
    argument_parser,
    breakpoint_rule,
    main_guard,
    printing_function,
    stopping,
    system_out_rule,
)

_LEVELS = r"(?:debug|info|warn|error|fatal|unknown)"
_LOGGED = (
    rf"(?<![\w.@])(?:[\w@]+\.)*@{{0,2}}\w*{LOGGER}\.{_LEVELS}"
    r"(?:[ \t]{0,8}\([ \t]{0,8}|[ \t]{1,8})(?=[\"'])"
)
_LITERAL = r"\"(?:[^\"\\#]|\\.|#(?!\{)|#\{[^{}]*\})*\"|'(?:[^'\\]|\\.)*'"
_JOINED = rf"[ \t]*(\+|<<|%)(?!=)[ \t]*(?:({_LITERAL})[ \t]*(?:$|\)))?"


def _interpolated(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_LOGGED).finditer(line.text), MOST_CALLS):
        literal = regex(_LITERAL).match(line.text, match.end())
        if literal is None or not line.zone_at(match.start()) & Zone.CODE:
            continue
        joined = regex(_JOINED).match(line.text, literal.end())
        filled = literal[0][0] == '"' and regex(r"(?<!\\)#\{").search(literal[0]) is not None
        yield Candidate(
            *literal.span(),
            {
                "how": "interpolation" if filled or not joined else f"`{joined[1]}`",
                "advice": "give a block, which runs only when it is wanted",
            },
            value="" if filled or (joined and not joined[2]) else "constant-message",
        )


RULES = (
    system_out_rule(
        ("ruby",),
        r"^[ \t]*(?P<span>(?:\$stdout\.|STDOUT\.|Kernel\.)?(?:puts|print|pp|p))"
        r"(?=[ \t]+[\w\"':@\[{$#*]|[ \t]*\(|[ \t]*$)(?![ \t]*=|[ \t]+[=+|&-])",
        "printing in a library speaks past its caller; use a logger",
        excuses=(MAIN_GUARD, ARGUMENT_PARSER, SHEBANG, SWITCHED, printing_function(FUNCTION)),
        facts=(
            main_guard(
                r"\b__FILE__[ \t]{0,4}==|\$PROGRAM_NAME\b|\bbundler/inline\b"
                r"|^[ \t]*(?:task|namespace)[ \t(]{1,4}[:'\"a-z]"
            ),
            argument_parser(r"\b(?:OptionParser|Thor|Slop|GLI|Commander|ARGV)\b"),
        ),
        triggers=(r"^[ \t]*(?:\$stdout\.|STDOUT\.|Kernel\.)?(?:puts|print|pp|p)\b",),
    ),
    breakpoint_rule(
        ("ruby",),
        stopping(
            r"(?:^|;)[ \t]*(?P<span>binding\.(?:pry|irb|b|break|remote_pry|console)"
            r"|(?:remote_)?byebug|debugger"
            r"|Pry\.start)\b"
            r"(?=[ \t]*(?:$|;|\(\)|if\b|unless\b))"
        ),
        (r"\bbinding\.[a-z]", r"\b(?:remote_)?byebug\b", r"\bdebugger\b", r"\bPry\.start\b"),
        excuses=(SHEBANG, SWITCHED),
    ),
    interpolated_rule(("ruby",), _interpolated, (rf"{LOGGER_TRIGGER}\.{_LEVELS}[ \t]*[(\"']",)),
    secret_rule(
        ("ruby",),
        Dialect(
            hint=r"\b(?:puts|print|pp|p|warn)\b|[lL]og",
            callee=rf"(?<![\w.:@])(?:puts|print|pp|p|warn)|\b(?:log|logger)\.{_LEVELS}",
            command=r"(?:^|[;{]|\bdo\b|\bthen\b)[ \t]*(?:(?:puts|print|pp|p|warn)|"
            rf"(?:[\w@]+\.)*@?\w*(?:log|logger)\.{_LEVELS})[ \t]+",
            transparent=r"\b(?:to_s|inspect|String|format|sprintf)",
        ),
    ),
)
