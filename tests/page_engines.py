"""The engines that check a page's blocks: the plain reference and the real one, which must agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any

import reference
from auto_enforcer import engine, lexer, text, triggers
from auto_enforcer.looks import MARK, Action, FactLook, Look, Lookout, Plan
from auto_enforcer.model import File, Row, Rule, Zone
from found import PlainScanner, loading, lookout

Checker = Callable[
    [str, str, Sequence[Rule], Mapping[str, Mapping[str, Any]], date, Collection[str]], Iterable[Row]
]
"""(text, language, rules, options by rule id, today, anywhere facts) -> rows."""


def with_reference(
    content: str,
    language: str,
    rules: Sequence[Rule],
    options: Mapping[str, Mapping[str, Any]],
    today: date,
    facts: Collection[str],
) -> Iterable[Row]:
    """The reference engine, which looks at every line."""
    return reference.check(content, language, rules, options, today, facts).rows


def with_engine(
    content: str,
    language: str,
    rules: Sequence[Rule],
    options: Mapping[str, Mapping[str, Any]],
    today: date,
    facts: Collection[str],
) -> Iterable[Row]:
    """The real engine, which looks at the lines that a trigger hits and lexes those and the marked ones."""
    plan = _plan(rules, options)
    data = content.encode()
    # Reading takes a byte order mark away; a page that shows one means the text that the engine is given.
    marked = content.startswith("\ufeff")
    blocks = [text.Block(data)] if marked else list(text.blocks([data]))
    known = engine.anywhere(plan, language, blocks) | frozenset(facts)
    if content.startswith("#!"):
        known |= {"shebang"}
    rows = engine.check(plan, File(language, today, known), blocks)
    own = {rule.id for rule in rules}
    return [row for row in rows if row.violation.rule in own or row.violation.rule.startswith("enforcer/")]


def limited(ids: Collection[str] | None = None, zone: int = 0) -> Checker:
    """The reference engine with these of the rules alone, or over a text that is all in one zone."""

    def checker(
        content: str,
        language: str,
        rules: Sequence[Rule],
        options: Mapping[str, Mapping[str, Any]],
        today: date,
        facts: Collection[str],
    ) -> Iterable[Row]:
        some = [rule for rule in rules if ids is None or rule.id in ids]
        return reference.check(content, language, some, options, today, facts, zone).rows

    return checker


def triggers_of(rule: Rule) -> tuple[str, ...]:
    """A rule's triggers in their final form, given or derived; where the policy's words are what is sought,
    that is any line with a word."""
    if any(option.sought for option in rule.options):
        return (r"\w",)
    return _all_given(rule.triggers) if rule.triggers else _derived(rule.pattern, int(rule.zones))


def triggered(rule: Rule, line: str) -> bool:
    """Whether one of the rule's triggers, given or derived, hits the line."""
    return any(_compiled(trigger).search(line.encode()) for trigger in triggers_of(rule))


def _plan(rules: Sequence[Rule], options: Mapping[str, Mapping[str, Any]]) -> Plan:
    def make(language: str | None) -> Lookout:
        patterns: list[str | None] = []
        actions: list[Action | None] = []
        for mark in lexer.marks(language) if language else ():
            patterns.append(mark)
            actions.append(MARK)
        for rule in rules:
            if (language not in rule.languages) if rule.languages else language is not None:
                continue
            given = {option.name: option.default for option in rule.options} | dict(options.get(rule.id, {}))
            look = Look(rule.id, rule.severity, given, language, loading(rule))
            for trigger in triggers_of(rule):
                patterns.append(trigger)
                actions.append(look)
            for fact in rule.facts:
                for trigger in _derived(fact.pattern, int(Zone.EVERYWHERE)):
                    patterns.append(trigger)
                    actions.append(FactLook(fact, language))
        return lookout(_scanner(tuple(patterns)), actions)

    severities = {rule.id: rule.severity for rule in rules}
    return Plan(make(None), make, severities, lambda name: "")


@cache
def _all_given(found: Sequence[str]) -> tuple[str, ...]:
    return tuple(triggers.given(trigger) for trigger in found)


@lru_cache(maxsize=256)
def _scanner(patterns: tuple[str | None, ...]) -> PlainScanner:
    return PlainScanner(patterns)


@cache
def _derived(pattern: str, zones: int) -> tuple[str, ...]:
    return triggers.derive(pattern, Zone(zones))


@cache
def _compiled(trigger: str) -> re.Pattern[bytes]:
    return re.compile(trigger.encode(), re.MULTILINE)
