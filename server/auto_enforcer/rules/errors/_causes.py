"""Exceptions thrown in a handler that leave out the one that was caught."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Excuse, Line, NamedTuple, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import regex

_ABOVE = 30
_BELOW = 12
_HEADER = 200
"""Characters before a brace in which its header is sought."""


class Thrower(NamedTuple):
    """How a language throws. `name` is a pattern for what the handler calls the exception."""

    new: str
    trigger: str
    call: str = "throw new {exception}"
    name: str = r"\w+(?=[ \t]*$)"
    name_first: bool = False
    """Whether the caught name comes before its type (`e: Exception`), or stands alone."""
    cause: str = r"\binitCause\b|\baddSuppressed\b|\bfillInStackTrace\b"
    """What also hands the cause on."""
    advice: str = "hand it on"


def lost_cause_rule(languages: tuple[str, ...], thrower: Thrower) -> Rule:
    """The rule for a language that throws with `throw`."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for thrown in regex(thrower.new + r"([\w.\\]+)").finditer(line.text):
            caught = _caught(line, thrown.start(), thrower)
            if caught is not None:
                call = thrower.call.format(exception=thrown[1])
                yield Candidate(thrown.start(), thrown.end(), {"call": call}, value=caught)

    def has_cause(line: Line, candidate: Candidate, options: Options) -> bool:
        statement, whole = line.statement(candidate.start, _BELOW)
        name = candidate.value
        handed = (
            regex(rf"[(,:=][ \t\n]*(?<![\w$]){regex_escape(name)}(?![\w$.?!\[-])") if name else regex(r"(?!)")
        )
        following = "".join(below.text for below in line.after(2))
        return (
            not whole
            or handed.search(statement) is not None
            or regex(thrower.cause).search(statement + following) is not None
        )

    return Rule(
        id="errors/lost-cause",
        severity=Severity.WARNING,
        message=f"`{{call}}` in a handler hides what caused it; {thrower.advice}",
        languages=languages,
        check=check,
        triggers=(thrower.trigger,),
        excuses=(Excuse("cause", has_cause),),
        before=_ABOVE,
        after=_BELOW,
        optional=True,
    )


def regex_escape(name: str) -> str:
    """A name as a pattern for itself."""
    return name.replace("$", r"\$")


def _caught(line: Line, column: int, thrower: Thrower) -> str | None:
    """The name of the exception that the handler around a column has caught, "" for one without a name; None
    where no handler is in sight, or a function stands between."""
    depth = 0
    lines = (line, *line.before(_ABOVE))
    for number, one in enumerate(lines):
        code = one.only(Zone.CODE)
        for brace in reversed(list(regex(r"[{}]").finditer(code, 0, column if one is line else len(code)))):
            depth += 1 if brace[0] == "}" else -1
            if depth >= 0:
                continue
            depth = 0
            opener = code[max(0, brace.start() - _HEADER) : brace.start()]
            if not opener.strip() and number + 1 < len(lines):
                opener = lines[number + 1].only(Zone.CODE)[-_HEADER:]
            handler = regex(r"\bcatch\b[ \t]*(?:\(([^()]*)\))?[ \t]*(?:when\b.*)?$").search(opener)
            if handler is not None:
                return _name(handler[1] or "", thrower)
            if not regex(_CONTROL).search(opener):
                return None
    return None


_CONTROL = r"\b(?:if|else|for|foreach|while|switch|do|try|when|using|lock)\b"
"""What may stand between a handler and what is thrown in it; a function may not."""


def _name(caught: str, thrower: Thrower) -> str:
    text = caught.partition(":")[0] if thrower.name_first else caught
    found = regex(thrower.name).search(text.rstrip())
    return found[0] if found else ""
