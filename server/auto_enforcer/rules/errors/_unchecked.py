"""Results that say whether a call failed, thrown away."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Check, Excuse, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.errors._shared import (
    CLEAN_UP_CALLS,
    EXPLAINS,
    LENIENT,
    gives_back,
    leniently,
    says_why,
)


def unchecked_rule(languages: tuple[str, ...], pattern: str, triggers: tuple[str, ...]) -> Rule:
    """The rule for a language: group 1 of `pattern` is marked, and it matches on the line's text."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for found in regex(pattern).finditer(line.text):
            yield Candidate(*found.span(1), {"call": found[1].strip()})

    return unchecked(languages, check, triggers, "`{call}` throws away whether the call failed; check it")


def unchecked(languages: tuple[str, ...], check: Check, triggers: tuple[str, ...], message: str) -> Rule:
    """The rule for a language with a check of its own."""
    return Rule(
        id="errors/unchecked-error",
        severity=Severity.WARNING,
        message=message,
        languages=languages,
        check=check,
        triggers=triggers,
        excuses=(COMMENT, CLEAN_UP),
        options=(CLEAN_UP_CALLS, LENIENT),
        before=1,
    )


def _is_explained(line: Line, candidate: Candidate, options: Options) -> bool:
    """A comment at the end of the line, or alone above it, says why."""
    own = line.only(Zone.COMMENT).strip()
    if own:
        return says_why(own)
    above = next(iter(line.before(1)), None)
    comment = (
        above.only(Zone.COMMENT).strip() if above is not None and not above.only(Zone.CODE).strip() else ""
    )
    if line.language == "shellscript":
        return says_why(comment) and not comment.startswith("#!")
    return says_why(comment) and regex(EXPLAINS).search(comment) is not None


def _is_clean_up(line: Line, candidate: Candidate, options: Options) -> bool:
    code = line.only(Zone.CODE)
    return gives_back(
        [regex(r"^\s*(?:defer\s+)?[^=]*=\s*|@|try\?").sub("", code[candidate.start :].rstrip(";) }"))],
        options,
    )


COMMENT = Excuse("comment", _is_explained)
CLEAN_UP = leniently(Excuse("clean-up", _is_clean_up))


def _is_clean_up_shell(line: Line, candidate: Candidate, options: Options) -> bool:
    """A search may find nothing, and a wait nobody."""
    command = (
        regex(r"[;&|({]")
        .split(line.text[max(0, candidate.start - 200) : candidate.start].rstrip())[-1]
        .strip()
    )
    return regex(_GIVING_BACK).match(command) is not None


_GIVING_BACK = r"(?:sudo\s+)?(?:wait|trap|[ef]?grep|rg|diff|cmp|popd|read|command|which|type)\b"

CLEAN_UP_SHELL = Excuse("clean-up", _is_clean_up_shell)
