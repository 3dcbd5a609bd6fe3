"""Text for people: one clickable line a violation, then a summary by family."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auto_enforcer.model import Cell, Report, Row, Severity, Skipped, Stage, Verdict
from auto_enforcer.render.items import Item, Tally, is_historical, is_observed

_PAINTS = {"red": "\x1b[31m", "yellow": "\x1b[33m", "bold": "\x1b[1m", "dim": "\x1b[2m"}


MANY = 50
"""Violations from which it helps to know which rules they come from."""

MOST_NAMED = 3
"""Rules that are then named, at most."""

MOST_WOULD_BLOCK = 20
"""Rules that are named, at most, whose violations would be blocked at a later stage."""


def render(
    items: Iterable[Item], tally: Tally, *, colour: bool = False, verbose: bool = False
) -> Iterator[str]:
    """Lines with their ends. `path:line:column` is 1-based, columns are code points.

    `verbose` names each skipped file, and what is only observed. What would move a terminal's cursor is
    escaped.
    """
    for item in tally.counting(items):
        if isinstance(item, Report):
            path = printable(item.path)
            for row, verdict in item.rows:
                if verdict.shown is not None or (verbose and is_observed(verdict)):
                    yield _violation(path, row, verdict, colour)
        elif verbose and isinstance(item, Skipped):
            word = _painted("skipped", "dim", colour)
            yield f"{printable(item.path)}: {word} {printable(item.reason)}\n"
    yield from _summary(tally, colour=colour, verbose=verbose)


def printable(text: str) -> str:
    """The text with all that is not printable as escapes: `\\x1b`, `\\u202e`, a path's undecodable bytes."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def _violation(path: str, row: Row, verdict: Verdict, colour: bool) -> str:
    violation = row.violation
    place = _painted(f"{path}:{row.number + 1}:{violation.start + 1}:", "bold", colour)
    word = _painted(verdict.severity.value, _paint_of(verdict), colour)
    if is_historical(verdict):
        word += " (historical)"
    if verdict.stage is Stage.OBSERVE or (
        verdict.stage is Stage.WARN and verdict.severity is Severity.BLOCKED
    ):
        word += f" (stage {verdict.stage.value})"
    cell = "" if row.cell is None else f" ({_cell(row.cell)})"
    return f"{place} {word} {violation.rule}  {printable(violation.message)}{cell}\n"


def _cell(cell: Cell) -> str:
    """A place in a notebook, for who has it open there."""
    return f"cell {cell.number}" if cell.line is None else f"cell {cell.number}, line {cell.line + 1}"


def _paint_of(verdict: Verdict) -> str:
    if verdict.shown == "information":
        return "dim"
    return "red" if verdict.shown == "error" else "yellow"


def _painted(text: str, paint: str, colour: bool) -> str:
    return f"{_PAINTS[paint]}{text}\x1b[0m" if colour else text


def _summary(tally: Tally, *, colour: bool, verbose: bool) -> Iterator[str]:
    if tally.families:
        yield "\nblocked  warnings  family\n"
        for family, (blocked, warnings) in sorted(tally.families.items(), key=_most_blocked_first):
            yield f"{blocked:7}  {warnings:8}  {family}\n"
        yield "\n"
        if sum(tally.rules.values()) >= MANY and len(tally.rules) > 1:
            most = sorted(tally.rules.items(), key=lambda item: (-item[1], item[0]))[:MOST_NAMED]
            yield f"most often: {', '.join(f'{rule} ({count})' for rule, count in most)}\n"
    if tally.files or not tally.failures:
        yield f"{_painted(sentence(tally), _paint_of_run(tally), colour)}\n"
    if tally.would_block_rules:
        would = sorted(tally.would_block_rules.items(), key=lambda item: (-item[1], item[0]))
        named = [f"{rule} ({count})" for rule, count in would[:MOST_WOULD_BLOCK]]
        more = len(would) - len(named)
        named += [counted(more, "more rule")] if more else []
        yield f"would be blocked: {', '.join(named)}\n"
    if tally.observed:
        hint = "" if verbose else " (`-v` names what)"
        yield f"only observed: {counted(tally.observed, 'violation')}{hint}\n"
    if tally.unused_entries:
        entries = "1 entry" if tally.unused_entries == 1 else f"{tally.unused_entries} entries"
        yield f"unused in the baseline: {entries} (`auto-enforcer baseline --prune` drops what is unused)\n"
    if tally.skipped:
        reasons = ", ".join(f"{count} {printable(reason)}" for reason, count in sorted(tally.skipped.items()))
        hint = "" if verbose else " (`-v` names them)"
        yield f"skipped {counted(sum(tally.skipped.values()), 'file')}: {reasons}{hint}\n"
    failed = _painted("error", "red", colour)
    for failure in tally.could_not_run:
        yield f"{failed}: {printable(failure.what)}: {printable(failure.why)}\n"
    unnamed = tally.failures - len(tally.could_not_run)
    if unnamed:
        yield f"{failed}: and {unnamed} more\n"


def _most_blocked_first(row: tuple[str, tuple[int, int]]) -> tuple[int, int, str]:
    family, (blocked, warnings) = row
    return -blocked, -warnings, family


def sentence(tally: Tally) -> str:
    """What a run adds up to, without a full stop."""
    if not tally.files:
        return "no files to check"
    found = "nothing new found" if tally.new_only else "nothing found"
    if tally.families:
        found = f"{tally.blocked} blocked, {counted(tally.warnings, 'warning')}"
        found += " new" if tally.new_only else ""
    parts = [
        _historical(tally) if tally.historical else "",
        f"{tally.suppressed} suppressed" if tally.suppressed else "",
        f"{tally.would_block} would be blocked at stage `block`" if tally.would_block else "",
        f"compared with {printable(tally.base)}" if tally.base else "",
    ]
    where = f" in {counted(tally.files, 'file')}"
    if tally.files_with_violations:
        where = f" in {tally.files_with_violations} of {counted(tally.files, 'file')}"
    return "; ".join([found + where, *filter(None, parts)])


def _historical(tally: Tally) -> str:
    """What is old; where that is listed among what is new, also whether anything gates."""
    if tally.new_only:
        return f"{tally.historical} historical{_baselined(tally)}"
    new = f"{tally.gates} new {'is' if tally.gates == 1 else 'are'} blocked"
    new = new if tally.gates else "nothing new is blocked"
    return f"{tally.historical} of them historical{_baselined(tally)}; {new}"


def _baselined(tally: Tally) -> str:
    if tally.baselined == tally.historical:
        return ", in the baseline"
    return f", {tally.baselined} of them in the baseline" if tally.baselined else ""


def _paint_of_run(tally: Tally) -> str:
    if tally.gates or tally.failures:
        return "red"
    return "yellow" if tally.families else "bold"


def counted(count: int, noun: str) -> str:
    """A number of things, as people say it."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
