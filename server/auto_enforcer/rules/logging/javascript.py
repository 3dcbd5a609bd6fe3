"""Debug leftovers and logs in JavaScript and TypeScript: the console, `debugger`, messages, secrets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Excuse, Fact, Line, Option, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.logging._messages import LEVEL, interpolated_rule, logger_calls
from auto_enforcer.rules.logging._secrets import Dialect, secret_rule
from auto_enforcer.rules.logging._shared import (
    ARGUMENT_PARSER,
    CALL,
    LOGGER,
    LOGGER_TRIGGER,
    MAIN_GUARD,
    MOST_CALLS,
    SHEBANG,
    SWITCHED,
    WINDOW,
    argument_parser,
    arguments,
    at_top,
    main_guard,
    printing_function,
    read_call,
    removal,
)

_LANGUAGES = ("javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte")

_MAIN = main_guard(r"\brequire\.main\b|\bimport\.meta\.main\b|\bprocess\.argv\b|\bDeno\.args\b|\bBun\.argv\b")
_PARSER = argument_parser(
    r"(?:\bfrom|\brequire[ \t]{0,4}\(|\bimport)[ \t]{0,4}['\"](?:node:)?"
    r"(?:commander|yargs|minimist|meow|cac|inquirer|readline|arg|sade|oclif|@oclif/core|ora|prompts|mri|getopts)['\"]"
)
_METHODS = Option(
    "methods",
    (
        *("log", "debug", "info", "dir", "dirxml", "table", "trace", "group", "groupCollapsed", "groupEnd"),
        *("count", "countReset", "time", "timeEnd", "timeLog", "profile", "profileEnd", "timeStamp"),
    ),
    "the methods of `console` that are reported",
)
_FUNCTION = (
    r"\bfunction\b[ \t]*\*?[ \t]*(\w+)|\b(?:const|let|var)[ \t]+(\w+)[ \t]*(?::[^=\n]*)?=[ \t]*"
    r"(?:async\b[ \t]*)?(?:function\b|\w+[ \t]*=>|\([^\n]*=>|\([^)]*$)"
    r"|^[ \t]*(?:(?:public|private|protected|static|async|export|override|readonly|get)[ \t]+)*[#*]?"
    r"(?!(?:if|for|while|switch|catch|with|function|return|else|do|try)\b)([\w$]+)[ \t]*"
    r"(?:(?::|=)[ \t]*(?:async[ \t]*)?(?:function\b|\([^\n]*=>|\w+[ \t]*=>)"
    r"|(?:<[^<>\n]*>)?\([^\n;]*\{[ \t]*$)"
    r"|[\w$]\.([\w$]+)[ \t]*=[ \t]*(?:async\b[ \t]*)?(?:function\b|\([^\n]*=>)"
)


_CONSOLE = (
    r"(?<![\w$.])(?:(?:window|globalThis|self|global)\.)?console"
    r"[ \t]*(?:(?:\?\.|\.)[ \t]*(\w+)|\[[\"'](\w+)[\"']\])"
    r"(?=[ \t]*(?:\?\.)?\()"
)


_HANDED = (
    r"\b(?:then|tap|forEach|map|finally|subscribe|nextTick|setTimeout"
    r"|on(?:ce)?\([ \t]*[\"'][\w:-]{1,40}[\"'][ \t]*,)"
    r"\(?[ \t]*(?P<console>console\.(\w+))[ \t]*[,)]"
)
"""A method of the console that is called for each item, or when something comes."""


def _console(line: Line, options: Options) -> Iterator[Candidate]:
    methods = options["methods"]
    calls = (match for match in regex(_CONSOLE).finditer(line.text) if (match[1] or match[2]) in methods)
    for match in islice(calls, MOST_CALLS):
        yield Candidate(*match.span(), {"method": match[1] or match[2]})
    for match in islice(regex(_HANDED).finditer(line.text), MOST_CALLS):
        if match[2] in methods:
            yield Candidate(*match.span("console"), {"method": match[2]})
    alone = regex(r"(?<![\w$.])(console)[ \t]*$").search(line.text)
    called = regex(r"[ \t]*(?:\?\.|\.)(\w+)\(").match(line.text_after(1)) if alone else None
    if alone and called and called[1] in methods:
        yield Candidate(*alone.span(1), {"method": called[1]})


def _debugger(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(Zone.CODE)
    statement = regex(r"(?:^|[;{})>]|\belse)[ \t]*(debugger)[ \t]*(?=;|\}|$)")
    for match in islice(statement.finditer(code), MOST_CALLS):
        start, end = match.span(1)
        rest = line.text[end:]
        end += len(rest) - len(rest.lstrip()) + 1 if rest.lstrip().startswith(";") else 0
        yield Candidate(*match.span(1), None, removal(line, start, end))


_LOG_CALL = (
    rf"(?<![\w$.])(?:[\w$]+(?:\(\))?(?:\?\.|\.))*[\w$]*(?:{LOGGER}|\bwinston|\bbunyan|\bpino)(?:\.child\([^()\n]{{0,120}}\))?(?:\?\.|\.)"
    r"(?:trace|debug|info|warn|error|fatal|verbose|silly|http|notice|log)(?:\?\.)?[ \t]*\("
)
_TEXT_ONLY = Fact("text-only", r"['\"](?:consola|loglevel|npmlog|signale|vscode)['\"]")


def _interpolated(line: Line, options: Options) -> Iterator[Candidate]:
    for match in logger_calls(line, _LOG_CALL):
        call = read_call(line, match.end() - 1)
        spans = arguments(call) if call.whole else []
        for start, end in spans[:2]:
            text, top = call.text[start:end], at_top(call.code[start:end])
            how = _how(text, top)
            if not how:
                if regex(rf"\{{|{LEVEL}").match(f"{text},"):
                    continue
                break
            place = match.end() - 1
            here = "\n" not in call.text[:end]
            constant = "${" not in text if how == "a template" else not top.strip("+ \n")
            yield Candidate(
                *((place + start, place + end) if here else (match.start(), match.end() - 1)),
                {"how": how, "advice": "give the values beside it, where they can be searched"},
                value="constant-message" if constant else "",
            )
            break


def _how(text: str, top: str) -> str:
    if regex(r"""['"`]""").match(text) or regex(r"""[^\n]*\+[ \n]*['"`]""").match(text):
        if "+" in top:
            return "`+`"
        return "a template" if text.startswith("`") else ""
    return ""


