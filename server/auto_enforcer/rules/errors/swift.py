"""Failures that vanish in Swift: empty handlers, and `try?` whose answer nobody wants."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Line, Options
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.errors._braces import Dialect, swallowing_rules
from auto_enforcer.rules.errors._unchecked import unchecked

_HEADER = r"(\bcatch\b([^{}\"]{0,200}?))[ \t]*()(?:\{|(?://.*|/\*.*)?$)"


def _unchecked(line: Line, options: Options) -> Iterator[Candidate]:
    found = regex(r"[ \t]*(_[ \t]*=[ \t]*try\?|try\?)[ \t]+(?!await[ \t]+Task\.sleep|Task\.sleep)").match(
        line.text
    )
    if (
        found is None
        or (found[1] == "try?" and _is_value(line))
        or regex(r".*\?\?|.*\{[ \t]*$").match(line.text)
    ):
        return
    yield Candidate(*found.span(1), {"call": found[1]})


def _unchecked_inline(line: Line, options: Options) -> Iterator[Candidate]:
    yield from _unchecked(line, options)
    for found in regex(r"\b(?:defer|Task)[ \t]*\{[ \t]*(try\?)[ \t][^{}]*\}").finditer(line.text):
        yield Candidate(*found.span(1), {"call": found[1]})


def _is_value(line: Line) -> bool:
    """Whether the line may be the value of what is around it: the only one of a block, or in the middle."""
    above = next((one.text.strip() for one in line.before(1)), "")
    below = next((one.text.strip() for one in line.after(1)), "")
    if regex(r".*(?:->|:)[ \t]*[\w.<>\[\]]+\?[ \t]*\{$").match(above):
        return True
    return above.endswith(("=", "(", ",", "??", "return", "[", ":", "?")) or (
        bool(regex(r".*\{(?:[^{}]*\bin)?$|.*#if\b.*|#else$").match(above)) and below.startswith(("}", "#"))
    )


RULES = (
    *swallowing_rules(
        Dialect(
            language=("swift",),
            broad=("", "_"),
            header=_HEADER,
            trigger=r"\bcatch\b[^{\n]*(?:\{[ \t]*(?:[/}]|$)|$)",
        )
    ),
    unchecked(
        ("swift",),
        _unchecked_inline,
        (r"try\?",),
        "`{call}` throws away whether the call failed; handle it with `do`/`catch`",
    ),
)
