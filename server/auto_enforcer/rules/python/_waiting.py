"""Requests that may wait for ever, and lines that look as if they did something."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Fact, Line, Options, Rule, Severity
from auto_enforcer.rules._calls import arguments, read_call
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.python._reading import CODE, MOST

_BELOW = 20

_IMPORTED = Fact(
    "python-requests", r"^[ \t]*import[ \t]+(?:[\w.]{1,60}[ \t]*,[ \t]*){0,6}requests\b(?![\w.])"
)
_REQUEST = r"(?<![\w.])(?P<span>requests\.(?:get|post|put|patch|delete|head|options|request))(?=\()"


def _requests(line: Line, options: Options) -> Iterator[Candidate]:
    if not line.facts(_IMPORTED.name):
        return
    for found in islice(regex(_REQUEST).finditer(line.only(CODE)), MOST):
        call = read_call(line, found.end(), _BELOW)
        if not call.code.rstrip().endswith(")"):
            continue  # out of sight
        given = [call.code[start:end].strip() for start, end in arguments(call)]
        value = ""
        if any(regex(r"timeout[ \t]*=").match(one) for one in given):
            value = "timeout"
        elif any(one.startswith("**") for one in given):
            value = "unpacked"
        yield Candidate(*found.span("span"), {"call": found["span"]}, value=value)


def _increments(line: Line, options: Options) -> Iterator[Candidate]:
    found = regex(r"[ \t]*(?P<span>(?:\+\+|--)[ \t]*(?P<name>[A-Za-z_][\w.]{0,80}))[ \t]*(?:[;#]|$)").match(
        line.only(CODE)
    )
    if found is None:
        return
    above = next((one.only(CODE).rstrip() for one in line.before(1)), "")
    value = "continued" if above.endswith(("\\", "(", "[", "{", ",", "=", "+", "-")) else ""
    yield Candidate(*found.span("span"), {"name": found["name"]}, value=value)


def _empty_tuples(line: Line, options: Options) -> Iterator[Candidate]:
    found = regex(r"[ \t]*(?P<span>except\*?[ \t]*\([ \t]*\))[ \t]*(?:as[ \t]+\w{1,80}[ \t]*)?:").match(
        line.only(CODE)
    )
    if found is not None:
        yield Candidate(*found.span("span"))


RULES = (
    Rule(
        id="python/request-without-timeout",
        severity=Severity.WARNING,
        message="`{call}` waits for ever for a server that does not answer; give it a `timeout`",
        languages=("python",),
        check=_requests,
        triggers=(r"\brequests\.(?:get|post|put|patch|delete|head|options|request)\(",),
        excuses=(said("timeout"), said("unpacked")),
        facts=(_IMPORTED,),
        after=_BELOW,
    ),
    Rule(
        id="python/unary-increment",
        severity=Severity.BLOCKED,
        message="two signs before `{name}` change nothing; write `+= 1` or `-= 1`",
        languages=("python",),
        check=_increments,
        triggers=(r"^[ \t]*(?:\+\+|--)[ \t]*[A-Za-z_]",),
        excuses=(said("continued"),),
        before=1,
    ),
    Rule(
        id="python/empty-except-tuple",
        severity=Severity.BLOCKED,
        message="`except ()` catches nothing; name what can happen",
        languages=("python",),
        check=_empty_tuples,
        triggers=(r"^[ \t]*except\*?[ \t]*\([ \t]*\)",),
    ),
)
