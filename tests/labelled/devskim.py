"""How much of the labelled sets DevSkim's default rules find beside ours.

`python3 tests/labelled/devskim.py RULES` reads DevSkim's rule files, the JSON below RULES (`rules/default` of
its repository), which are no part of this one. It prints for each language the finds, and recall and
precision of both. What a rule of DevSkim is called says little about ours: a find is found by whatever is
reported in its line, and a report in a line without a label is false. Left aside are DevSkim's rules that no
label speaks of: hygiene, privacy, correctness, vulnerable libraries.

The rules are run as DevSkim runs them: a pattern in its scopes (code or comment; strings are code), with its
modifiers; conditions on the finding, its line, the lines around it or the file; a rule overrides those that
it names. Zones come from our lexer, which is never worse for DevSkim than its own search for comments.

--show  also print what each misses, and what it reports beside the labels
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

sys.path.insert(1, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bench"))

import environment  # noqa: F401 — goes on in the suite's environment

from auto_enforcer import lexer
from auto_enforcer.languages import language_of
from auto_enforcer.model import Zone
from labelled import sets
from labelled.score import TODAY, Checker, Score

LANGUAGES = ("javascript", "typescript", "java", "go", "ruby", "php", "csharp")

_ASIDE = ("hygiene", "privacy", "correctness", "vulnerable_libraries")
"""Folders of rules that no label speaks of."""

_REGION = re.compile(r"finding-region\(\s*(-?\d+)\s*,\s*(-?\d+)\s*\)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is sought, and where: `code`, `comment` or both where `scopes` is empty."""

    expression: re.Pattern[str]
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be found besides, or must not be (`negated`), in a part of the file."""

    pattern: Pattern
    where: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of DevSkim, as far as it decides what is found."""

    id: str
    languages: frozenset[str]
    patterns: tuple[Pattern, ...]
    conditions: tuple[Condition, ...]
    overrides: frozenset[str]


class Text:
    """A file with its comments known."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self._starts = [0]
        self._comments: list[tuple[int, int]] = []
        state, at = lexer.start(language), 0
        for line in self.lines:
            lexed = lexer.lex(line, state)
            for number, (start, zone) in enumerate(lexed.runs):
                end = lexed.runs[number + 1][0] if number + 1 < len(lexed.runs) else len(line)
                if zone == Zone.COMMENT:
                    self._comments.append((at + start, at + end))
            state = lexed.state
            at += len(line) + 1
            self._starts.append(at)

    def line_at(self, column: int) -> int:
        """The line of a character, from 0."""
        return self.text.count("\n", 0, column)

    def in_scope(self, column: int, scopes: frozenset[str]) -> bool:
        """Whether a match that begins there counts."""
        if not scopes or scopes & {"all", "html"}:
            return True
        commented = any(start <= column < end for start, end in self._comments)
        return ("comment" in scopes) if commented else ("code" in scopes)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the lines from one to another stand; those that are not there are left out."""
        first, last = max(0, first), min(len(self.lines) - 1, last)
        return (self._starts[first], self._starts[last + 1]) if first <= last else (0, 0)


def read_rules(folder: str) -> tuple[list[Rule], list[str]]:
    """The rules below a folder, and the patterns that cannot be read."""
    rules, unread = [], []
    for root, _, names in sorted(os.walk(folder)):
        for name in sorted(name for name in names if name.endswith(".json")):
            path = os.path.join(root, name)
            if set(os.path.relpath(path, folder).split(os.sep)) & set(_ASIDE):
                continue
            with open(path, encoding="utf-8-sig") as file:
                found = json.load(file, strict=False)
            rules += [_rule(one, unread) for one in found if not one.get("disabled")]
    return rules, unread


def _rule(one: Mapping[str, Any], unread: list[str]) -> Rule:
    patterns = [_pattern(part, unread) for part in one["patterns"] if _is_sure(part, one)]
    conditions = []
    for part in one.get("conditions") or ():
        sought = _pattern(part["pattern"], unread)
        if sought:
            where = part.get("search_in", "finding-only").lower()
            conditions.append(Condition(sought, where, bool(part.get("negate_finding"))))
    return Rule(
        one["id"],
        frozenset(language.lower() for language in one.get("applies_to") or ()),
        tuple(filter(None, patterns)),
        tuple(conditions),
        frozenset(one.get("overrides") or ()),
    )


