"""Debug leftovers and logs in Rust: prints and `dbg!` in libraries, secrets."""

from __future__ import annotations

from auto_enforcer.model import Candidate, Excuse, Fact, Line, Options
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.logging._secrets import Dialect, secret_rule
from auto_enforcer.rules.logging._shared import (
    ARGUMENT_PARSER,
    FUNCTION,
    MAIN_GUARD,
    SWITCHED,
    argument_parser,
    main_guard,
    printing_function,
    system_out_rule,
)

_TESTS = Fact("test-module", r"^[ \t]*#\[cfg\((?:all\()?test\b|^[ \t]*#\[(?:tokio::)?test\]")


def _is_tested(line: Line, candidate: Candidate, options: Options) -> bool:
    """The tests of the module have begun."""
    return bool(line.facts("test-module"))


def _is_for_cargo(line: Line, candidate: Candidate, options: Options) -> bool:
    """It tells Cargo something, as a build script does."""
    rest = line.text[candidate.end :].strip()
    if rest == "(":
        rest += line.text_after(1).strip()
    return regex(r"\([ \t]*\"cargo:").match(rest) is not None


RULES = (
    system_out_rule(
        ("rust",),
        r"(?<![\w:])(?P<span>(?:std::)?(?:print(?:ln)?|dbg)!)[ \t]*[(\[{]",
        "printing in a library speaks past its caller; use `log` or `tracing`",
        excuses=(
            MAIN_GUARD,
            ARGUMENT_PARSER,
            Excuse("tests", _is_tested),
            Excuse("cargo", _is_for_cargo),
            SWITCHED,
            printing_function(FUNCTION),
        ),
        facts=(
            main_guard(r"\bfn[ \t]{1,4}main[ \t]{0,4}\("),
            argument_parser(r"\bclap::|\bstructopt::|\bargh::|\bpico_args::|\blexopt::"),
            _TESTS,
        ),
        triggers=(r"\b(?:print(?:ln)?|dbg)!",),
    ),
    secret_rule(
        ("rust",),
        Dialect(
            hint=r"print|dbg!|trace!|debug!|info!|warn!|error!|event!",
            callee=r"(?<!\w)(?:e?print(?:ln)?|dbg|trace|debug|info|warn|error|event)!",
            transparent=r"\b(?:to_string|format!|Some)",
            inline=r"(?<!\{)\{([a-z_]\w*)(?::[^{}]*)?\}",
            labels=False,
        ),
    ),
)
