"""Debug leftovers and logs in Python: prints, breakpoints, messages put together too early, secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Edit, Excuse, Fact, Fix, Line, Options, Rule, Severity
from auto_enforcer.rules._common import indent_of, regex
from auto_enforcer.rules.logging._messages import interpolated_rule, logger_calls
from auto_enforcer.rules.logging._secrets import Dialect, secret_rule
from auto_enforcer.rules.logging._shared import (
    ARGUMENT_PARSER,
    CALL,
    DEFINITION,
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
    breakpoint_rule,
    main_guard,
    printing,
    printing_function,
    read_call,
    removal,
)

_DEF = r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)"
_MAIN = main_guard(r"^if[ \t(]{1,4}__name__[ \t=]|^(?:async[ \t]{1,4})?def main\(")
_PARSER = argument_parser(
    r"^[ \t]*(?:import|from)[ \t]{1,4}(?:argparse|optparse|getopt|click|typer|fire"
    r"|docopt|absl\.app|cmd|rich_click)\b"
)

_DEBUGGERS = r"(?:i?pdb|pudb|wdb|rpdb|remote_pdb|epdb|web_pdb|celery\.contrib\.rdb|IPython\.core\.debugger)"
_ALIAS = Fact("debugger", rf"^[ \t]*import[ \t]{{1,4}}{_DEBUGGERS}[ \t]{{1,4}}as[ \t]{{1,4}}(\w{{1,40}})")
_TRACE = Fact(
    "set-trace",
    rf"^[ \t]*from[ \t]{{1,4}}{_DEBUGGERS}[ \t]{{1,4}}import[ \t]{{1,4}}set_trace\b"
    rf"(?:[ \t]{{1,4}}as[ \t]{{1,4}}(\w{{1,40}}))?",
)
_TRIED = Fact(
    "tried-breakpoint",
    r"\bbreakpointhook\b|\bpatch(?:\.object)?\([^\n]{0,40}set_trace\b",
    anywhere=True,
)


def _is_tried(line: Line, candidate: Candidate, options: Options) -> bool:
    """The file puts something in the debugger's place, to try the call itself."""
    return _TRIED.name in line.file.anywhere


_OWN = Fact(
    "own-breakpoint",
    r"\bdef breakpoint\(|\bimport\b[^\n#]{0,80}\bbreakpoint\b|^breakpoint[ \t]{0,4}=",
    anywhere=True,
)
_CALLED = (
    r"(?<![\w.])((?:\w+\.)*\w+|__import__\(['\"]\w+['\"]\)\.set_trace"
    r"|\w+\.Pdb\(\)\.set_trace)[ \t]*\("
)
_SHORT = r"(?:^|[ \t;:])(?:st|stop|bp|brk|dbg|debug|trace|pause)\(\)"
"""The other names that `set_trace` is known by; any name at all would be a look at every call of a file."""


def _breakpoints(line: Line, options: Options) -> Iterator[Candidate]:
    calls = (match for match in regex(_CALLED).finditer(line.text) if _stops(line, match))
    for match in islice(calls, MOST_CALLS):
        start, end = match.span(1)
        call = read_call(line, end, 2)
        whole = call.whole and "\n" not in call.code
        imported = regex(
            r"[ \t]*(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+[\w.]+[ \t]*(?:as[ \t]+\w+[ \t]*)?;[ \t]*"
        ).fullmatch(line.text[:start])
        first = indent_of(line.text) if imported else start
        fixes = removal(line, first, end + len(call.text), "pass") if whole else ()
        yield Candidate(start, end, {"call": f"{match[1]}()"}, fixes)


def _stops(line: Line, call: re.Match[str]) -> bool:
    """Whether a call stops for a debugger; its name is the match's group 1."""
    name = call[1]
    module, _, method = name.rpartition(".")
    module = module.removesuffix(".Pdb()")
    if not module:
        if name == "breakpoint":
            return True
        if name == "embed":
            return regex(r"\bfrom IPython import embed[ \t]*;").search(line.text) is not None
        told = (
            name.endswith(("set_trace", "settrace"))
            or regex(_SHORT).match(line.text, max(0, call.start(1) - 1)) is not None
        )
        return told and name in (known or "set_trace" for known in line.facts("set-trace"))
    if method == "set_trace":
        known = module == "pytest" or module.startswith("__import__") or module in line.facts("debugger")
        return known or regex(_DEBUGGERS).fullmatch(module) is not None
    if name == "IPython.embed":
        return regex(r"\bimport IPython[ \t]*;").search(line.text) is not None
    return name in ("debugpy.breakpoint", "pydevd.settrace", "pydevd_pycharm.settrace")


def _is_debugging(line: Line, candidate: Candidate, options: Options) -> bool:
    """The function around stops by its name."""
    indent = indent_of(line.text)
    for above in line.before(5):
        if above.text.strip() and indent_of(above.text) < indent:
            named = regex(_DEF).match(above.text)
            return named is not None and regex(_STOPPING).search(named[1]) is not None
    return False


_STOPPING = r"(?i)break|debug|trace|pdb|post_mortem|interact"


def _is_own(line: Line, candidate: Candidate, options: Options) -> bool:
    name = (candidate.details or {}).get("call", "")
    return name == "breakpoint()" and "own-breakpoint" in line.file.anywhere


def _has_file(line: Line, candidate: Candidate, options: Options) -> bool:
    call = read_call(line, candidate.end)
    return not call.whole or regex(r"[(,\s](?:file|stream)[ \t]*=(?!=)|\*\*").search(call.code) is not None


