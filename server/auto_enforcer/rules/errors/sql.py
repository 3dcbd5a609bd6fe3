"""Failures that vanish in SQL's procedural dialects: handlers that do nothing."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Check, Excuse, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.errors._shared import (
    CLEAN_UP_CALLS,
    COMMENT,
    IDIOMS,
    LENIENT,
    PROBES,
    WINDOW,
    leniently,
)

_HANDLER = r"(?i)\b(when[ \t]+([a-z_][\w.]*(?:[ \t]+or[ \t]+[a-z_][\w.]*){0,8})[ \t]+then)\b[ \t]*(.*)"
_CATCH = r"(?i)\b(begin[ \t]+catch)\b[ \t]*;?[ \t]*(.*)"
_NOTHING = r"(?i)null[ \t]*;[ \t]*(.*)"
_STATE = (
    r"(?i)(?:.*\.)?(?:no_data_found|duplicate_\w+|undefined_\w+|unique_violation|dup_val_on_index"
    r"|\w*already_exists)"
)


def _swallowed(broad: bool) -> Check:
    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for found in regex(_HANDLER).finditer(line.text):
            if (found[2].lower() == "others") == broad:
                comment = _empty(line, found[3])
                if comment is not None:
                    yield Candidate(*found.span(1), {"handler": found[1], "caught": found[2]}, value=comment)
        for found in regex(_CATCH).finditer(line.text) if broad else ():
            comment = _empty(line, found[2], ended=r"(?i)end[ \t]+catch\b")
            if comment is not None:
                yield Candidate(*found.span(1), {"handler": found[1]}, value=comment)

    return check


def _empty(line: Line, rest: str, ended: str = "") -> str | None:
    """The comments of a handler that is `null;` alone, or ends at once; None when it does something."""
    words: list[str] = []
    for text in (rest, *(one.text.strip() for one in line.after(WINDOW))):
        code, dashes, comment = text.partition("--")
        words += [comment] if dashes else regex(r"/\*.*").findall(code)
        code = regex(r"/\*.*?(?:\*/|$)").sub("", code).strip()
        if not code:
            continue
        done = regex(ended or _NOTHING).match(code)
        if done is None:
            return None
        words += [] if ended else regex(r"--.*|/\*.*").findall(text)[:1]
        return "\n".join(words)
    return None


def _is_state(line: Line, candidate: Candidate, options: Options) -> bool:
    caught = regex(r"(?i)[ \t]+or[ \t]+").split((candidate.details or {}).get("caught", ""))
    return all(regex(_STATE).fullmatch(name) or name in options["idioms"] for name in caught)


def _is_clean_up(line: Line, candidate: Candidate, options: Options) -> bool:
    """What is tried gives something back that may be gone already."""
    tried = [line.text[: candidate.start], *(one.text for one in line.before(3))]
    return any(
        regex(r"(?i)\b(?:drop|close|truncate|rollback|unregister|free\w*)\b").search(text) for text in tried
    )


CLEAN_UP = leniently(Excuse("clean-up", _is_clean_up))

RULES = (
    Rule(
        id="errors/swallowed-exception",
        severity=Severity.BLOCKED,
        message="`{handler}` makes every failure vanish; name what can happen, log it, or raise it again",
        languages=("sql",),
        zones=Zone.CODE | Zone.STRING,
        check=_swallowed(broad=True),
        triggers=(r"(?i)\bwhen[ \t]+others\b", r"(?i)\bbegin[ \t]+catch\b"),
        excuses=(COMMENT, CLEAN_UP),
        options=(CLEAN_UP_CALLS, LENIENT),
        before=3,
        after=WINDOW,
    ),
    Rule(
        id="errors/swallowed-narrow-exception",
        severity=Severity.WARNING,
        message="`{handler}` makes the failure vanish; say why in a comment, or handle it",
        languages=("sql",),
        zones=Zone.CODE | Zone.STRING,
        check=_swallowed(broad=False),
        triggers=(r"(?i)\bwhen[ \t]+[a-z_][^\n]*\bthen\b",),
        excuses=(Excuse("idiom", _is_state), COMMENT, CLEAN_UP),
        options=(IDIOMS, CLEAN_UP_CALLS, PROBES, LENIENT),
        before=3,
        after=WINDOW,
    ),
)
