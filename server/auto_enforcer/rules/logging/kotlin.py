"""Debug leftovers and logs in Kotlin, Scala and Groovy: `println`, put-together messages, secrets."""

from __future__ import annotations

from auto_enforcer.rules.logging._messages import Messages, interpolated_rule, message_check
from auto_enforcer.rules.logging._secrets import Dialect, secret_rule
from auto_enforcer.rules.logging._shared import (
    ARGUMENT_PARSER,
    DEFINITION,
    FUNCTION,
    LOGGER,
    MAIN_GUARD,
    SHEBANG,
    SWITCHED,
    argument_parser,
    main_guard,
    printing_function,
    system_out_rule,
)

_LANGUAGES = ("kotlin", "scala", "groovy")
_LEVELS = r"(?:trace|debug|info|warn|error|fatal)"

RULES = (
    system_out_rule(
        _LANGUAGES,
        r"(?<![\w.])(?P<span>(?:System\.(?:out|err)\.|Console\.)?print(?:ln|f)?)[ \t]*\(",
        "`println` in program text; use a logger",
        excuses=(MAIN_GUARD, ARGUMENT_PARSER, SHEBANG, DEFINITION, SWITCHED, printing_function(FUNCTION)),
        facts=(
            main_guard(r"\b(?:fun|def|void)[ \t]{1,4}main[ \t]{0,4}\(|\bextends[ \t]{1,4}App\b|^@main\b"),
            argument_parser(r"\b(?:com\.github\.ajalt\.clikt|kotlinx\.cli|picocli|scopt|CliBuilder)\b"),
        ),
        triggers=(r"\bprint(?:ln|f)?[ \t]*\(",),
    ),
    interpolated_rule(
        ("kotlin", "groovy"),
        message_check(
            Messages(
                call=rf"(?<![\w.])(?:\w+\.)*\w*{LOGGER}\.{_LEVELS}[ \t]*\(",
                advice="write `{}` and give the values as arguments, or log by a lambda",
                field=r"(?<!\\)\$[A-Za-z{]",
                formats=r"String\.format[ \t]*\(",
            )
        ),
        (rf"(?i)log(?:ger|ging|s)?_?\.{_LEVELS}[ \t]*\(",),
    ),
    secret_rule(
        _LANGUAGES,
        Dialect(
            hint=r"print|[lL]og|LOG|Timber",
            callee=rf"(?<![\w.])(?:System\.(?:out|err)\.)?print\w*|{LOGGER}\.{_LEVELS}|\b(?:Log|Timber)\.[vdiwe]",
            transparent=r"\b(?:String\.format|format|toString|listOf|mapOf)",
            inline=r"(?<![\\\w])\$([A-Za-z_]\w*)",
            labels=False,
        ),
    ),
)
