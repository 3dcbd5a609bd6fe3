"""A plain engine that looks at every line for every rule: slow, short, and the oracle for the real one.

It knows no triggers, no blocks and no suppressions. What it leaves out: a line of more than
`model.LONGEST_PIECE` characters is lexed but not looked at, and windows have no byte limit.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import ModuleType
from typing import Any

from auto_enforcer.model import (
    LONGEST_PIECE,
    Candidate,
    File,
    Line,
    Neighbours,
    Part,
    Row,
    Rule,
    Run,
    Violation,
    Zone,
)

TODAY = date(2026, 11, 22)
"""The clock where a test names no other."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one candidate: `excuse` is what silenced it, `zone` for one that begins outside the
    rule's zones, and "" for one that is reported. `number` is the line's, 0-based."""

    rule: str
    number: int
    candidate: Candidate
    excuse: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The rows in the order of line, column and rule id, and every candidate's outcome."""

    rows: tuple[Row, ...]
    outcomes: tuple[Outcome, ...]


def check(
    text: str,
    language: str,
    rules: Iterable[Rule],
    options: Mapping[str, Mapping[str, Any]] | None = None,
    today: date = TODAY,
    facts: Collection[str] = (),
    zone: int = 0,
) -> Result:
    """Looks at every line of `text` (an LSP language id says how it is lexed) for each of the rules.

    `options` are by rule id and complete what the rule declares. `facts` are names of *anywhere* facts that
    hold beside those found in the text (`differs-from-base`). `zone` takes the whole text for one zone
    of one language instead of lexing it. A rule that raises is not caught.
    """
    rules = tuple(rules)
    lines = split_lines(text)
    file = File(language, today, _anywhere(lines, rules) | frozenset(facts))
    lexed = [(((0, zone),), ((0, language),)) for _ in lines] if zone else list(_lexed(lines, language))
    source = _Source(lines, lexed, file, _earlier(lines, rules))
    outcomes: list[Outcome] = []
    rows: list[Row] = []
    for rule in rules:
        given = {option.name: option.default for option in rule.options}
        given.update((options or {}).get(rule.id, {}))
        for outcome in _outcomes(source, rule, given):
            outcomes.append(outcome)
            if not outcome.excuse:
                rows.append(Row(outcome.number, violation(rule, outcome.candidate)))
    rows.sort(key=_place)
    return Result(tuple(rows), tuple(outcomes))


def split_lines(text: str) -> list[str]:
    """The lines without their ends; only `\\r\\n`, `\\n` and `\\r` end one."""
    return re.split("\r\n|\n|\r", text)


def violation(rule: Rule, candidate: Candidate) -> Violation:
    """The candidate with its rule's message filled in."""
    message = rule.message.format_map(candidate.details or {})
    return Violation(rule.id, message, candidate.start, candidate.end, candidate.fixes)


def candidates(line: Line, rule: Rule, options: Mapping[str, Any], carry: Any) -> tuple[list[Candidate], Any]:
    """What the rule proposes on one line, and the carry that its next look is given."""
    if rule.check is None:
        return list(_matches(line, rule)), None
    found: Any = rule.check(line, options, carry) if rule.carry is not None else rule.check(line, options)  # type: ignore[call-arg]
    if rule.carry is None:
        return list(found), None
    proposed, carry = found
    return list(proposed), carry


def silencer(line: Line, rule: Rule, candidate: Candidate, options: Mapping[str, Any]) -> str:
    """The name of what silences the candidate, "" when nothing does."""
    if not line.zone_at(candidate.start) & rule.zones:
        return "zone"
    for excuse in rule.excuses:
        if excuse.speaks(line, candidate, options):
            return excuse.name
    return ""


class _Source:
    """The lexed lines, handed out as the model's lines."""

    def __init__(
        self,
        lines: Sequence[str],
        lexed: Sequence[tuple[tuple[Run, ...], tuple[Part, ...]]],
        file: File,
        earlier: Sequence[frozenset[tuple[str, str]]],
    ) -> None:
        self.lines = lines
        self.file = file
        self.earlier = earlier
        self.lexed = lexed
        self.languages = cache(self.languages)  # type: ignore[method-assign]
        self.line = cache(self.line)  # type: ignore[method-assign]

    def languages(self, number: int) -> list[str]:
        """The languages of a line's parts, each once, in order."""
        return list(dict.fromkeys(language for _, language in self.lexed[number][1]))

    def line(self, number: int, language: str | None) -> Line:
        """A line as a rule of `language` sees it: other languages' parts have zone 0. None: as it is."""
        runs, parts = self.lexed[number]
        if language is not None and any(part != language for _, part in parts):
            runs = tuple(_limited(runs, parts, language))
        seen = language or parts[0][1]
        neighbours = _Around(self, number, language)
        text = self.lines[number]
        return Line(text, number, seen, self.file, lambda: runs, neighbours, self.earlier[number])


