"""Debug leftovers and logs in Ruby: prints, forgotten debuggers, put-together debug messages, secrets."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Line, Options
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.logging._messages import interpolated_rule
from auto_enforcer.rules.logging._secrets import Dialect, secret_rule
from auto_enforcer.rules.logging._shared import (
    ARGUMENT_PARSER,
    FUNCTION,
    MAIN_GUARD,
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
_DEBUG = r"(?<![\w.@])(?:[\w@]+\.)*@{0,2}\w*(?:log|logger)\.debug(?:[ \t]*\(|[ \t]+)[ \t]*(?P<span>\"[^\n]*)"


def _interpolated(line: Line, options: Options) -> Iterator[Candidate]:
    for match in regex(_DEBUG).finditer(line.text):
        text = match["span"]
        literal = regex(r"\"(?:[^\"\\#]|\\.|#(?!\{)|#\{[^{}]*\})*\"").match(text)
        if literal:
            start = match.start("span")
            constant = regex(r"(?<!\\)#\{").search(literal[0]) is None
            yield Candidate(
                start,
                start + len(literal[0]),
                {"how": "interpolation", "advice": "give a block, which runs only when it is wanted"},
                value="constant-message" if constant else "",
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
                r"\b__FILE__[ \t]{0,4}==|\$PROGRAM_NAME\b|^[ \t]*(?:task|namespace)[ \t(]{1,4}[:'\"a-z]"
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
    interpolated_rule(("ruby",), _interpolated, (r"log(?:ger)?\.debug\b",)),
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
