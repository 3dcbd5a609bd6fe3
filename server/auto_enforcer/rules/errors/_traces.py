"""Stack traces that are sent to a client."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Excuse, Line, Options, Rule, Severity
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.errors._shared import inside_call

_ABOVE = 6

_DEBUGGED = (
    r"(?i)\b(?:if|unless)\b[^:{}]{0,60}(?:\bdebug|_debug|\.debug|isdev|is_dev|development)"
    r"|(?:\bdebug|isdev|is_dev|development[\"']?)\b[\w.()]{0,20}[ \t]*(?:&&|\?(?![.?]))"
)
"""What asks for a mode of development on the line itself."""


def leaked_rule(
    languages: tuple[str, ...],
    trace: str,
    answer: str,
    triggers: tuple[str, ...],
    stop: str = r"[ \t]*(?:return|throw|if|for|while|catch|try|func|function|def)\b",
    returned: str = r"(?!)",
    excuses: tuple[Excuse, ...] = (),
) -> Rule:
    """The rule for a language: `trace` is a stack trace's text, `answer` a call that answers a client, up to
    its bracket, `returned` a line that gives an answer back."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for found in regex(trace).finditer(line.text):
            yield Candidate(*found.span())

    def is_elsewhere(line: Line, candidate: Candidate, options: Options) -> bool:
        """It goes into a log, a variable, another exception: no call that answers is open around it."""
        return not (
            "printStackTrace(" in line.text[candidate.start : candidate.end]
            or regex(returned).match(line.text)
            or inside_call(line, candidate.start, answer, stop, _ABOVE)
        )

    def is_for_developers(line: Line, candidate: Candidate, options: Options) -> bool:
        """A condition right beside it asks whether the program is being debugged."""
        return regex(_DEBUGGED).search(line.text) is not None

    return Rule(
        id="errors/leaked-stack-trace",
        severity=Severity.WARNING,
        message="a stack trace goes to the client; log it, and answer without it",
        languages=languages,
        check=check,
        triggers=triggers,
        excuses=(Excuse("elsewhere", is_elsewhere), Excuse("debugging", is_for_developers), *excuses),
        before=_ABOVE,
    )