class _Around(Neighbours):
    """The lines around one, as the same rule sees them."""

    __slots__ = ("language", "number", "source")

    def __init__(self, source: _Source, number: int, language: str | None) -> None:
        self.source = source
        self.number = number
        self.language = language

    def before(self, line: Line, count: int) -> Sequence[Line]:
        numbers = range(self.number - 1, max(self.number - 1 - count, -1), -1)
        return [self.source.line(number, self.language) for number in numbers]

    def after(self, line: Line, count: int) -> Sequence[Line]:
        numbers = range(self.number + 1, min(self.number + 1 + count, len(self.source.lines)))
        return [self.source.line(number, self.language) for number in numbers]


def _outcomes(source: _Source, rule: Rule, options: Mapping[str, Any]) -> Iterator[Outcome]:
    carry: Hashable = rule.carry
    for number, text in enumerate(source.lines):
        if len(text) > LONGEST_PIECE:
            continue
        views: list[str | None] = [None]
        if rule.languages:
            views = [language for language in source.languages(number) if language in rule.languages]
        for language in views:
            line = source.line(number, language)
            proposed, carry = candidates(line, rule, options, carry)
            for candidate in proposed:
                yield Outcome(rule.id, number, candidate, silencer(line, rule, candidate, options))


def _matches(line: Line, rule: Rule) -> Iterator[Candidate]:
    pattern = compiled(rule.pattern)
    group = "span" if "span" in pattern.groupindex else 0
    for match in pattern.finditer(line.only(rule.zones)):
        start, end = match.span(group)
        if start < 0:
            start, end = match.span()
        details = {name: text or "" for name, text in match.groupdict().items()}
        yield Candidate(start, end, details, value=match.group(group) or match.group())


def _lexed(lines: Sequence[str], language: str) -> Iterator[tuple[tuple[Run, ...], tuple[Part, ...]]]:
    lexer = _lexer()
    if lexer is None:
        for _ in lines:
            yield ((0, int(Zone.CODE)),), ((0, language),)
        return
    state = lexer.start(language)
    for text in lines:
        runs, parts, state = lexer.lex(text, state)
        yield runs, parts


def _limited(runs: Sequence[Run], parts: Sequence[Part], language: str) -> Iterator[Run]:
    cuts = sorted({start for start, _ in runs} | {start for start, _ in parts})
    for cut in cuts:
        zone = [zone for start, zone in runs if start <= cut][-1]
        part = [part for start, part in parts if start <= cut][-1]
        yield cut, zone if part == language else 0


def _anywhere(lines: Sequence[str], rules: Iterable[Rule]) -> frozenset[str]:
    facts = {fact for rule in rules for fact in rule.facts if fact.anywhere and fact.pattern}
    holding = {fact.name for fact in facts if any(compiled(fact.pattern).search(line) for line in lines)}
    if lines[0].startswith("#!"):
        holding.add("shebang")
    return frozenset(holding)


def _earlier(lines: Sequence[str], rules: Iterable[Rule]) -> list[frozenset[tuple[str, str]]]:
    facts = {fact for rule in rules for fact in rule.facts if not fact.anywhere}
    known: frozenset[tuple[str, str]] = frozenset()
    known_by_line = []
    for line in lines:
        for fact in facts:
            for match in compiled(fact.pattern).finditer(line):
                known |= {(fact.name, (match.group(1) or "") if match.re.groups else "")}
        known_by_line.append(known)
    return known_by_line


def _place(row: Row) -> tuple[int, int, int, str]:
    return row.number, row.violation.start, row.violation.end, row.violation.rule


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A rule's or a fact's pattern, compiled as the engine compiles it."""
    return re.compile(pattern, re.ASCII)


@cache
def _lexer() -> ModuleType | None:
    """The lexer, or None while there is none: then all is code."""
    try:
        return importlib.import_module("auto_enforcer.lexer")
    except ImportError:
        return None
