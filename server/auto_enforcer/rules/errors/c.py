"""Failures that vanish in C++ and Objective-C: empty handlers and `catch (...)`. C has no exceptions."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Excuse, Line, Options, Rule, Severity
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.errors._braces import Dialect, swallowing_rules
from auto_enforcer.rules.errors._shared import WINDOW, braced_comment, braced_lines, onward, says_why

_LONGEST_BODY = 50
_CATCH_ALL = r"(?<![.\w])(catch[ \t]*\([ \t]*\.\.\.[ \t]*\))[ \t]*(\{)?"


def _caught_all(line: Line, options: Options) -> Iterator[Candidate]:
    for found in regex(_CATCH_ALL).finditer(line.text):
        yield Candidate(*found.span(1), {"handler": found[1]})


def _body(line: Line, candidate: Candidate) -> list[str] | None:
    lines, whole = braced_lines(line, candidate.end, _LONGEST_BODY)
    return lines if whole else None


def _is_raised_again(line: Line, candidate: Candidate, options: Options) -> bool:
    body = _body(line, candidate)
    again = regex(
        r"\bthrow(?:_with_nested)?\b|\brethrow_exception\b|\b(?:abort|terminate|_?exit|quick_exit)[ \t]*\("
    )
    return body is None or any(again.search(text) for text in body)


def _is_handed_on(line: Line, candidate: Candidate, options: Options) -> bool:
    return any(
        regex(r"\bcurrent_exception\b|\bset_exception\b|\b[hH]andle\w*Exception\w*[ \t]*\(").search(text)
        for text in _body(line, candidate) or ()
    )


def _is_explained(line: Line, candidate: Candidate, options: Options) -> bool:
    """It does nothing, and a comment in it says why."""
    opened = line.text.find("{", candidate.end)
    comment = braced_comment(onward(line), opened + 1) if opened >= 0 else None
    return comment is not None and says_why(comment)


RULES = (
    *swallowing_rules(
        Dialect(
            language=("cpp", "objective-c"), broad=("", "std::exception", "exception", "NSException", "id")
        )
    ),
    Rule(
        id="errors/bare-except",
        severity=Severity.WARNING,
        message="`{handler}` catches what nobody thought of; name what can happen, or throw it again",
        languages=("cpp",),
        check=_caught_all,
        triggers=(r"\bcatch[ \t]*\([ \t]*\.\.\.",),
        excuses=(
            Excuse("raised-again", _is_raised_again),
            Excuse("handed-on", _is_handed_on),
            Excuse("comment", _is_explained),
        ),
        before=WINDOW,
        after=_LONGEST_BODY,
    ),
)