def _is_text_only(line: Line, candidate: Candidate, options: Options) -> bool:
    """The logger that the file imports takes finished texts."""
    return bool(line.facts("text-only"))


_MESSAGES = interpolated_rule(
    _LANGUAGES,
    _interpolated,
    (
        rf"(?:{LOGGER_TRIGGER}|winston|bunyan|pino)\??"
        r"\.(?:trace|debug|info|warn|error|fatal|verbose|silly|http|notice|log)(?:\?\.)?[ \t]*\(",
        r"\.child\([^()\n]{0,120}\)\.(?:trace|debug|info|warn|error|fatal)[ \t]*\(",
    ),
    facts=(_TEXT_ONLY,),
    excuses=(Excuse("text-only", _is_text_only),),
)

RULES = (
    Rule(
        id="logging/console-call",
        severity=Severity.WARNING,
        message="`console.{method}` in program text; use a logger, or remove it",
        languages=_LANGUAGES,
        check=_console,
        triggers=(r"\bconsole[ \t]*(?:\?\.|\.|\[|$)",),
        excuses=(MAIN_GUARD, ARGUMENT_PARSER, SHEBANG, SWITCHED, printing_function(_FUNCTION)),
        options=(_METHODS,),
        facts=(_MAIN, _PARSER),
        before=WINDOW,
        after=CALL,
    ),
    Rule(
        id="logging/debugger-statement",
        severity=Severity.BLOCKED,
        message="`debugger` is left from debugging; remove it",
        languages=_LANGUAGES,
        check=_debugger,
        triggers=(r"\bdebugger\b",),
        excuses=(SWITCHED,),
        before=WINDOW,
        after=5,
    ),
    _MESSAGES,
    secret_rule(
        _LANGUAGES,
        Dialect(
            hint=r"console|[lL]og|LOG|\.write\b|winston|pino",
            callee=rf"(?<![\w$])console(?:\?\.|\.)\w+|\bprocess\.std(?:out|err)\.write"
            rf"|(?:{LOGGER}|\bwinston|\bpino)(?:\?\.|\.)(?:trace|debug|info|warn|error|fatal|verbose|silly|http|log)",
            transparent=r"\b(?:String|JSON\.stringify|inspect|format|join|concat|toString)",
        ),
    ),
)
