"""What the real engine finds in a text: the one helper that tests of engine and suppressions go through."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache

from auto_enforcer import text
from auto_enforcer.document import Document, Prepared
from auto_enforcer.engine import head_suppressions
from auto_enforcer.looks import MARK, Action, FactLook, Look, Lookout, Plan
from auto_enforcer.model import File, Row, Rule, Severity
from auto_enforcer.session import Session

TODAY = date(2026, 11, 22)


def rows(
    content: str | bytes, path: str = "app/service.py", *, size: int = text.BLOCK, root: str = "/workspace"
) -> list[Row]:
    """The rows that a check of the text gives, in order, read in chunks of `size` bytes."""
    session = Session(root, today=TODAY)
    data = content.encode() if isinstance(content, str) else content
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    checked = session.check_chunks(path, chunks, lambda: chunks)
    assert checked.report is not None
    assert not session.failures
    return sorted(
        (row for row, _ in checked.report.rows), key=lambda r: (r.number, r.violation.start, r.violation.rule)
    )


def said(content: str | bytes, path: str = "app/service.py", *, size: int = text.BLOCK) -> list[str]:
    """`line:column rule` of each row, 1-based; `-` before those that a suppression takes out."""
    return [
        f"{'-' if row.suppression else ''}{row.number + 1}:{row.violation.start + 1} {row.violation.rule}"
        for row in rows(content, path, size=size)
    ]


class PlainScanner:
    """A scanner by `re`: its patterns as they stand, None for one that hits every line."""

    def __init__(self, patterns: Sequence[str | None]) -> None:
        self._patterns = [p if p is None else _compiled(p) for p in patterns]

    def scan(self, block: bytes) -> list[tuple[int, int]]:
        """The hits by their ends."""
        hits: list[tuple[int, int]] = []
        for index, pattern in enumerate(self._patterns):
            found = re.finditer(rb"\n|[^\n]\Z", block) if pattern is None else pattern.finditer(block)
            hits += ((match.end(), index) for match in found)
        return sorted(hits)


@cache
def _compiled(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode(), re.MULTILINE)


def loading(rule: Rule) -> Callable[[], Rule]:
    """What gives the rule itself."""
    return lambda: rule


def plan(rules: Sequence[Rule], *, lex_all: bool = True) -> Plan:
    """A plan of these rules alone, whose triggers (or patterns) are sought by `re`; it lexes every line."""
    severities = {rule.id: rule.severity for rule in rules}
    severities.update(
        {f"enforcer/{name}": Severity.WARNING for name in ("unused-suppression", "rule-failed")}
    )

    def make(language: str | None) -> Lookout:
        patterns: list[str | None] = [None] if lex_all and language else []
        actions: list[Action | None] = [MARK] if lex_all and language else []
        for rule in rules:
            if (language in rule.languages) if rule.languages else language is None:
                options = {option.name: option.default for option in rule.options}
                look = Look(rule.id, rule.severity, options, language, loading(rule))
                for trigger in rule.triggers or (rule.pattern,):
                    patterns.append(trigger)
                    actions.append(look)
                for fact in rule.facts:
                    patterns.append(fact.pattern)
                    actions.append(FactLook(fact, language))
        return lookout(PlainScanner(patterns), actions)

    return Plan(make(None), make, severities, lambda name: "")


def lookout(scanner: PlainScanner, actions: Sequence[Action | None]) -> Lookout:
    """The lookout of a scanner that finds all there is, the facts that are sought beforehand among it."""
    facts = tuple(a if isinstance(a, FactLook) and a.fact.anywhere else None for a in actions)
    return Lookout(scanner, tuple(actions), anywhere=Lookout(scanner, facts) if any(facts) else None)


def document(content: str, rules: Sequence[Rule], language: str = "python") -> Document:
    """An open document under a plan of these rules."""
    made = plan(rules)

    def prepare(head: Sequence[str]) -> Prepared:
        file = File(language, TODAY)
        return Prepared(made, language, TODAY, frozenset(), head_suppressions(head, language, file))

    opened = Document(os.path.join("/workspace", "app/service.py"), language, content, prepare)
    opened.finish()
    return opened
