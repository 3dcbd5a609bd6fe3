"""What an agent is told: what it has to mend, in one order, with the lines and the ways out."""

from __future__ import annotations

from collections.abc import Sequence

from auto_enforcer.hook.events import Call, Event
from auto_enforcer.hook.judging import Found
from auto_enforcer.render.text import counted, printable
from auto_enforcer.weakened_change import RULE

LONGEST = 600
"""Characters of a message."""


def told(call: Call, found: Sequence[Found], most: int) -> str:
    """Lines with their ends: a sentence that says what to do, then at most so many findings."""
    blocked = sum(one.is_blocked for one in found)
    warnings = len(found) - blocked
    counts = [counted(blocked, "new violation")] if blocked else []
    if warnings:
        counts.append(counted(warnings, "new warning"))
    what = " and ".join(counts)
    lines = [f"auto-enforcer: {_sentence(call, bool(blocked))} ({what})\n"]
    lines += [_line(one) for one in found[:most]]
    if len(found) > most:
        lines.append(f"and {len(found) - most} more\n")
    if any(one.row.violation.rule == RULE for one in found):
        lines.append("Suppressions, the baseline and the policy are a person's to change: ask for it.\n")
    return "".join(lines)


def left(found: Sequence[Found]) -> str:
    """What a person is told of what an agent has not mended."""
    blocked = sum(one.is_blocked for one in found)
    verb = "is" if blocked == 1 else "are"
    return (
        f"auto-enforcer: the agent stops and leaves {counted(blocked, 'new violation')} that {verb} blocked\n"
    )


def _sentence(call: Call, is_blocked: bool) -> str:
    if call.event is Event.BEFORE:
        return (
            "this write is blocked; mend what it brings, and write again"
            if is_blocked
            else "this write brings"
        )
    if call.event is Event.AFTER:
        return "this write brought what is blocked; mend it" if is_blocked else "this write brought"
    if is_blocked:
        return "what was changed is blocked; mend it before you stop"
    return "what was changed brings"


def _line(one: Found) -> str:
    violation = one.row.violation
    word = "blocked" if one.is_blocked else "warning"
    fix = next((fix.title for fix in violation.fixes), "")
    place = f"{printable(one.path)}:{one.row.number + 1}:{violation.start + 1}:"
    message = printable(violation.message)
    if len(message) > LONGEST:
        message = f"{message[:LONGEST]}…"
    return f"{place} {word} {violation.rule}  {message}{f' (fix: {printable(fix)[:100]})' if fix else ''}\n"
