"""Log messages that are put together before the logger can say that nobody wants them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from auto_enforcer.model import (
    Candidate,
    Check,
    Excuse,
    Fact,
    Line,
    NamedTuple,
    Options,
    Rule,
    Severity,
    Zone,
)
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.logging._shared import CALL, arguments, at_top, read_call


def interpolated_rule(
    languages: tuple[str, ...],
    check: Callable[[Line, Options], Iterable[Candidate]],
    triggers: tuple[str, ...],
    *,
    facts: tuple[Fact, ...] = (),
    excuses: tuple[Excuse, ...] = (),
) -> Rule:
    """The rule against a log message that is put together before the logger is asked."""
    return Rule(
        id="logging/interpolated-log-message",
        severity=Severity.WARNING,
        message="the message is put together by {how} whether it is logged or not; {advice}",
        languages=languages,
        zones=Zone.CODE | Zone.STRING,
        check=check,
        triggers=triggers,
        excuses=(said("constant-message"), LEVEL_GUARD, *excuses),
        facts=facts,
        before=3,
        after=CALL,
    )


def _is_level_guarded(line: Line, candidate: Candidate, options: Options) -> bool:
    """The level is asked for right above."""
    return any(_asks(one.text) for one in (line, *line.before(3)))


def _asks(text: str) -> bool:
    """Whether a condition in the text is about a level."""
    condition = regex(r"(?i)\bif\b").search(text)
    level = regex(
        r"(?i)is_?(?:enabled|debug|trace|info|warn|error|loggable)|enabled|\.debug\?|\.info\?|getEffectiveLevel|level"
    )
    return condition is not None and level.search(text, condition.end()) is not None


LEVEL_GUARD = Excuse("level-guard", _is_level_guarded)
"""An `if` asks whether the level is on."""


class Messages(NamedTuple):
    """How a language writes messages. `call` matches a logger's call with its bracket; `text` where an
    argument that is a text begins; `field` a value inside of one, `formats` a call that makes one; `joiner`
    joins two."""

    call: str
    advice: str
    text: str = r'"'
    field: str = r"(?!x)x"
    formats: str = r"(?!x)x"
    joiner: str = "+"
    tagged: bool = False
    """The first argument is a tag, not the message."""


_MOST_CALLS = 8
"""Calls that are read on a line."""

LEVEL = r"""["'](?:trace|debug|info|warn|warning|error|fatal|verbose|silly|http|notice)["'][ \t]*,"""
"""A level, as the first argument of a call."""

_PLAIN = rf"""[ \t]*(?!{LEVEL})(["'])[^"'\\$\n]*\1[ \t]*[,)]"""


def logger_calls(line: Line, call: str, tagged: bool = False) -> Iterator[re.Match[str]]:
    """Where `call` matches in code and what follows is not seen at once to be a plain text, other than a
    level: most are. `tagged`: the text is no message."""
    text = line.text
    for match in islice(regex(call).finditer(text), _MOST_CALLS):
        if (tagged or regex(_PLAIN).match(text, match.end()) is None) and line.zone_at(
            match.end() - 1
        ) & Zone.CODE:
            yield match


def message_check(messages: Messages) -> Check:
    """A check of a logger's message, which is its first argument or the second."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for match in logger_calls(line, messages.call, messages.tagged):
            call = read_call(line, match.end() - 1)
            place = match.end() - 1
            first = int(messages.tagged)
            for start, end in arguments(call)[first : first + 2] if call.whole else ():
                text, top = call.text[start:end], at_top(call.code[start:end])
                how, constant = _how(text, top, messages)
                if how:
                    here = "\n" not in call.text[:end]
                    span = (place + start, place + end) if here else (match.start(), place)
                    details = {"how": how, "advice": messages.advice}
                    yield Candidate(*span, details, value="constant-message" if constant else "")
                if how or regex(messages.text).match(text):
                    break

    return check


def _how(text: str, top: str, messages: Messages) -> tuple[str, bool]:
    """How an argument is put together ("": it is not), and whether it is constant all the same."""
    formats = regex(messages.formats).match(text)
    if formats:
        plain = regex(r"""[ \t]*(["'])[^"'%{\n]*\1[ \t]*\)""").match(text, formats.end())
        return f"`{formats[0].rstrip('( ')}`", plain is not None
    opened = regex(messages.text).match(text)
    if messages.joiner in top and (
        opened or regex(rf"[^\"'`]*{re.escape(messages.joiner)}\s*[\"'`]").match(text)
    ):
        return f"`{messages.joiner}`", not top.strip(f"{messages.joiner} \n") and not regex(
            messages.field
        ).search(text)
    if opened and regex(messages.field).search(text):
        return "interpolation", False
    return "", False