def _is_sure(part: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    """What is of low confidence is off by default."""
    return str(part.get("confidence") or rule.get("confidence") or "high").lower() != "low"


def _pattern(part: Mapping[str, Any], unread: list[str]) -> Pattern | None:
    text, kind = part["pattern"], part.get("type", "regex").lower()
    if part.get("xpaths") or part.get("jsonpaths"):
        return None  # Of XML and JSON files, of which there are none.
    if kind == "string":
        text = rf"\b{re.escape(text)}\b"
    elif kind == "substring":
        text = re.escape(text)
    elif kind == "regexword":
        text = rf"\b(?:{text})\b"
    text = re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", text)
    flags = re.MULTILINE
    for modifier in part.get("modifiers") or ():
        flags |= {"i": re.IGNORECASE, "d": re.DOTALL}.get(modifier.lower(), 0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # A `[` in a class may mean something else one day.
            expression = re.compile(text, flags)
    except re.error as error:
        unread.append(f"{text}: {error}")
        return None
    return Pattern(expression, frozenset(scope.lower() for scope in part.get("scopes") or ()))


def reported(rules: Sequence[Rule], text: Text, language: str) -> set[tuple[str, int]]:
    """What the rules report of a file: the rule and the line, from 1."""
    found: list[tuple[Rule, int, int]] = []
    for rule in rules:
        if rule.languages and language not in rule.languages:
            continue
        for pattern in rule.patterns:
            found += [
                (rule, match.start(), match.end())
                for match in pattern.expression.finditer(text.text)
                if text.in_scope(match.start(), pattern.scopes)
                and all(_holds(one, text, match.start(), match.end()) for one in rule.conditions)
            ]
    kept = set()
    for rule, start, end in found:
        over = any(rule.id in other.overrides and s < end and start < e for other, s, e in found)
        if not over:
            kept.add((rule.id, text.line_at(start) + 1))
    return kept


def _holds(condition: Condition, text: Text, start: int, end: int) -> bool:
    line = text.line_at(start)
    region = _REGION.match(condition.where)
    if region:
        first, last = text.span(line + int(region[1]), text.line_at(end) + int(region[2]))
    elif condition.where == "same-line":
        first, last = text.span(line, line)
    elif condition.where == "same-file":
        first, last = 0, len(text.text)
    elif condition.where == "only-before":
        first, last = 0, start
    elif condition.where == "only-after":
        first, last = end, len(text.text)
    else:
        first, last = start, end
    there = any(
        match.end() <= last and text.in_scope(match.start(), condition.pattern.scopes)
        for match in condition.pattern.expression.finditer(text.text, first, last)
    )
    return there != condition.negated


def count(case: sets.Case, lines: Iterator[int], score: Score) -> list[str]:
    """Counts the lines that something is reported in into a score; a sentence for each miss and false one."""
    wanted = {line for _, line in case.finds}
    stands_for: dict[int, set[int]] = {}
    for (_, line), find in case.stand_ins.items():
        stands_for.setdefault(line, set()).add(find)
    found, sentences = set(), []
    for line in sorted(set(lines)):
        meant = {line} & wanted or stands_for.get(line, set())
        found |= meant
        if not meant:
            score.false += 1
            sentences.append(f"false  {case.place} {case.path}:{line}: {case.lines[line - 1].strip()}")
    score.finds += len(wanted)
    score.found += len(found)
    sentences += [
        f"missed {case.place} {case.path}:{line}: {case.lines[line - 1].strip()}"
        for line in sorted(wanted - found)
    ]
    return sentences


_ROW = "{:<14}{:>7}{:>10}{:>8}{:>12}{:>10}{:>9}{:>12}"


def main(arguments: list[str]) -> int:
    """Prints the table. Exits with 1 where our recall is not 15 points above, or our precision below."""
    parser = argparse.ArgumentParser(prog="tests/labelled/devskim.py", description="Beside DevSkim's rules.")
    parser.add_argument("rules", help="the folder of DevSkim's default rules")
    parser.add_argument("--show", action="store_true", help="what each misses, and what it reports beside")
    asked = parser.parse_args(arguments)
    rules, unread = read_rules(asked.rules)
    print(f"{len(rules)} rules of DevSkim, {sum(len(rule.patterns) for rule in rules)} patterns")
    for problem in unread:
        print(f"not read: {problem}")
    print(_ROW.format("", "finds", "DevSkim", "false", "recall", "ours", "false", "recall"))
    theirs, ours = Score(), Score()
    with tempfile.TemporaryDirectory() as root:
        checker = Checker(os.path.realpath(root), "security")
        for language in LANGUAGES:
            one, other = Score(), Score()
            for case in sets.read("security", language):
                text = Text(case.text, language_of(case.path))
                told = count(case, (line for _, line in reported(rules, text, language_of(case.path))), one)
                said = count(case, (line for _, line in checker.violations(case)), other)
                for who, sentences in (("DevSkim", told), ("ours", said)) if asked.show else ():
                    for sentence in sentences:
                        print(f"    {who}: {sentence}")
            print(_row(language, one, other))
            theirs.add(one)
            ours.add(other)
    print(_row("all", theirs, ours))
    print(f"precision: DevSkim {_part(theirs.precision)}, ours {_part(ours.precision)}; on {TODAY}")
    more = (ours.recall or 0) - (theirs.recall or 0)
    return 0 if more >= 0.15 and (ours.precision or 0) >= (theirs.precision or 0) else 1


def _row(name: str, one: Score, other: Score) -> str:
    return _ROW.format(
        name,
        one.finds,
        one.found,
        one.false,
        _part(one.recall),
        other.found,
        other.false,
        _part(other.recall),
    )


def _part(part: float | None) -> str:
    return "-" if part is None else f"{100 * part:.1f} %"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