_LOG_CALL = (
    rf"(?<![\w.])(?:\w+(?:\(\))?\.)*\w*{LOGGER}(?:\(\))?"
    r"\.(debug|info|warning|warn|error|exception|critical|fatal|log)[ \t]*\("
)

_FORMATTED = Fact("formats-itself", r"^[ \t]*(?:from|import)[ \t]{1,4}(loguru|structlog)\b")


def _interpolated(line: Line, options: Options) -> Iterator[Candidate]:
    for match in logger_calls(line, _LOG_CALL):
        call = read_call(line, match.end() - 1)
        spans = arguments(call) if call.whole else []
        at = 1 if match[1] == "log" else 0
        if len(spans) <= at:
            continue
        start, end = spans[at]
        how, excuse = _how(call.code[start:end], call.text[start:end])
        if not how:
            continue
        place = match.end() - 1
        here = "\n" not in call.text[:end]
        fixes = (
            _to_arguments(call.text[start:end], call.code[start:end], place + start, place + end)
            if (
                here
                and how == "an f-string"
                and not excuse
                and not line.facts("formats-itself")
                and all(regex(r"\w+[ \t]*=(?!=)").match(call.code, other) for other, _ in spans[at + 1 :])
            )
            else ()
        )
        span = (place + start, place + end) if here else (match.start(), match.end() - 1)
        yield Candidate(
            *span, {"how": how, "advice": "give the logger the values as arguments"}, fixes, excuse
        )


def _how(code: str, text: str) -> tuple[str, str]:
    """How a message is put together, and why it is none the less constant; "" where it is not."""
    top = at_top(code)
    if not regex(r"""[rRbBuUfF]{0,2}["']""").match(text):
        joined = regex(r"""\+\s*$""").search(top.partition(" ")[0]) or "+" in top
        return ("`+`", "") if joined and regex(r"""["']""").search(text) and top.strip("+ \n") else ("", "")
    if "{" in top:
        return "an f-string", ""
    if "%" in top:
        return "`%`", ""
    if regex(r"\s*\.[ \t]*format\(").match(top):
        return "`format`", ""
    if "+" in top:
        return "`+`", "" if top.strip("+ \n") else "constant-message"
    return ("an f-string", "constant-message") if regex(r"[rR]?[fF]").match(text) else ("", "")


def _to_arguments(text: str, code: str, start: int, end: int) -> tuple[Fix, ...]:
    """`f"a {b!r}"` -> `"a %r", b`, where all fields are names and one literal is all."""
    literal = regex(r"""([rR]?)[fF]([rR]?)("|')((?:(?!\3)[^\\\n])*)\3""").fullmatch(text)
    if literal is None:
        return ()
    values: list[str] = []
    message, at, body = "", 0, literal[4].replace("%", "%%")
    for field in regex(r"\{\{|\}\}|\{([\w.]+)(![rsa])?\}|[{}]").finditer(body):
        message += body[at : field.start()]
        at = field.end()
        if field[0] in ("{{", "}}"):
            message += field[0][0]
        elif field[1] is None:
            return ()
        else:
            message += "%" + (field[2] or "!s")[1]
            values.append(field[1])
    quoted = f"{literal[1]}{literal[2]}{literal[3]}{message}{body[at:]}{literal[3]}"
    new = ", ".join([quoted, *values])
    return (Fix("Give the values as arguments", False, (Edit(0, start, 0, end, new),)),)


RULES = (
    Rule(
        id="logging/print-call",
        severity=Severity.WARNING,
        message="`print` in program text; use a logger, or say where to with `file=`",
        languages=("python",),
        check=printing(r"(?<![\w.])(?P<span>print|pprint\.pp(?:rint)?|pprint)[ \t]*\("),
        triggers=(r"\bp?print[ \t]*\(", r"\bpprint\.pp[ \t]*\("),
        excuses=(
            MAIN_GUARD,
            ARGUMENT_PARSER,
            SHEBANG,
            DEFINITION,
            Excuse("file-argument", _has_file),
            SWITCHED,
            printing_function(_DEF),
        ),
        facts=(_MAIN, _PARSER),
        before=WINDOW,
        after=CALL,
    ),
    breakpoint_rule(
        ("python",),
        _breakpoints,
        (
            r"\bbreakpoint[ \t]*\(",
            r"set_?trace\b",
            r"\bIPython\.embed[ \t]*\(",
            r"\bIPython import embed[ \t]*;",
            _SHORT,
        ),
        excuses=(
            Excuse("own-breakpoint", _is_own),
            Excuse("tried", _is_tried),
            Excuse("debugging-function", _is_debugging),
        ),
        facts=(_ALIAS, _TRACE, _OWN, _TRIED),
    ),
    interpolated_rule(
        ("python",),
        _interpolated,
        (
            rf"{LOGGER_TRIGGER}(?:\(\))?"
            r"\.(?:debug|info|warning|warn|error|exception|critical|fatal|log)[ \t]*\(",
        ),
        facts=(_FORMATTED,),
    ),
    secret_rule(
        ("python",),
        Dialect(
            hint=r"print|log|LOG|pp\b|\.write\b|echo",
            callee=rf"(?<![\w.])(?:print|pprint|pp|(?:sys\.)?std(?:out|err)\.write|(?:click|typer)\.s?echo)"
            rf"|{LOGGER}(?:\(\))?\.(?:debug|info|warning|warn|error|exception|critical|fatal|log|success|trace)",
            transparent=r"\b(?:str|repr|format|dumps|pformat|join|dict|tuple|list|encode)|\.format",
            labels=False,
        ),
    ),
)
