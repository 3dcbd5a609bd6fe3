"""Debug leftovers and logs in Go: `fmt.Print`, forgotten breaks, put-together messages, secrets."""

from __future__ import annotations

from auto_enforcer.rules.logging._messages import Messages, interpolated_rule, message_check
from auto_enforcer.rules.logging._secrets import Dialect, secret_rule
from auto_enforcer.rules.logging._shared import (
    ARGUMENT_PARSER,
    FUNCTION,
    MAIN_GUARD,
    SWITCHED,
    argument_parser,
    breakpoint_rule,
    main_guard,
    printing_function,
    stopping,
    system_out_rule,
)

_LOGGER = (
    r"(?:(?<![A-Za-z0-9])(?:s?log|k?log|glog|logrus|zap|zlog|logger|Logger|Log|sugar)|[a-z0-9](?:Log|Logger))"
)
_LEVELS = r"(?:Trace|Debug|Info|Warn|Warning|Error|Fatal|Panic|Print)"
_WITH = r"(?:\(\))?(?:\.With[A-Za-z]{0,12}\([^()\n]{0,120}\)){0,3}"
"""What a logger is given for all that it says, or the call that brings it."""

RULES = (
    system_out_rule(
        ("go",),
        r"(?<![\w.])(?P<span>fmt\.Print(?:ln|f)?|println|print)[ \t]*\(",
        "printing in a package speaks past its caller; use a logger, or an `io.Writer`",
        excuses=(MAIN_GUARD, ARGUMENT_PARSER, SWITCHED, printing_function(FUNCTION)),
        facts=(
            main_guard(r"^package[ \t]{1,4}main\b|^func[ \t]{1,4}Example\w{0,60}\("),
            argument_parser(
                r"\"(?:github\.com/spf13/cobra|github\.com/urfave/cli[\w/]{0,8}|flag|github\.com/alecthomas/kong)\""
            ),
        ),
        triggers=(r"\bfmt\.Print", r"\bprint(?:ln)?[ \t]*\("),
    ),
    breakpoint_rule(
        ("go",),
        stopping(r"(?<![\w.])(?P<span>runtime\.Breakpoint)[ \t]*\("),
        (r"\bruntime\.Breakpoint\b",),
        excuses=(SWITCHED,),
    ),
    interpolated_rule(
        ("go",),
        message_check(
            Messages(
                call=rf"{_LOGGER}{_WITH}\.{_LEVELS}(?:ln|f|w|Context)?[ \t]*\(",
                advice="use the method that formats, or attributes",
                text=r"[\"`]",
                formats=r"fmt\.Sprintf[ \t]*\(",
            )
        ),
        (rf"(?:[lL]og|ger|rus|zap|sugar){_WITH}\.{_LEVELS}",),
    ),
    secret_rule(
        ("go",),
        Dialect(
            hint=r"fmt\.|[lL]og|zap|sugar|print",
            callee=rf"\bfmt\.Print\w*|(?<![\w.])println|{_LOGGER}(?:\(\))?\.{_LEVELS}\w*",
            transparent=r"\b(?:string|fmt\.Sprintf?|zap\.(?:String|Any)|slog\.(?:String|Any)|Str|Interface)",
        ),
    ),
)
