"""Debug leftovers and logs in PHP: dumps, put-together messages, secrets."""

from __future__ import annotations

from auto_enforcer.model import Candidate, Excuse, Fact, Line, Options
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.logging._messages import Messages, interpolated_rule, message_check
from auto_enforcer.rules.logging._secrets import Dialect, secret_rule
from auto_enforcer.rules.logging._shared import (
    ARGUMENT_PARSER,
    FUNCTION,
    MAIN_GUARD,
    SHEBANG,
    SWITCHED,
    anywhere,
    argument_parser,
    breakpoint_rule,
    main_guard,
    printing_function,
    read_call,
    stopping,
    system_out_rule,
)

_LOGGER = (
    r"(?:(?<![A-Za-z])(?:\$?[lL]og(?:ger)?|\$LOG)"
    r"|[a-z_](?:Log|Logger|_log|_logger)|\b(?:logger|getLogger)\(\))(?:->|::)"
)
_LEVELS = r"(?:debug|info|notice|warning|error|critical|alert|emergency)"


def _is_captured(line: Line, candidate: Candidate, options: Options) -> bool:
    """What it prints is caught, or given back."""
    call = read_call(line, candidate.end)
    back = regex(r",[ \t\n]*(?:return:[ \t]*)?(?:true|TRUE|1)[ \t\n]*,?[ \t\n]*\)$").search(call.code)
    return not call.whole or back is not None or any("ob_start" in one.text for one in line.before(6))


RULES = (
    system_out_rule(
        ("php",),
        r"(?<![\w>:$\\])(?P<span>\\?(?:print_r|var_export|debug_zval_refcount"
        r"|debug_print_backtrace))[ \t]*\(",
        "a dump goes into the page; use a logger",
        excuses=(
            MAIN_GUARD,
            ARGUMENT_PARSER,
            SHEBANG,
            Excuse("captured", _is_captured),
            SWITCHED,
            printing_function(FUNCTION),
        ),
        facts=(
            main_guard(r"\$argv\b|\bPHP_SAPI\b|\bphp_sapi_name\b"),
            argument_parser(r"\bSymfony\\Component\\Console\b|\bIlluminate\\Console\b|\bgetopt[ \t]{0,4}\("),
        ),
        triggers=(r"\b(?:print_r|var_export|debug_zval_refcount|debug_print_backtrace)[ \t]*\(",),
    ),
    breakpoint_rule(
        ("php",),
        stopping(r"(?<![\w>:$\\])(?<!function )(?P<span>\\?(?:ddd?|dump|var_dump|xdebug_break))[ \t]*\("),
        (r"\b(?:ddd?|dump|var_dump|xdebug_break)[ \t]*\(",),
        excuses=(anywhere("own-dump"), SWITCHED),
        facts=(
            Fact(
                "own-dump",
                r"\bfunction[ \t]{1,4}&?(?:ddd?|dump|var_dump)[ \t]{0,4}\(|\bob_start[ \t]{0,4}\(",
                anywhere=True,
            ),
        ),
    ),
    interpolated_rule(
        ("php",),
        message_check(
            Messages(
                call=rf"{_LOGGER}{_LEVELS}[ \t]*\(",
                advice="write `{field}` and give the values as context",
                text=r"[\"']",
                field=r"(?<!\\)(?:\$[A-Za-z_]|\{\$)",
                formats=r"\\?sprintf[ \t]*\(",
                joiner=".",
            )
        ),
        (rf"(?i)log(?:ger)?(?:\(\))?(?:->|::){_LEVELS}",),
    ),
    secret_rule(
        ("php",),
        Dialect(
            hint=r"print_r|dd\b|dump|error_log|var_dump|var_export|[lL]og",
            callee=rf"(?<![\w>:$])(?:print_r|var_dump|var_export|error_log|dd|dump)|{_LOGGER}{_LEVELS}",
            transparent=r"\b(?:strval|sprintf|json_encode|print_r|implode|array|trim)",
            inline=r"(?<!\\)\$([A-Za-z_]\w*)",
            labels=False,
        ),
    ),
)
