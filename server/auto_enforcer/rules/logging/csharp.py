"""Debug leftovers and logs in C#: the console, forgotten breaks, put-together messages, secrets."""

from __future__ import annotations

from auto_enforcer.model import Candidate, Excuse, Line, Options
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
    breakpoint_rule,
    main_guard,
    printing_function,
    stopping,
    system_out_rule,
)

_LEVELS = (
    r"(?:Log(?:Trace|Debug|Information|Warning|Error|Critical)?"
    r"|Trace|Verbose|Debug|Information|Info|Warning|Warn|Error|Fatal)"
)


def _is_attached(line: Line, candidate: Candidate, options: Options) -> bool:
    """It asks first whether a debugger is there, or stands in a build for debugging. Who leaves where one is
    asks for something else."""
    asks = regex(r"\bIsAttached\b(?![ \t]*\)[ \t]*\{?[ \t]*return\b)|#if[ \t]+\w*DEBUG|\bConditional\(")
    return any(asks.search(one.text) for one in (line, *line.before(5)))


RULES = (
    system_out_rule(
        ("csharp",),
        r"(?<![\w.])(?P<span>(?:System\.)?Console\.(?:(?:Error|Out)\.)?Write(?:Line)?)[ \t]*\(",
        "`Console.Write` in program text; use a logger",
        (r"\bConsole\.(?:(?:Error|Out)\.)?Write",),
        excuses=(MAIN_GUARD, ARGUMENT_PARSER, SWITCHED, printing_function(METHOD)),
        facts=(
            main_guard(r"\bstatic\b[^;=\n]{0,40}\bMain[ \t]{0,4}\(|\bargs\.Length\b|\bConsole\.ReadKey\b"),
            argument_parser(
                r"\b(?:System\.CommandLine|CommandLineParser|Spectre\.Console|McMaster\.Extensions)\b"
            ),
        ),
    ),
    breakpoint_rule(
        ("csharp",),
        stopping(r"(?<![\w.])(?P<span>(?:System\.Diagnostics\.)?Debugger\.(?:Break|Launch))[ \t]*\("),
        (r"\bDebugger\.(?:Break|Launch)\b",),
        excuses=(Excuse("attached", _is_attached),),
    ),
    interpolated_rule(
        ("csharp",),
        message_check(
            Messages(
                call=rf"(?<![\w.])(?:\w+\.)*\w*{LOGGER}\.{_LEVELS}[ \t]*\(",
                advice="write named fields and give the values as arguments",
                text=r"[$@]{0,2}\"",
                field=r"^\$@?\"[^\n]*\{|^@\$\"[^\n]*\{",
                formats=r"[sS]tring\.(?:Format|Concat)[ \t]*\(",
            )
        ),
        (rf"(?i)log(?:ger|ging|s)?_?\.{_LEVELS}[ \t]*\(",),
    ),
    secret_rule(
        ("csharp",),
        Dialect(
            hint=r"Console\.|[lL]og|LOG|Debug\.|Trace\.",
            callee=rf"\bConsole\.(?:(?:Error|Out)\.)?Write\w*|\b(?:Debug|Trace)\.Write\w*|{LOGGER}\.{_LEVELS}",
            transparent=r"\b(?:[sS]tring\.Format|[sS]tring\.Concat|[sS]tring\.Join|ToString|Serialize)",
        ),
    ),
)
