"""Debug leftovers and logs in Swift: prints, secrets."""

from __future__ import annotations

from auto_enforcer.model import Candidate, Excuse, Line, Options
from auto_enforcer.rules._common import regex
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
    read_call,
    system_out_rule,
)

_LEVELS = r"(?:trace|debug|info|notice|warning|error|critical|fault|log)"


def _goes_elsewhere(line: Line, candidate: Candidate, options: Options) -> bool:
    """It says where it prints to."""
    call = read_call(line, candidate.end)
    return not call.whole or regex(r"[(,\s]to:").search(call.code) is not None


def _is_in_debug_build(line: Line, candidate: Candidate, options: Options) -> bool:
    """It is compiled for debugging only."""
    return any(regex(r"[ \t]*#if[ \t]+\w*DEBUG").match(one.text) for one in line.before(6))


RULES = (
    system_out_rule(
        ("swift",),
        r"(?<![\w.])(?P<span>(?:Swift\.)?(?:print|debugPrint|dump))[ \t]*\(",
        "printing in program text; use a `Logger`",
        excuses=(
            MAIN_GUARD,
            ARGUMENT_PARSER,
            SHEBANG,
            DEFINITION,
            Excuse("file-argument", _goes_elsewhere),
            Excuse("debug-build", _is_in_debug_build),
            SWITCHED,
            printing_function(FUNCTION),
        ),
        facts=(
            main_guard(r"\bCommandLine\.arguments\b|\bstatic[ \t]{1,4}func[ \t]{1,4}main\("),
            argument_parser(r"\bimport[ \t]{1,4}ArgumentParser\b"),
        ),
        triggers=(r"\b(?:print|debugPrint|dump)[ \t]*\(",),
    ),
    secret_rule(
        ("swift",),
        Dialect(
            hint=r"[pP]rint|dump|[lL]og",
            callee=rf"(?<![\w.])(?:print|debugPrint|dump|NSLog|os_log)|{LOGGER}\.{_LEVELS}",
            transparent=r"\b(?:String|String\(describing:|format)|\\",
        ),
    ),
)
