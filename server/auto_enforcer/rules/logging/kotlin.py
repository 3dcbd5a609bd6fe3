"""Debug leftovers and logs in Kotlin, Scala and Groovy: `println`, put-together messages, secrets."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Line, Options
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
_FIELD = r"(?<!\\)\$[A-Za-z{]"
_ANDROID = r"(?:[vdiwe]|wtf)[ \t]*\("
_MESSAGES = tuple(
    message_check(
        Messages(call=call, advice=advice, field=_FIELD, formats=r"String\.format[ \t]*\(", tagged=tagged)
    )
    for call, advice, tagged in (
        (
            rf"(?<![\w.])(?:\w+\.)*\w*{LOGGER}\.{_LEVELS}[ \t]*\(",
            "write `{}` and give the values as arguments, or log by a lambda",
            False,
        ),
        (
            rf"(?<![\w.])Timber\.(?:tag\([^()\n]{{0,60}}\)\.)?{_ANDROID}",
            "write `%s` and give the values as arguments",
            False,
        ),
        (
            rf"(?<![\w.])(?:android\.util\.)?Log\.{_ANDROID}",
            "ask `Log.isLoggable` first, or log by what makes the text when it is wanted",
            True,
        ),
    )
)


def _interpolated(line: Line, options: Options) -> Iterator[Candidate]:
    for check in _MESSAGES:
        yield from check(line, options)


RULES = (
    system_out_rule(
        _LANGUAGES,
        r"(?<![\w.])(?P<span>(?:System\.(?:out|err)\.|Console\.|kotlin\.io\.)?print(?:ln|f)?)[ \t]*\("
        r"|\([ \t]*(?P<handed>::print(?:ln)?)[ \t]*\)",
        "`println` in program text; use a logger",
        excuses=(MAIN_GUARD, ARGUMENT_PARSER, SHEBANG, DEFINITION, SWITCHED, printing_function(FUNCTION)),
        facts=(
            main_guard(r"\b(?:fun|def|void)[ \t]{1,4}main[ \t]{0,4}\(|\bextends[ \t]{1,4}App\b|^@main\b"),
            argument_parser(r"\b(?:com\.github\.ajalt\.clikt|kotlinx\.cli|picocli|scopt|CliBuilder)\b"),
        ),
        triggers=(r"\bprint(?:ln|f)?[ \t]*\(", r"\([ \t]*::print(?:ln)?\b"),
    ),
    interpolated_rule(
        ("kotlin", "groovy"),
        _interpolated,
        (
            rf"(?i)log(?:ger|ging|s)?_?\.{_LEVELS}[ \t]*\(",
            r"\b(?:Log|Timber)\.(?:[vdiwe]|wtf)[ \t]*\(",
            r"\bTimber\.tag\([^()\n]{0,60}\)\.(?:[vdiwe]|wtf)[ \t]*\(",
        ),
    ),
    secret_rule(
        _LANGUAGES,
        Dialect(
            hint=r"print|[lL]og|LOG|Timber",
            callee=rf"(?<![\w.])(?:System\.(?:out|err)\.)?print\w*|{LOGGER}\.{_LEVELS}|\b(?:Log|Timber)\.[vdiwe]",
            command=rf"{LOGGER}\.{_LEVELS}[ \t]*\{{[^{{}}]*",
            transparent=r"\b(?:String\.format|format|toString|listOf|mapOf)",
            inline=r"(?<![\\\w])\$([A-Za-z_]\w*)",
            labels=False,
        ),
    ),
)
