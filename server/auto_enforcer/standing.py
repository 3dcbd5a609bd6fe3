"""Which suppressions are in force below the line they stand on, and what is wrong with the ones that are
met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from auto_enforcer import suppressions
from auto_enforcer.looks import Plan
from auto_enforcer.model import Line, NamedTuple, Suppression, Violation
from auto_enforcer.suppressions import Directive

MOST_STANDING = 16
"""Suppressions in force at once, at most; a further one is not heard."""

UNUSED = "enforcer/unused-suppression"

EXPIRING = "enforcer/expiring-suppression"


class Standing(NamedTuple):
    """A suppression in force beyond the line that it stands on.

    `depth` is None while it waits for the next line, else how many things were open before that line and
    stayed so: it covers lines until no more than these are. `used` are the names in it that took a violation
    out.
    """

    suppression: Suppression
    depth: int | None
    used: frozenset[str]


class Ended(NamedTuple):
    """A suppression whose lines are over, and the names in it that ran and took nothing out."""

    suppression: Suppression
    unused: tuple[str, ...]


def after_line(
    before: tuple[Standing, ...],
    directive: Directive | None,
    used: frozenset[str],
    kept: int,
    deep: int,
    end: Callable[[Suppression, Iterable[str]], Ended],
) -> tuple[tuple[Standing, ...], tuple[Ended, ...], Suppression | None]:
    """The suppressions in force after a line, those that end with it, and the one that the line opens.

    `used` are the names that took a violation out on the line, `deep` is how many things are open after it,
    and `kept` how many of them were open before it.
    """
    alone = directive is not None and directive.alone
    standing: list[Standing] = []
    ended: list[Ended] = []
    for stand in before:
        names = used.intersection(stand.suppression.rules) if used else used
        if names:
            stand = stand._replace(used=stand.used | names)
        if stand.depth is None and alone:
            standing.append(stand)
        elif stand.depth is None and deep > kept:
            standing.append(stand._replace(depth=kept))
        elif stand.depth is not None and kept > stand.depth:
            standing.append(stand)
        else:
            ended.append(end(stand.suppression, stand.used))
    opened = directive.suppression if directive is not None and alone else None
    if opened is not None and (opened.whole_file or len(standing) >= MOST_STANDING):
        opened = None
    if opened is not None:
        standing.append(Standing(opened, None, frozenset()))
    return tuple(standing), tuple(ended), opened


def wrong_with(
    directive: Directive, line: Line, plan: Plan, heard: Iterable[Suppression] = ()
) -> Iterator[Violation]:
    """What is wrong with a directive, by the rules that are on. `heard` are those for the whole file."""
    suppression = directive.suppression
    found: list[Violation] = []

    def say(rule: str, message: str, start: int = directive.start, end: int = directive.end) -> None:
        found.append(Violation(f"enforcer/{rule}", message, start, end))

    if suppression is None:
        say("malformed-suppression", directive.error)
    elif suppression.whole_file and not any(
        (one.rules, one.start) == (suppression.rules, suppression.start) for one in heard
    ):
        # Not by its line's number: the first lines may be too long for all of them to be the file's head.
        limit = suppressions.FILE_LINES
        say("malformed-suppression", f"`allow-file` counts in the first {limit} lines only; move it up")
    if suppression is not None:
        for name, column in directive.names:
            problem = plan.suggest(name)
            if problem:
                say("unknown-rule", problem, column, column + len(name))
        until = suppression.until
        if until is not None and until < line.file.today:
            say(
                "expired-suppression",
                f"this suppression expired on {until}; mend what it allows or give it a new date",
            )
        elif until is not None and (until - line.file.today).days <= plan.days_ahead:
            # Not in how many days: a message that is another one each day is another violation each day.
            say("expiring-suppression", f"this suppression expires on {until}; mend what it allows by then")
        if not suppression.reason and any(plan.blocks(name) for name in suppression.rules):
            say(
                "missing-reason",
                "a blocked rule is allowed only with a reason; write why it stays after a colon, as in "
                "`allow[family/rule]: it holds no data`",
            )
    return (violation for violation in found if plan.on(violation.rule))


def unused(ended: Ended) -> Violation:
    """The violation of a suppression that took nothing out, in columns of the line it stands on."""
    names = ", ".join(f"`{name}`" for name in ended.unused)
    message = f"this suppression took nothing of {names} out; remove it"
    return Violation(UNUSED, message, ended.suppression.start, ended.suppression.end)


def named_unused(violation: Violation) -> tuple[str, ...]:
    """The names in the suppression that took nothing out, as `unused` says them."""
    return tuple(violation.message.split("`")[1::2])
